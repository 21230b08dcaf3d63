"""Failures as exceptions. Their sentences are the library's own."""

from __future__ import annotations


class TouchstoneError(Exception):
    """Any failure of this package. `str()` is one sentence, which never quotes a text."""


class ModelFileError(TouchstoneError, OSError):
    """The file cannot be read, or is no model that this engine runs."""


class WrongModelError(TouchstoneError, TypeError):
    """An embedding model is needed and the file is a reranker, or the reverse."""


class OptionError(TouchstoneError, ValueError):
    """An option does not exist, or does not fit the model."""


class InputError(TouchstoneError, ValueError):
    """An input cannot be embedded.

    Attributes:
        index: its place among the inputs of the call, or None where the failure is about all of them.
    """

    def __init__(self, message: str, index: int | None = None) -> None:
        super().__init__(message)
        self.index = index

    def __reduce__(self) -> tuple:
        return type(self), (str(self), self.index)


class InputTooLongError(InputError):
    """An input has more tokens than fit, and truncation was not asked for."""


class InvalidInputError(InputError):
    """An input is no text, has no token, or has an id outside of the vocabulary."""


class NotFiniteError(InputError):
    """The result is not finite: the weights in the file are damaged."""


class ClosedError(TouchstoneError, RuntimeError):
    """The model was closed."""


class CancelledError(TouchstoneError):
    """The call was stopped."""


class EnvironmentMismatchError(TouchstoneError, OSError):
    """A processor feature or a library that the environment asks for is not there."""


def from_status(status: int, message: str, index: int) -> TouchstoneError:
    """The exception for a status of `touchstone.h`."""
    place = None if index < 0 else index
    if status == 1 and place is not None:
        return InvalidInputError(message, place)
    input_errors = {5: InputTooLongError, 6: InvalidInputError, 7: NotFiniteError}
    if status in input_errors:
        return input_errors[status](message, place)
    others = {2: ModelFileError, 3: WrongModelError, 9: CancelledError, 10: EnvironmentMismatchError}
    return others.get(status, OptionError)(message)
