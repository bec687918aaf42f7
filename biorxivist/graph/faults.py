"""What goes wrong with a graph's store."""

from biorxivist.errors import UserError

INSTALL = "pip install 'biorxivist[graph]'"


class GraphError(UserError):
    """The graph's store cannot do what was asked."""


class Unreachable(GraphError):
    """The store does not answer now; it may later."""
