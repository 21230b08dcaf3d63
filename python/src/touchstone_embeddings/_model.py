"""What embedding models and rerankers have in common: opening, closing, tokens, copies in other processes."""

from __future__ import annotations

import asyncio
import contextvars
import ctypes
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from ._errors import OptionError, WrongModelError
from ._handle import Handle, StopFlag, current_stop_flag
from ._library import (
    ACTIVATIONS,
    BUFFER_TOO_SMALL,
    CHUNK_FORMATS,
    CHUNK_METHODS,
    TAKE_CHUNK,
    TOKENS,
    TRUNCATIONS,
    ChunkOptions,
    IDs,
    Options,
    choose,
    library,
    text_of,
    utf8,
)

logger = logging.getLogger("touchstone_embeddings")
Result = TypeVar("Result")
Self = TypeVar("Self", bound="Model")


class Token(NamedTuple):
    """A token and the bytes of the text's UTF-8 that it stands for."""

    id: int
    begin: int
    end: int


class Chunk(NamedTuple):
    """A piece of a text that becomes one vector: embed ``embedded_text``, show ``text``."""

    text: str
    """The piece itself, ``document[begin:end]``."""
    begin: int
    """In the characters of the document."""
    end: int
    token_count: int
    """Of ``embedded_text``, the end of text included."""
    lead: str
    """The path of headings, and the header of a table that began earlier; may be empty."""
    headings: tuple[str, ...]
    """The headings above, outermost first."""
    first_line: int
    last_line: int

    @property
    def embedded_text(self) -> str:
        return self.lead + self.text


class Model:
    """A GGUF file that is open. Usable from any number of threads: calls take turns."""

    _kind: str

    def __init__(self, path: str | os.PathLike[str], threads: int | None, options: dict[str, Any]) -> None:
        if threads is not None and (not isinstance(threads, int) or threads < 1):
            raise OptionError(f"threads is {threads!r}, but must be from 1 to 1024")
        self._arguments = (os.fspath(path), {"threads": threads, **options})
        self._activations = choose(ACTIVATIONS, options["activations"], "activations")
        self._truncation = choose(TRUNCATIONS, options["truncate"], "truncate")
        self._max_seq_length = options["max_seq_length"]
        self._batch_tokens = options["batch_tokens"]
        for name in ("max_seq_length", "batch_tokens"):
            value = options[name]
            if value is not None and (not isinstance(value, int) or value < 1):
                raise OptionError(f"{name} is {value!r}, but must be at least 1")
        self._handle = Handle(os.fspath(path), threads)
        if self._handle.kind != self._kind:
            found = "a reranker" if self._handle.kind == "reranker" else "an embedding model"
            other = "RerankModel" if self._handle.kind == "reranker" else "EmbeddingModel"
            self._handle.close()
            raise WrongModelError(f"{os.fspath(path)} is {found}; open it as {other}")
        for warning in self._handle.warnings:
            logger.warning("%s: %s", os.fspath(path), warning)

    # ---------------------------------------------------------------- Facts

    @property
    def path(self) -> str:
        return self._handle.path

    @property
    def threads(self) -> int:
        """How many threads compute."""
        return self._handle.threads

    @property
    def kernels(self) -> str:
        """The instruction set in use: avx512, avxvnni, avx2 or portable. It changes no bit."""
        return self._handle.kernels

    @property
    def device(self) -> str:
        return "cpu"

    @property
    def warnings(self) -> list[str]:
        """What in the file may surprise its user, a sentence each."""
        return list(self._handle.warnings)

    @property
    def max_seq_length(self) -> int:
        """The most tokens of one input, the end of text included."""
        return self._max_seq_length or self._handle.context_length

    @max_seq_length.setter
    def max_seq_length(self, value: int | None) -> None:
        if value is not None and value < 1:
            raise OptionError(f"max_seq_length is {value!r}, but must be at least 1")
        self._max_seq_length = value
        self._arguments[1]["max_seq_length"] = value

    # ---------------------------------------------------------------- Tokens

    def tokenize(self, text: str | Sequence[str]) -> list[int] | list[list[int]]:
        """The token ids of a text, or of each text of a list, as it is: no prompt, the end of text included."""
        if isinstance(text, str):
            return [token.id for token in self.tokens(text)]
        return [[token.id for token in self.tokens(one)] for one in text]

    def tokens(self, text: str) -> list[Token]:
        """The tokens of a text with their places in its UTF-8 bytes."""
        data = utf8(text, "the text")
        count = ctypes.c_size_t()
        room = np.empty(3 * len(data) + 2, TOKENS)
        self._handle.quick(
            lambda model: library.touchstone_tokenize(
                model, text_of(data), room.ctypes.data, len(room), ctypes.byref(count)
            )
        )
        return [Token(*token) for token in room[: count.value].tolist()]

    def chunk(
        self,
        text: str,
        chunk_tokens: int | None = None,
        overlap: int = 15,
        *,
        format: str = "text",
        method: str = "structure",
        title: str = "",
        chunk_size: int = 8192,
        chunk_overlap: int = 512,
    ) -> list[Chunk]:
        """Cuts a text into pieces by its structure and by the model's own count of tokens.

        Args:
            text: the document.
            chunk_tokens: the most tokens of a piece, its lead and the end of text included; 400 unless given, and all
                that the model holds with the other methods.
            overlap: how much of a piece may repeat the one before, inside a section, in percent of its tokens.
            format: "text", "markdown" (headings, tables) or "code" (cut between lines).
            method: "structure", "whole", or "langchain": RecursiveCharacterTextSplitter's pieces.
            title: in front of the headings.
            chunk_size: characters of a piece, for "langchain" only.
            chunk_overlap: characters that a piece may repeat, for "langchain" only.
        """
        data = utf8(text, "the text")
        front = utf8(title, "the title")
        for name, value in (("chunk_tokens", chunk_tokens), ("overlap", overlap)):
            if value is not None and (not isinstance(value, int) or not 0 <= value < 2**31):
                raise OptionError(f"{name} is {value!r}, but must be a whole number that is not negative")
        options = ChunkOptions(
            size=ctypes.sizeof(ChunkOptions),
            method=choose(CHUNK_METHODS, method, "method"),
            format=choose(CHUNK_FORMATS, format, "format"),
            tokens=chunk_tokens or 0,
            overlap_percent=overlap if method == "structure" else 0,
            title=text_of(front),
        )
        if method == "langchain":
            for name, value, least in (("chunk_size", chunk_size, 1), ("chunk_overlap", chunk_overlap, 0)):
                if not isinstance(value, int) or not least <= value < 2**31:
                    raise OptionError(f"{name} is {value!r}, but must be a whole number of at least {least}")
            options.characters, options.overlap_characters = chunk_size, chunk_overlap
        found: list[tuple] = []

        def take(_context: int | None, pointer: Any) -> int:
            chunk = pointer.contents
            lead = ctypes.string_at(chunk.lead, chunk.lead_length).decode()
            headings = tuple(chunk.headings[i].decode() for i in range(chunk.heading_count))
            found.append((chunk.begin, chunk.end, chunk.tokens, lead, headings, chunk.first_line, chunk.last_line))
            return 1

        callback = TAKE_CHUNK(take)
        self._handle.quick(
            lambda model: library.touchstone_chunk_text(model, ctypes.byref(options), text_of(data), callback, None)
        )
        # From bytes to characters, one walk for all: begins are in order, and so are ends.
        places = _characters(data, sorted({place for chunk in found for place in chunk[:2]}))
        return [
            Chunk(text[places[begin] : places[end]], places[begin], places[end], tokens, lead, headings, first, last)
            for begin, end, tokens, lead, headings, first, last in found
        ]

    def decode(self, ids: Sequence[int], skip_special_tokens: bool = False) -> str:
        """The text of token ids. Bytes that are not UTF-8 become U+FFFD."""
        array = np.ascontiguousarray(np.clip(np.asarray(ids, dtype=np.int64), -(2**31), 2**31 - 1).astype(np.int32))
        length = ctypes.c_size_t()
        room = ctypes.create_string_buffer(16 * array.size + 64)

        def decode(model: int, room: ctypes.Array) -> int:
            given = IDs(array.ctypes.data, array.size)
            skips = int(skip_special_tokens)
            status = library.touchstone_decode(model, given, skips, room, len(room), ctypes.byref(length))
            return 0 if status == BUFFER_TOO_SMALL else status

        self._handle.quick(lambda model: decode(model, room))
        if length.value >= len(room):
            room = ctypes.create_string_buffer(length.value + 1)
            self._handle.quick(lambda model: decode(model, room))
        return room.raw[: length.value].decode()

    # ---------------------------------------------------------------- Life

    def close(self) -> None:
        """Frees the model's memory. Later calls raise ClosedError."""
        self._handle.close()

    @property
    def closed(self) -> bool:
        return self._handle.closed

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # The attributes that may have changed since the model was opened, and are options of its constructor.
    _settable: tuple[str, ...] = ()

    def __reduce__(self) -> tuple:
        path, options = self._arguments
        return _reopen, (type(self), path, options | {name: getattr(self, name) for name in self._settable})

    def __repr__(self) -> str:
        path, options = self._arguments
        return f"{type(self).__name__}({path!r}, activations={options['activations']!r})"

    # ---------------------------------------------------------------- For subclasses

    def _options(self, **values: int) -> Options:
        return Options(
            size=ctypes.sizeof(Options),
            activations=self._activations,
            truncation=self._truncation,
            maximum_tokens=self._max_seq_length or 0,
            batch_tokens=self._batch_tokens or 0,
            **values,
        )

    async def _asynchronously(self, function: Callable[[], Result]) -> Result:
        """Runs a call on another thread. A cancelled task stops it between layers."""
        stop = StopFlag()
        context = contextvars.copy_context()
        context.run(current_stop_flag.set, stop)
        try:
            return await asyncio.get_running_loop().run_in_executor(None, context.run, function)
        except asyncio.CancelledError:
            stop.set()
            raise


def _characters(data: bytes, places: Sequence[int]) -> dict[int, int]:
    """How many characters are in front of each place in UTF-8; `places` are in order."""
    result: dict[int, int] = {}
    before, count = 0, 0
    for place in places:
        count += len(data[before:place].decode())
        before = place
        result[place] = count
    return result


def _reopen(kind: type, path: str, options: dict[str, Any]) -> Model:
    return kind(path, **options)


def progress(show: bool | None, total: int, unit: str) -> Callable[[int], None]:
    """A bar of tqdm where it is installed, else a line on standard error; nothing where none is wanted."""
    if show is None:
        show = logger.getEffectiveLevel() in (logging.INFO, logging.DEBUG)
    if not show or total == 0:
        return lambda count: None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _Line(total, unit)
    bar = tqdm(total=total, unit=unit)

    def advance(count: int) -> None:
        bar.update(count)
        if bar.n >= total:
            bar.close()

    return advance


class _Line:
    def __init__(self, total: int, unit: str) -> None:
        self._total, self._unit, self._done = total, unit, 0

    def __call__(self, count: int) -> None:
        import sys

        self._done += count
        end = "\n" if self._done >= self._total else ""
        sys.stderr.write(f"\r{self._done} of {self._total} {self._unit}s{end}")
        sys.stderr.flush()


def slices(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def listed(inputs: Iterable[Any]) -> list[Any]:
    """Any iterable of inputs as a list: generators, columns, arrays of strings."""
    if isinstance(inputs, list):
        return inputs
    if isinstance(inputs, np.ndarray):
        return inputs.tolist()
    return list(inputs)


def require_torch(what: str) -> Any:
    try:
        import torch
    except ImportError:
        raise ImportError(
            f"{what} needs torch, which is not installed; pip install torch, or take numpy arrays"
        ) from None
    return torch
