"""What can go wrong, each with the exit code of the command."""


class FetchError(Exception):
    """The network failed, or the server answered something unusable."""

    exit_code = 1


class TemporaryError(FetchError):
    """A failure that may be gone on the next attempt."""


class RangeError(FetchError):
    """The range asked for lies beyond the file."""


class VerificationError(FetchError):
    """The bytes are not the ones that the server announced."""

    exit_code = 3


class AccessError(FetchError):
    """The server refuses, or does not have, the file."""

    exit_code = 4


class SpaceError(FetchError):
    """The disk cannot hold the file."""

    exit_code = 5
