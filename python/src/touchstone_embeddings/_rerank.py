"""`RerankModel`: how well documents answer a query, with the names of sentence-transformers' CrossEncoder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, Literal

import numpy as np

from ._errors import OptionError
from ._library import SCORES, TextArray, library, text_of, utf8
from ._model import Model, listed, progress, require_torch


class RerankModel(Model):
    """A Qwen3-Reranker model.

    Args:
        path: a GGUF file, or the first part of a split one.
        activations: i16, i8 (the fastest) or f32 (the reference).
        threads: how many compute. None: as many as the process may use.
        truncate: a document that does not fit is an "error", or loses its end ("right") or beginning ("left").
        max_seq_length: the most tokens of a document with its query and prompt. None: the model's context.
        instruction: the task, one sentence in English. None: the model card's.
        batch_tokens: how many tokens go through the model together. Memory depends on it, scores never do.
    """

    _kind = "reranker"
    _settable = ("instruction",)

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        activations: Literal["i16", "i8", "f32"] = "i16",
        threads: int | None = None,
        truncate: Literal["error", "right", "left"] = "error",
        max_seq_length: int | None = None,
        instruction: str | None = None,
        batch_tokens: int = 1024,
    ) -> None:
        super().__init__(
            path,
            threads,
            {
                "activations": activations,
                "truncate": truncate,
                "max_seq_length": max_seq_length,
                "instruction": instruction,
                "batch_tokens": batch_tokens,
            },
        )
        self.instruction = instruction

    def scores(self, query: str, documents: Iterable[str], *, instruction: str | None = None) -> np.ndarray:
        """Everything that is known of each document, in their order: a structured array of `score` (0 to 1),
        `logit_difference`, `tokens` and `input_tokens`."""
        return self._scores(query, listed(documents), instruction, 0)

    def predict(
        self,
        inputs: Sequence[Any],
        prompt_name: str | None = None,
        prompt: str | None = None,
        batch_size: int = 32,
        show_progress_bar: bool | None = None,
        activation_fn: Callable[[np.ndarray], np.ndarray] | None = None,
        apply_softmax: bool | None = False,
        convert_to_numpy: bool = True,
        convert_to_tensor: bool = False,
        device: str | None = None,
    ) -> Any:
        """The scores of pairs (query, document), float64 [pairs]; of one pair, a number.

        Pairs with the same query that follow one another share its computation.

        Args:
            prompt: the instruction.
            activation_fn: what becomes of the logits, [pairs]; None: the sigmoid, so that scores are probabilities.
        """
        if prompt_name is not None:
            raise OptionError(
                f"prompt_name is {prompt_name!r}, but a reranker has one prompt; pass prompt, the instruction"
            )
        if apply_softmax:
            raise OptionError("apply_softmax needs several labels, and this model has one score")
        if batch_size <= 0:
            raise OptionError(f"batch_size is {batch_size}, but must be positive")
        if device not in (None, "cpu"):
            raise OptionError(f"device is {device!r}, but this engine runs on the CPU; leave it out")
        if not convert_to_numpy or convert_to_tensor:
            torch = require_torch("a tensor")
        pairs = listed(inputs)
        single = len(pairs) == 2 and all(isinstance(part, str) for part in pairs)
        pairs = [pairs] if single else pairs
        for index, pair in enumerate(pairs):
            if isinstance(pair, str) or len(pair) != 2:
                raise OptionError(f"input {index} is no pair of a query and a document")
        advance = progress(show_progress_bar, len(pairs), "pair")
        results = np.empty(len(pairs), SCORES)
        done = 0
        for query, group in groupby(pairs, key=lambda pair: pair[0]):
            documents = [pair[1] for pair in group]
            results[done : done + len(documents)] = self._scores(query, documents, prompt, done)
            done += len(documents)
            advance(len(documents))
        scores = results["score"].copy() if activation_fn is None else activation_fn(results["logit_difference"].copy())
        if convert_to_tensor:
            scores = torch.from_numpy(np.asarray(scores))
        elif not convert_to_numpy:
            scores = list(torch.from_numpy(np.asarray(scores)))
        return scores[0] if single else scores

    def rank(
        self,
        query: str,
        documents: Sequence[str],
        top_k: int | None = None,
        return_documents: bool = False,
        prompt_name: str | None = None,
        prompt: str | None = None,
        batch_size: int = 32,
        show_progress_bar: bool | None = None,
        activation_fn: Callable[[np.ndarray], np.ndarray] | None = None,
        device: str | None = None,
    ) -> list[dict[str, Any]]:
        """Documents best first: `{"corpus_id": …, "score": …}`, with `"text"` where asked for.

        Equal ones keep their order.
        """
        documents = listed(documents)
        scores = self.predict(
            [(query, document) for document in documents],
            prompt_name=prompt_name,
            prompt=prompt,
            batch_size=batch_size,
            show_progress_bar=show_progress_bar,
            activation_fn=activation_fn,
            device=device,
        )
        order = np.argsort(-np.asarray(scores), kind="stable")[:top_k]
        return [
            {"corpus_id": int(i), "score": float(scores[i])} | ({"text": documents[i]} if return_documents else {})
            for i in order
        ]

    async def apredict(self, inputs: Sequence[Any], *arguments: Any, **options: Any) -> Any:
        """`predict` on another thread. A cancelled task stops it between layers."""
        return await self._asynchronously(lambda: self.predict(inputs, *arguments, **options))

    async def arank(self, query: str, documents: Sequence[str], *arguments: Any, **options: Any) -> Any:
        return await self._asynchronously(lambda: self.rank(query, documents, *arguments, **options))

    def _scores(self, query: str, documents: list[str], instruction: str | None, first: int) -> np.ndarray:
        texts = TextArray(documents, first=first, name="document")
        question = utf8(query, "the query")
        task = utf8(instruction or self.instruction or "", "the instruction")
        options = self._options(first_index=first)
        options.instruction = text_of(task)
        scores = np.empty(len(texts), SCORES)
        self._handle.call(
            lambda model: library.touchstone_rerank(
                model, options, text_of(question), texts.address, len(texts), scores.ctypes.data
            ),
            options,
            (texts, question, task, scores),
        )
        return scores
