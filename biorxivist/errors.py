"""What a person can mend."""


class UserError(Exception):
    """Something that the user can mend. The message is one line that says what is wrong and what to do."""

    status = 1
    """Exit status of the command that it ends."""


class UsageError(UserError):
    """The command line is not what the command accepts."""

    status = 2
