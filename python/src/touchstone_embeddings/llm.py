"""A plugin of simonw's `llm`: `llm embed -m touchstone …`, `llm embed-multi`, `llm similar`.

TOUCHSTONE_MODEL names the GGUF file. `touchstone` embeds documents, `touchstone-query` queries.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import llm

from ._embedding import EmbeddingModel


class TouchstoneModel(llm.EmbeddingModel):
    """Opens the file when the first text comes."""

    batch_size = 256
    supports_text = True

    def __init__(self, model_id: str, encode: Callable[[EmbeddingModel], Callable[[list[str]], Any]]) -> None:
        self.model_id = model_id
        self._encode = encode
        self._model: EmbeddingModel | None = None

    def embed_batch(self, items: Iterable[str | bytes]) -> Iterator[list[float]]:
        if self._model is None:
            path = os.environ.get("TOUCHSTONE_MODEL")
            if not path:
                raise llm.ModelError("no model: set TOUCHSTONE_MODEL to the GGUF file of Qwen3-Embedding")
            self._model = EmbeddingModel(path)
        texts = [item.decode() if isinstance(item, bytes) else item for item in items]
        yield from (vector.tolist() for vector in self._encode(self._model)(texts))


@llm.hookimpl
def register_embedding_models(register: Callable[..., None]) -> None:
    register(TouchstoneModel("touchstone", lambda model: model.encode_document))
    register(TouchstoneModel("touchstone-query", lambda model: model.encode_query))
