"""The words in which a schema is said: labels, relationship types, properties, and how descriptions of one node are merged."""

from dataclasses import dataclass
from enum import StrEnum


class Merge(StrEnum):
    """What happens to the properties of a node that several lines of feeds describe. No rule depends on the order of loading."""

    OWNED = "owned"
    """One version of a paper owns the node: its newest line replaces it."""
    RANKED = "ranked"
    """The description with the highest value of `rank` is kept; among equals the last. What was true once stays true."""
    LONGEST = "longest"
    """Each property keeps its longest spelling, the first in the alphabet among equals."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node or relationship."""

    name: str
    meaning: str
    """What it is, with unit or format."""
    source: str
    """Field of `items` that it comes from, or how it is made."""
    type: str = "string"
    """`string`, `integer`, `boolean` or `strings` (a list)."""


@dataclass(frozen=True, slots=True)
class Node:
    """A label. The first property is its key: unique, indexed, never null."""

    label: str
    meaning: str
    properties: tuple[Property, ...]
    merge: Merge
    rank: str = ""
    """Property that decides for `Merge.RANKED`."""
    indexes: tuple[str, ...] = ()
    """Further properties with an index."""
    kept_by: tuple[str, ...] = ()
    """Relationship types without which a node of several papers is removed."""
    told: bool = True
    """Whether the line of a paper tells it."""

    @property
    def key(self) -> str:
        return self.properties[0].name


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship type between two labels. There is one between two nodes, or one for each value of `key`."""

    type: str
    start: str
    end: str
    meaning: str
    properties: tuple[Property, ...] = ()
    key: str = ""
    """Property, the first, that tells several between two nodes apart."""
    owner: str = ""
    """Where the version is that the relationship belongs to and that may drop it: `start`, `end` or `key`."""
    told: bool = True
    """Whether the line of a paper tells it."""

    @property
    def name(self) -> str:
        """Unique name of the triple, for files."""
        return f"{self.start}_{self.type}_{self.end}"
