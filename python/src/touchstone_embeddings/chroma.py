"""Chroma: `TouchstoneEmbeddingFunction`. Needs chromadb.

Chroma asks for the vectors of queries by `embed_query`, so queries carry their instruction and documents none.
"""

from __future__ import annotations

from typing import Any

from chromadb import Documents, EmbeddingFunction, Embeddings
from chromadb.utils.embedding_functions import register_embedding_function

from ._embedding import EmbeddingModel


@register_embedding_function
class TouchstoneEmbeddingFunction(EmbeddingFunction[Documents]):
    """A collection keeps its configuration: the path, the options and the instruction."""

    def __init__(self, model: str, instruct: str | None = None, **options: Any) -> None:
        """
        Args:
            model: a GGUF file.
            instruct: the task of queries. None: the model card's.
            options: those of `EmbeddingModel`.
        """
        self._path = model
        self._instruct = instruct
        self._options = options
        self._model = EmbeddingModel(model, **options)

    def __call__(self, input: Documents) -> Embeddings:
        return list(self._model.encode_document(list(input)))

    def embed_query(self, input: Documents) -> Embeddings:
        return list(self._model.encode_query(list(input), instruct=self._instruct))

    @staticmethod
    def name() -> str:
        return "touchstone"

    def default_space(self) -> str:
        return "cosine"

    def supported_spaces(self) -> list[str]:
        return ["cosine", "l2", "ip"]

    def get_config(self) -> dict[str, Any]:
        return {"model": self._path, "instruct": self._instruct, "options": self._options}

    @staticmethod
    def build_from_config(config: dict[str, Any]) -> TouchstoneEmbeddingFunction:
        return TouchstoneEmbeddingFunction(config["model"], config.get("instruct"), **config.get("options", {}))

    def validate_config_update(self, old_config: dict[str, Any], new_config: dict[str, Any]) -> None:
        for name in ("instruct", "options"):
            if old_config.get(name) != new_config.get(name):
                raise ValueError(f"{name} of a collection cannot change: its vectors were made with the old value")

    @staticmethod
    def validate_config(config: dict[str, Any]) -> None:
        if not isinstance(config.get("model"), str):
            raise ValueError("the configuration of touchstone needs 'model', the path of a GGUF file")

    def max_tokens(self) -> int:
        return self._model.max_seq_length


__all__ = ["TouchstoneEmbeddingFunction"]
