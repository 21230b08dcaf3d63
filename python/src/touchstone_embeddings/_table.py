"""Tables of texts to tables of vectors: what bulk jobs on one machine, on Ray and on Spark have in common."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from . import __version__
from ._embedding import EmbeddingModel
from ._errors import InputError, OptionError

TablePrecision = Literal["float32", "int8", "ubinary"]


@dataclass(frozen=True)
class TableOptions:
    """How the texts of a table become vectors. Small, and the same on every machine of a job.

    Attributes:
        model: the path of the GGUF file, the same on every machine.
        id: the column that names a row.
        text: the column of texts.
        instruct: a task: the texts are queries. The empty string: documents.
        dimensions: how many components are kept. 0: all.
        precision: float32; int8, with a scale for each row (value = scale * number); ubinary, one bit a component.
        activations: i16, i8 or f32.
        truncate: a text that does not fit is an "error" of its row, or loses its end ("right") or beginning ("left").
        max_tokens: the most tokens of a text. 0: the model's context.
    """

    model: str
    id: str = "id"
    text: str = "text"
    instruct: str = ""
    dimensions: int = 0
    precision: TablePrecision = "float32"
    activations: Literal["i16", "i8", "f32"] = "i16"
    truncate: Literal["error", "right", "left"] = "error"
    max_tokens: int = 0

    @property
    def prompt(self) -> str:
        return f"Instruct: {self.instruct}\nQuery:" if self.instruct else ""

    def open(self, threads: int | None = None) -> EmbeddingModel:
        if self.precision not in ("float32", "int8", "ubinary"):
            raise OptionError(f"precision is {self.precision!r}, but must be float32, int8 or ubinary")
        return EmbeddingModel(
            self.model,
            activations=self.activations,
            threads=threads,
            truncate_dim=self.dimensions or None,
            truncate=self.truncate,
            max_seq_length=self.max_tokens or None,
        )


class TableEmbedder:
    """Called with a table that has ids and texts, it returns one with their vectors, row by row.

    The result has the columns `id`, `vector` (a list of fixed size; null where the row failed), `scale` (int8 only),
    `tokens`, `truncated` and `error` (null, or one sentence). A bad row never ends the job. Its metadata say which
    fingerprint, precision and dimensions the vectors have.
    """

    def __init__(self, options: TableOptions, threads: int | None = None) -> None:
        self.options = options
        self.model = options.open(threads)
        self.dimensions = self.model.get_embedding_dimension()
        self._fingerprint: str | None = None

    @property
    def fingerprint(self) -> str:
        """Of all vectors of the job. Reads the whole model file the first time."""
        if self._fingerprint is None:
            self._fingerprint = self.model.fingerprint(instruct=self.options.instruct or None)
        return self._fingerprint

    @property
    def metadata(self) -> dict[str, str]:
        """What a file of vectors says about them."""
        facts = {name: value for name, value in asdict(self.options).items() if name not in ("id", "text", "model")}
        facts |= {"fingerprint": self.fingerprint, "dimensions": self.dimensions, "version": __version__}
        return {"touchstone": json.dumps(facts, sort_keys=True)}

    def vector_type(self) -> pa.DataType:
        width = {"float32": self.dimensions, "int8": self.dimensions, "ubinary": (self.dimensions + 7) // 8}
        value = {"float32": pa.float32(), "int8": pa.int8(), "ubinary": pa.uint8()}
        return pa.list_(value[self.options.precision], width[self.options.precision])

    def schema(self, id_type: pa.DataType) -> pa.Schema:
        fields = [pa.field("id", id_type), pa.field("vector", self.vector_type())]
        fields += [pa.field("scale", pa.float32())] if self.options.precision == "int8" else []
        fields += [pa.field("tokens", pa.int32()), pa.field("truncated", pa.bool_()), pa.field("error", pa.string())]
        return pa.schema(fields, metadata=self.metadata)

    def __call__(self, table: pa.Table) -> pa.Table:
        for column in (self.options.id, self.options.text):
            if column not in table.column_names:
                raise OptionError(f"there is no column {column!r}; the table has {', '.join(table.column_names)}")
        ids = table.column(self.options.id)
        texts, errors = _texts(table.column(self.options.text))
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        tokens = np.zeros(len(texts), np.int32)
        truncated = np.zeros(len(texts), bool)
        for rows in self._batches(texts, errors):
            self._embed(rows, texts, errors, vectors, tokens, truncated)

        failed = np.array([error is not None for error in errors], bool)
        columns: list[Any] = [ids]
        values, scales = self._packed(vectors)
        flat = pa.array(values.reshape(-1))
        mask = pa.array(failed) if failed.any() else None
        columns.append(pa.FixedSizeListArray.from_arrays(flat, type=self.vector_type(), mask=mask))
        if scales is not None:
            columns.append(pa.array(scales, mask=failed))
        columns += [pa.array(tokens, mask=failed), pa.array(truncated, mask=failed), pa.array(errors, pa.string())]
        return pa.table(columns, schema=self.schema(ids.type))

    @staticmethod
    def _batches(texts: list[str | None], errors: list[str | None]) -> Iterator[list[int]]:
        """Rows that go to the engine together: some hundred kilobytes of text, so that an interruption loses little."""
        rows: list[int] = []
        size = 0
        for row, text in enumerate(texts):
            if errors[row] is not None or text is None:
                continue
            rows.append(row)
            size += len(text)
            if size >= 1 << 18 or len(rows) >= 4096:
                yield rows
                rows, size = [], 0
        if rows:
            yield rows

    def _embed(
        self,
        rows: list[int],
        texts: list[str | None],
        errors: list[str | None],
        vectors: np.ndarray,
        tokens: np.ndarray,
        truncated: np.ndarray,
    ) -> None:
        prompt = self.options.prompt
        limit = self.model.max_seq_length
        if self.options.truncate == "error":
            # Found before anything is computed; the sentence is the library's.
            counts = self.model.token_count([texts[row] for row in rows], prompt=prompt)
            fitting = []
            for row, count in zip(rows, counts, strict=True):
                if count > limit:
                    errors[row] = self._error(texts[row])
                else:
                    fitting.append(row)
            rows = fitting
        while rows:
            try:
                found, counts = self.model.encode_counted([texts[row] for row in rows], prompt)
            except InputError as error:
                if error.index is None:
                    raise
                row = rows.pop(error.index)
                errors[row] = self._error(texts[row]) or "the text cannot be embedded"
                continue
            vectors[rows] = found
            tokens[rows] = counts["tokens"]
            truncated[rows] = counts["input_tokens"] > counts["tokens"]
            return

    def _error(self, text: str | None) -> str | None:
        """The library's sentence without the number of the input, which another batch would have under another."""
        try:
            self.model.encode_counted([text], self.options.prompt)
        except InputError as error:
            return re.sub("^input 0", "the text", str(error))
        return None

    def _packed(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        if self.options.precision == "ubinary":
            return np.packbits(vectors > 0, axis=-1), None
        if self.options.precision == "int8":
            scales = np.abs(vectors).max(axis=1) / np.float32(127)
            numbers = np.rint(vectors / np.where(scales == 0, np.float32(1), scales)[:, None])
            return numbers.astype(np.int8), scales.astype(np.float32)
        return vectors, None


def _texts(column: pa.ChunkedArray) -> tuple[list[str | None], list[str | None]]:
    """The texts of a column, and for each row that has none the reason."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kinds = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_binary,
        pa.types.is_large_binary,
        pa.types.is_null,
    )
    if not any(is_kind(column.type) for is_kind in kinds):
        raise OptionError(f"the column of texts is {column.type}, but must hold strings")
    texts: list[str | None] = []
    errors: list[str | None] = []
    for value in column:
        text, error = None, None
        try:
            found = value.as_py()
            if found is None:
                error = "the text is null"
            else:
                text = found.decode() if isinstance(found, bytes) else found
        except UnicodeDecodeError as problem:
            error = f"the text is not UTF-8 at byte {problem.start}"
        texts.append(text)
        errors.append(error)
    return texts, errors
