"""The shared library, by ctypes: structures and functions of `touchstone.h`, and how texts get there."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ._errors import InvalidInputError, OptionError, from_status

INTERFACE_VERSION = 1
BUFFER_TOO_SMALL = 8

_size = ctypes.c_size_t
_pointer = ctypes.c_void_p


class OpenOptions(ctypes.Structure):
    _fields_ = [("size", _size), ("threads", ctypes.c_int32)]


class Facts(ctypes.Structure):
    _fields_ = [
        ("size", _size),
        ("kind", ctypes.c_int32),
        ("pooling", ctypes.c_int32),
        ("threads", ctypes.c_int32),
        ("end_of_text", ctypes.c_int32),
        ("dimensions", _size),
        ("context_length", _size),
        ("vocabulary_size", _size),
        ("layer_count", _size),
        ("warning_count", _size),
        ("name", ctypes.c_char_p),
        ("kernels", ctypes.c_char_p),
    ]


class Text(ctypes.Structure):
    _fields_ = [("bytes", _pointer), ("length", _size)]


class IDs(ctypes.Structure):
    _fields_ = [("ids", _pointer), ("count", _size)]


class Options(ctypes.Structure):
    _fields_ = [
        ("size", _size),
        ("activations", ctypes.c_int32),
        ("pooling", ctypes.c_int32),
        ("normalization", ctypes.c_int32),
        ("truncation", ctypes.c_int32),
        ("role", ctypes.c_int32),
        ("dimensions", _size),
        ("maximum_tokens", _size),
        ("batch_tokens", _size),
        ("first_index", _size),
        ("instruction", Text),
        ("should_continue", _pointer),
        ("context", _pointer),
    ]


class ChunkOptions(ctypes.Structure):
    _fields_ = [
        ("size", _size),
        ("method", ctypes.c_int32),
        ("format", ctypes.c_int32),
        ("tokens", _size),
        ("overlap_percent", ctypes.c_int32),
        ("characters", _size),
        ("overlap_characters", _size),
        ("title", Text),
    ]


class ChunkStructure(ctypes.Structure):
    _fields_ = [
        ("begin", _size),
        ("end", _size),
        ("tokens", _size),
        ("first_line", _size),
        ("last_line", _size),
        ("lead", _pointer),
        ("lead_length", _size),
        ("headings", ctypes.POINTER(ctypes.c_char_p)),
        ("heading_count", _size),
    ]


TAKE_CHUNK = ctypes.CFUNCTYPE(ctypes.c_int32, _pointer, ctypes.POINTER(ChunkStructure))

KINDS = {1: "embedding", 2: "reranker"}
ACTIVATIONS = {"i16": 0, "i8": 1, "f32": 2}
POOLINGS = {None: 0, "last": 1, "mean": 2, "cls": 3, "none": 4}
TRUNCATIONS = {"error": 0, "right": 1, "left": 2}
CHUNK_METHODS = {"structure": 0, "whole": 1, "langchain": 2}
CHUNK_FORMATS = {"text": 0, "markdown": 1, "code": 2}
ROLES = {"document": 0, "query": 1, "instruct": 2}

COUNTS = np.dtype([("rows", np.uint64), ("tokens", np.uint64), ("input_tokens", np.uint64)])
SCORES = np.dtype(
    [("score", np.float64), ("logit_difference", np.float64), ("tokens", np.uint64), ("input_tokens", np.uint64)]
)
TOKENS = np.dtype([("id", np.int64), ("begin", np.uint64), ("end", np.uint64)])


def _load() -> ctypes.CDLL:
    """The library of the wheel, or the one that `TOUCHSTONE_LIBRARY` names."""
    named = os.environ.get("TOUCHSTONE_LIBRARY")
    path = Path(named) if named else Path(__file__).parent / "_native" / f"libtouchstone.so.{INTERFACE_VERSION}"
    if not path.exists():
        raise ImportError(
            f"{path} is missing; install the wheel of touchstone-embeddings, or name the library in TOUCHSTONE_LIBRARY"
        )
    library = ctypes.CDLL(str(path))
    signatures = {
        "version": ([], ctypes.c_char_p),
        "interface_version": ([], ctypes.c_int32),
        "last_error": ([], ctypes.c_char_p),
        "last_error_index": ([], ctypes.c_int64),
        "open": ([ctypes.c_char_p, ctypes.POINTER(OpenOptions), ctypes.POINTER(_pointer)], ctypes.c_int32),
        "close": ([_pointer], None),
        "get_facts": ([_pointer, ctypes.POINTER(Facts)], ctypes.c_int32),
        "warning": ([_pointer, _size], ctypes.c_char_p),
        "count": ([_pointer, ctypes.POINTER(Options), _pointer, _size, _pointer], ctypes.c_int32),
        "count_ids": ([_pointer, ctypes.POINTER(Options), _pointer, _size, _pointer], ctypes.c_int32),
        "embed": (
            [_pointer, ctypes.POINTER(Options), _pointer, _size, _pointer, _size, _pointer],
            ctypes.c_int32,
        ),
        "embed_ids": (
            [_pointer, ctypes.POINTER(Options), _pointer, _size, _pointer, _size, _pointer],
            ctypes.c_int32,
        ),
        "fingerprint": ([_pointer, ctypes.POINTER(Options), ctypes.c_char_p], ctypes.c_int32),
        "rerank": ([_pointer, ctypes.POINTER(Options), Text, _pointer, _size, _pointer], ctypes.c_int32),
        "tokenize": ([_pointer, Text, _pointer, _size, ctypes.POINTER(_size)], ctypes.c_int32),
        "decode": (
            [_pointer, IDs, ctypes.c_int32, ctypes.c_char_p, _size, ctypes.POINTER(_size)],
            ctypes.c_int32,
        ),
        "chunk_text": ([_pointer, ctypes.POINTER(ChunkOptions), Text, TAKE_CHUNK, _pointer], ctypes.c_int32),
        "prompt": ([ctypes.POINTER(Options), ctypes.c_char_p, _size, ctypes.POINTER(_size)], ctypes.c_int32),
    }
    for name, (arguments, result) in signatures.items():
        function = getattr(library, f"touchstone_{name}")
        function.argtypes = arguments
        function.restype = result
    found = library.touchstone_interface_version()
    if found != INTERFACE_VERSION:
        raise ImportError(f"{path} has interface version {found}, but this package needs {INTERFACE_VERSION}")
    return library


library = _load()
unless_stopped = ctypes.cast(library.touchstone_unless_stopped, _pointer).value


def library_version() -> str:
    """The version of the engine, such as "0.1.0"."""
    return library.touchstone_version().decode()


def check(status: int) -> None:
    """Raises the failure of the call that this thread has just made."""
    if status != 0:
        message = library.touchstone_last_error().decode()
        raise from_status(status, message, library.touchstone_last_error_index())


def choose(values: dict, value: object, name: str) -> int:
    try:
        return values[value]
    except (KeyError, TypeError):
        names = ", ".join(repr(known) for known in values)
        raise OptionError(f"{name} is {value!r}, but must be one of {names}") from None


def utf8(text: str, name: str, index: int | None = None) -> bytes:
    """The bytes of a text.

    Raises:
        InvalidInputError: where it is no string, or half of a surrogate pair, which no UTF-8 has.
    """
    if not isinstance(text, str):
        raise InvalidInputError(f"{name} is of type {type(text).__name__}, but must be a string", index)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(
            f"{name} has half of a surrogate pair at character {error.start}; replace it, or decode the text again",
            index,
        ) from None


class TextArray:
    """Texts as the library wants them. Keeps their bytes alive."""

    def __init__(self, texts: Sequence[str], prefix: str = "", first: int = 0, name: str = "input") -> None:
        self.bytes = [utf8(text, f"{name} {first + i}", first + i) for i, text in enumerate(texts)]
        if prefix:
            front = utf8(prefix, "the prompt")
            self.bytes = [front + text for text in self.bytes]
        count = len(self.bytes)
        self._pointers = (ctypes.c_char_p * count)(*self.bytes)
        self.array = np.empty((count, 2), np.uint64)
        self.array[:, 0] = np.frombuffer(self._pointers, np.uint64) if count else 0
        self.array[:, 1] = [len(text) for text in self.bytes]

    def __len__(self) -> int:
        return len(self.bytes)

    @property
    def address(self) -> int:
        return self.array.ctypes.data


class IDArray:
    """Lists of token ids as the library wants them."""

    def __init__(self, inputs: Sequence[Sequence[int]], first: int = 0) -> None:
        self._ids = []
        for i, ids in enumerate(inputs):
            values = np.asarray(ids)
            if values.ndim != 1 or (values.size and values.dtype.kind not in "iu"):
                raise InvalidInputError(f"input {first + i} is no list of token ids", first + i)
            # What no int32 holds is no id of a vocabulary either; the library names it.
            self._ids.append(np.ascontiguousarray(np.clip(values, -(2**31), 2**31 - 1).astype(np.int32)))
        self.array = np.empty((len(self._ids), 2), np.uint64)
        for i, ids in enumerate(self._ids):
            self.array[i] = ids.ctypes.data, ids.size

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def address(self) -> int:
        return self.array.ctypes.data


def text_of(data: bytes) -> Text:
    """A structure that points into `data`, which must outlive it."""
    return Text(ctypes.cast(ctypes.c_char_p(data), _pointer), len(data))
