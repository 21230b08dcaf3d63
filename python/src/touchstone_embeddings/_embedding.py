"""`EmbeddingModel`: texts to vectors, with the names and defaults of sentence-transformers."""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from . import _similarity
from ._errors import OptionError
from ._library import COUNTS, POOLINGS, ROLES, IDArray, Options, TextArray, check, choose, library, text_of, utf8
from ._model import Model, Token, listed, progress, require_torch, slices
from ._quantization import PRECISIONS, quantize_embeddings

__all__ = ["EmbeddingModel", "Token"]

Precision = Literal["float32", "int8", "uint8", "binary", "ubinary"]
_INSTRUCTION = re.compile(r"Instruct: (.*)\nQuery:", re.DOTALL)


def _query_prompt() -> str:
    """What the model card puts in front of queries."""
    room = ctypes.create_string_buffer(4096)
    length = ctypes.c_size_t()
    options = Options(size=ctypes.sizeof(Options), role=ROLES["query"])
    check(library.touchstone_prompt(options, room, len(room), ctypes.byref(length)))
    return room.raw[: length.value].decode()


def default_task() -> str:
    """The model card's task for web search."""
    match = _INSTRUCTION.fullmatch(_query_prompt())
    assert match is not None
    return match.group(1)


class EmbeddingModel(Model):
    """A Qwen3-Embedding model.

    It takes the place of `sentence_transformers.SentenceTransformer`, with three honest differences: an input that does
    not fit is an error unless `truncate` says otherwise; vectors cut to `truncate_dim` have length 1 again; results are
    numpy arrays wherever torch is not asked for.

    Args:
        path: a GGUF file, or the first part of a split one. Nothing is ever downloaded.
        activations: the precision in which activations meet the weights: i16, i8 (the fastest) or f32 (the reference).
        threads: how many compute. None: as many as the process may use.
        truncate_dim: how many components vectors keep; calls may say otherwise. None: all.
        pooling: last, mean or cls. None: as the file says.
        truncate: an input of more than `max_seq_length` tokens is an "error", or loses its end ("right") or beginning
            ("left").
        max_seq_length: the most tokens of one input. None: the model's context.
        prompts: texts that are put in front of inputs, by name. None: those of the model card, "query" and "document".
        default_prompt_name: the prompt of `encode` where it gets none.
        similarity_fn_name: cosine, dot, euclidean or manhattan.
        batch_tokens: how many tokens go through the model together. Memory depends on it, vectors never do.
    """

    _kind = "embedding"
    _settable = ("truncate_dim", "prompts", "default_prompt_name", "similarity_fn_name")

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        activations: Literal["i16", "i8", "f32"] = "i16",
        threads: int | None = None,
        truncate_dim: int | None = None,
        pooling: Literal["last", "mean", "cls"] | None = None,
        truncate: Literal["error", "right", "left"] = "error",
        max_seq_length: int | None = None,
        prompts: Mapping[str, str] | None = None,
        default_prompt_name: str | None = None,
        similarity_fn_name: Literal["cosine", "dot", "euclidean", "manhattan"] = "cosine",
        batch_tokens: int = 1024,
    ) -> None:
        options = {
            "activations": activations,
            "truncate_dim": truncate_dim,
            "pooling": pooling,
            "truncate": truncate,
            "max_seq_length": max_seq_length,
            "prompts": None if prompts is None else dict(prompts),
            "default_prompt_name": default_prompt_name,
            "similarity_fn_name": similarity_fn_name,
            "batch_tokens": batch_tokens,
        }
        if pooling == "none":
            raise OptionError('pooling is "none", which gives many vectors a text; use output_value="token_embeddings"')
        self._pooling = choose(POOLINGS, pooling, "pooling")
        self.prompts = {"query": _query_prompt(), "document": ""} if prompts is None else dict(prompts)
        if default_prompt_name is not None and default_prompt_name not in self.prompts:
            raise OptionError(f"default_prompt_name is {default_prompt_name!r}, but prompts are {sorted(self.prompts)}")
        self.default_prompt_name = default_prompt_name
        self.similarity_fn_name = similarity_fn_name
        super().__init__(path, threads, options)
        self.truncate_dim = self._dimensions(truncate_dim)

    # ---------------------------------------------------------------- Encoding

    def encode(
        self,
        inputs: str | Iterable[str],
        prompt_name: str | None = None,
        prompt: str | None = None,
        batch_size: int = 32,
        show_progress_bar: bool | None = None,
        output_value: Literal["sentence_embedding", "token_embeddings"] = "sentence_embedding",
        precision: Precision = "float32",
        convert_to_numpy: bool = True,
        convert_to_tensor: bool = False,
        device: str | None = None,
        normalize_embeddings: bool = True,
        truncate_dim: int | None = None,
        *,
        instruct: str | None = None,
        out: np.ndarray | None = None,
        ranges: np.ndarray | None = None,
    ) -> Any:
        """The vectors of texts, [texts, dimensions]; of one string, [dimensions].

        Args:
            inputs: a string, or any iterable of strings.
            prompt_name: a key of `prompts`.
            prompt: a text to put in front of every input. Goes before `prompt_name`.
            batch_size: accepted for compatibility; the engine packs by tokens.
            show_progress_bar: None: where the logger of this package shows INFO.
            output_value: "token_embeddings" gives a list of arrays [tokens, dimensions], not normalized.
            precision: int8 and uint8 take the range of each component from these very vectors unless `ranges` is given.
            convert_to_tensor: a torch tensor over the same memory.
            convert_to_numpy: False, without `convert_to_tensor`: a list of torch tensors.
            device: None or "cpu".
            normalize_embeddings: length 1, so that a dot product is a cosine. False: as pooled.
            truncate_dim: the first components are kept, then normalized.
            instruct: a task, one sentence in English: the prompt `Instruct: {task}\\nQuery:`.
            out: float32 [texts, dimensions], contiguous: the vectors are written there, and it is returned.
            ranges: [2, dimensions], for int8 and uint8.

        Raises:
            InputTooLongError: an input has more tokens than fit.
        """
        if precision not in PRECISIONS:
            raise OptionError(f"precision is {precision!r}, but must be one of {', '.join(PRECISIONS)}")
        if batch_size <= 0:
            raise OptionError(f"batch_size is {batch_size}, but must be positive")
        if device not in (None, "cpu"):
            raise OptionError(f"device is {device!r}, but this engine runs on the CPU; leave it out")
        if output_value not in ("sentence_embedding", "token_embeddings"):
            raise OptionError(
                f"output_value is {output_value!r}, but must be 'sentence_embedding' or 'token_embeddings'"
            )
        if not convert_to_numpy or convert_to_tensor:
            torch = require_torch("a tensor") if output_value == "sentence_embedding" else None
        single = isinstance(inputs, str)
        texts = [inputs] if single else listed(inputs)
        role, prefix = self._role(self._prompt(prompt_name, prompt, instruct))
        dimensions = self._dimensions(truncate_dim) or self.truncate_dim

        if output_value == "token_embeddings":
            rows = self._token_embeddings(texts, role, prefix, dimensions)
            return rows[0] if single else rows

        vectors = self._out(out, len(texts), dimensions or self._handle.dimensions)
        options = self._embedding_options(role, dimensions, normalize_embeddings)
        advance = progress(show_progress_bar, len(texts), "text")
        step = max(batch_size, 256) if show_progress_bar else max(1, len(texts))
        for part in slices(len(texts), step):
            options.first_index = part.start
            self._embed(TextArray(texts[part], prefix, part.start), options, vectors[part])
            advance(part.stop - part.start)
        result = quantize_embeddings(vectors, precision, ranges) if len(texts) else vectors
        if convert_to_tensor:
            result = torch.from_numpy(result)
        elif not convert_to_numpy:
            result = [torch.from_numpy(row) for row in result]
        return result[0] if single else result

    def encode_query(
        self,
        inputs: str | Iterable[str],
        prompt_name: str | None = None,
        prompt: str | None = None,
        batch_size: int = 32,
        show_progress_bar: bool | None = None,
        output_value: Literal["sentence_embedding", "token_embeddings"] = "sentence_embedding",
        precision: Precision = "float32",
        convert_to_numpy: bool = True,
        convert_to_tensor: bool = False,
        device: str | None = None,
        normalize_embeddings: bool = True,
        truncate_dim: int | None = None,
        *,
        instruct: str | None = None,
        **options: Any,
    ) -> Any:
        """`encode` with the prompt "query", unless another is given."""
        if prompt_name is None and prompt is None and instruct is None:
            prompt_name, prompt = ("query", None) if "query" in self.prompts else (None, "")
        return self.encode(
            inputs, prompt_name, prompt, batch_size, show_progress_bar, output_value, precision, convert_to_numpy,
            convert_to_tensor, device, normalize_embeddings, truncate_dim, instruct=instruct, **options,
        )  # fmt: skip

    def encode_document(
        self,
        inputs: str | Iterable[str],
        prompt_name: str | None = None,
        prompt: str | None = None,
        batch_size: int = 32,
        show_progress_bar: bool | None = None,
        output_value: Literal["sentence_embedding", "token_embeddings"] = "sentence_embedding",
        precision: Precision = "float32",
        convert_to_numpy: bool = True,
        convert_to_tensor: bool = False,
        device: str | None = None,
        normalize_embeddings: bool = True,
        truncate_dim: int | None = None,
        **options: Any,
    ) -> Any:
        """`encode` with the prompt "document", which is empty, unless another is given."""
        if prompt_name is None and prompt is None:
            known = [name for name in ("document", "passage", "corpus") if name in self.prompts]
            prompt_name, prompt = (known[0], None) if known else (None, "")
        return self.encode(
            inputs, prompt_name, prompt, batch_size, show_progress_bar, output_value, precision, convert_to_numpy,
            convert_to_tensor, device, normalize_embeddings, truncate_dim, **options,
        )  # fmt: skip

    def encode_iter(self, inputs: Iterable[str], batch_size: int = 256, **options: Any) -> Iterator[np.ndarray]:
        """The vectors of an endless or very long iterable, batch by batch, in memory that does not grow with it."""
        iterator = iter(inputs)
        while batch := list(islice(iterator, batch_size)):
            yield self.encode(batch, **options)

    def encode_ids(
        self,
        inputs: Iterable[Sequence[int]],
        *,
        prompt_name: str | None = None,
        prompt: str | None = None,
        instruct: str | None = None,
        normalize_embeddings: bool = True,
        truncate_dim: int | None = None,
    ) -> np.ndarray:
        """The vectors of token ids of the model's own vocabulary, [inputs, dimensions].

        The end of text is appended where they lack it. A prompt must be one with an instruction.
        """
        role, prefix = self._role(self._prompt(prompt_name, prompt, instruct))
        if prefix:
            raise OptionError("token ids take no prompt but `Instruct: …\\nQuery:`; put the ids of the prompt in front")
        ids = IDArray(listed(inputs))
        dimensions = self._dimensions(truncate_dim) or self.truncate_dim
        vectors = self._out(None, len(ids), dimensions or self._handle.dimensions)
        options = self._embedding_options(role, dimensions, normalize_embeddings)
        self._embed(ids, options, vectors)
        return vectors

    # ---------------------------------------------------------------- Asynchronously

    async def aencode(self, inputs: str | Iterable[str], *arguments: Any, **options: Any) -> Any:
        """`encode` on another thread. A cancelled task stops it between layers."""
        return await self._asynchronously(lambda: self.encode(inputs, *arguments, **options))

    async def aencode_query(self, inputs: str | Iterable[str], *arguments: Any, **options: Any) -> Any:
        return await self._asynchronously(lambda: self.encode_query(inputs, *arguments, **options))

    async def aencode_document(self, inputs: str | Iterable[str], *arguments: Any, **options: Any) -> Any:
        return await self._asynchronously(lambda: self.encode_document(inputs, *arguments, **options))

    # ---------------------------------------------------------------- Similarity

    @property
    def similarity_fn_name(self) -> str:
        return self._similarity_fn_name

    @similarity_fn_name.setter
    def similarity_fn_name(self, name: str) -> None:
        if name not in _similarity.MATRICES:
            raise OptionError(f"similarity_fn_name is {name!r}, but must be one of {', '.join(_similarity.MATRICES)}")
        self._similarity_fn_name = name

    def similarity(self, embeddings1: npt.ArrayLike, embeddings2: npt.ArrayLike) -> np.ndarray:
        """[vectors of the first, vectors of the second], by `similarity_fn_name`."""
        return _similarity.MATRICES[self.similarity_fn_name](embeddings1, embeddings2)

    def similarity_pairwise(self, embeddings1: npt.ArrayLike, embeddings2: npt.ArrayLike) -> np.ndarray:
        """[vectors]: of each vector of the first with the one of the second at its place."""
        return _similarity.PAIRWISE[self.similarity_fn_name](embeddings1, embeddings2)

    # ---------------------------------------------------------------- Facts

    def get_embedding_dimension(self) -> int:
        """The components of a vector, as `truncate_dim` leaves them."""
        return self.truncate_dim or self._handle.dimensions

    get_sentence_embedding_dimension = get_embedding_dimension

    def token_count(
        self,
        text: str | Iterable[str],
        prompt_name: str | None = None,
        prompt: str | None = None,
        *,
        instruct: str | None = None,
    ) -> int | list[int]:
        """How many tokens a text has for this model, prompt and end of text included, before any cut."""
        single = isinstance(text, str)
        role, prefix = self._role(self._prompt(prompt_name, prompt, instruct))
        texts = TextArray([text] if single else listed(text), prefix)
        options = self._embedding_options(role, None, True)
        options.truncation = 1
        counts = np.empty(len(texts), COUNTS)
        self._handle.call(
            lambda model: library.touchstone_count(model, options, texts.address, len(texts), counts.ctypes.data),
            options,
            (texts, counts),
        )
        found = [int(count) for count in counts["input_tokens"]]
        return found[0] if single else found

    def fingerprint(
        self,
        prompt_name: str | None = None,
        prompt: str | None = None,
        *,
        instruct: str | None = None,
        normalize_embeddings: bool = True,
        truncate_dim: int | None = None,
    ) -> str:
        """Twelve letters and digits for all that decides the bits of a vector beside its text. The first call reads the
        whole file. A prompt without an instruction counts as part of the text."""
        role, _ = self._role(self._prompt(prompt_name, prompt, instruct))
        options = self._embedding_options(
            role, self._dimensions(truncate_dim) or self.truncate_dim, normalize_embeddings
        )
        room = ctypes.create_string_buffer(16)
        self._handle.call(lambda model: library.touchstone_fingerprint(model, options, room), options, room)
        return room.value.decode()

    # ---------------------------------------------------------------- How

    def _prompt(self, prompt_name: str | None, prompt: str | None, instruct: str | None) -> str:
        if instruct is not None:
            if prompt is not None or prompt_name is not None:
                raise OptionError("instruct is a prompt of its own; leave out prompt and prompt_name")
            return f"Instruct: {instruct}\nQuery:"
        if prompt is not None:
            return prompt
        name = prompt_name or self.default_prompt_name
        if name is None:
            return ""
        if name not in self.prompts:
            raise OptionError(f"prompt_name is {name!r}, but must be one of {sorted(self.prompts)}")
        return self.prompts[name]

    @staticmethod
    def _role(prompt: str) -> tuple[str | None, str]:
        """The task of a prompt that is an instruction, which the engine computes once for all texts, and no text.

        Of another prompt: no task, and the text to put in front of each input.
        """
        match = _INSTRUCTION.fullmatch(prompt)
        return (match.group(1), "") if match else (None, prompt)

    def _dimensions(self, truncate_dim: int | None) -> int | None:
        if truncate_dim is None:
            return None
        if not isinstance(truncate_dim, (int, np.integer)) or not 1 <= truncate_dim <= self._handle.dimensions:
            raise OptionError(
                f"truncate_dim is {truncate_dim!r}, but this model's vectors have 1 to {self._handle.dimensions}"
            )
        return int(truncate_dim)

    def _embedding_options(self, task: str | None, dimensions: int | None, normalize: bool) -> Options:
        options = self._options(
            pooling=self._pooling,
            normalization=0 if normalize else 1,
            role=ROLES["document" if task is None else "instruct"],
            dimensions=dimensions or 0,
        )
        # The options keep the bytes alive that they point to.
        options.instruction_bytes = utf8(task or "", "the instruction")
        options.instruction = text_of(options.instruction_bytes)
        return options

    def _out(self, out: np.ndarray | None, count: int, dimensions: int) -> np.ndarray:
        if out is None:
            return np.empty((count, dimensions), np.float32)
        if out.shape != (count, dimensions) or out.dtype != np.float32 or not out.flags.c_contiguous:
            raise OptionError(f"out is {out.dtype} {out.shape}, but must be contiguous float32 {(count, dimensions)}")
        if not out.flags.writeable:
            raise OptionError("out cannot be written to")
        return out

    def _embed(
        self, inputs: TextArray | IDArray, options: Options, vectors: np.ndarray, counts: np.ndarray | None = None
    ) -> None:
        function = library.touchstone_embed if isinstance(inputs, TextArray) else library.touchstone_embed_ids
        address = None if counts is None else counts.ctypes.data
        self._handle.call(
            lambda model: function(
                model, options, inputs.address, len(inputs), vectors.ctypes.data, vectors.size, address
            ),
            options,
            (inputs, vectors, counts),
        )

    def encode_counted(
        self, texts: Sequence[str], prompt: str = "", truncate_dim: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Vectors, [texts, dimensions], and a structured array of the texts' `tokens` and `input_tokens`."""
        role, prefix = self._role(prompt)
        dimensions = self._dimensions(truncate_dim) or self.truncate_dim
        inputs = TextArray(texts, prefix)
        vectors = self._out(None, len(inputs), dimensions or self._handle.dimensions)
        counts = np.empty(len(inputs), COUNTS)
        options = self._embedding_options(role, dimensions, True)
        self._embed(inputs, options, vectors, counts)
        return vectors, counts

    def _token_embeddings(
        self, texts: list[str], task: str | None, prefix: str, dimensions: int | None
    ) -> list[np.ndarray]:
        inputs = TextArray(texts, prefix)
        options = self._embedding_options(task, dimensions, False)
        options.pooling = POOLINGS["none"]
        counts = np.empty(len(inputs), COUNTS)
        self._handle.call(
            lambda model: library.touchstone_count(model, options, inputs.address, len(inputs), counts.ctypes.data),
            options,
            (inputs, counts),
        )
        ends = np.cumsum(counts["rows"], dtype=np.int64)
        width = dimensions or self._handle.dimensions
        vectors = np.empty((int(ends[-1]) if len(ends) else 0, width), np.float32)
        self._embed(inputs, options, vectors)
        return np.split(vectors, ends[:-1]) if len(ends) else []
