"""mteb: models that its tasks run with, `TouchstoneEncoder` and `TouchstoneCrossEncoder`. Needs mteb.

import mteb
from touchstone_embeddings.mteb import TouchstoneEncoder

mteb.evaluate(TouchstoneEncoder("Qwen3-Embedding-0.6B-Q8_0.gguf"), mteb.get_tasks(["SciFact"]))
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from mteb.models.model_meta import ModelMeta

from ._embedding import EmbeddingModel
from ._rerank import RerankModel


def _meta(name: str, path: str, model: EmbeddingModel | RerankModel, dimensions: int | None, **facts: Any) -> ModelMeta:
    values: dict[str, Any] = dict.fromkeys(ModelMeta.model_fields)
    values |= {
        "loader": None,
        "name": name,
        "revision": facts.pop("revision"),
        "languages": None,
        "memory_usage_mb": Path(path).stat().st_size / (1 << 20),
        "max_tokens": model.max_seq_length,
        "embed_dim": dimensions,
        "license": "apache-2.0",
        "open_weights": True,
        "framework": ["GGUF"],
        "similarity_fn_name": "cosine",
        "use_instructions": True,
    } | facts
    defaults = {
        name: field.get_default(call_default_factory=True)
        for name, field in ModelMeta.model_fields.items()
        if not field.is_required() and values.get(name) is None
    }
    return ModelMeta(**(values | defaults))


def _texts(inputs: Any) -> list[str]:
    return [text for batch in inputs for text in batch["text"]]


class TouchstoneEncoder:
    """An `EncoderProtocol`. Queries carry the task's instruction, documents none.

    Args:
        model: a GGUF file.
        name: what results are filed under.
        options: those of `EmbeddingModel`; `truncate="right"` unless told otherwise, as tasks have long texts.
    """

    def __init__(self, model: str, name: str | None = None, **options: Any) -> None:
        self.model = EmbeddingModel(model, **({"truncate": "right"} | options))
        self.mteb_model_meta = _meta(
            name or f"touchstone/{Path(model).stem}", model, self.model, self.model.get_embedding_dimension(),
            revision=self.model.fingerprint(),
        )  # fmt: skip

    def encode(
        self,
        inputs: Any,
        *,
        task_metadata: Any,
        hf_split: str,
        hf_subset: str,
        prompt_type: Any = None,
        **kwargs: Any,
    ) -> np.ndarray:
        texts = _texts(inputs)
        kind = getattr(prompt_type, "value", prompt_type)
        if kind == "document":
            return self.model.encode_document(texts)
        return self.model.encode(texts, instruct=self._instruction(task_metadata, kind))

    @staticmethod
    def _instruction(task_metadata: Any, kind: str | None) -> str | None:
        """What the task says of itself. Without an instruction of its own a retrieval query gets the model card's."""
        from ._embedding import default_task

        prompt = getattr(task_metadata, "prompt", None)
        if isinstance(prompt, dict):
            prompt = prompt.get(kind or "query")
        return prompt or (default_task() if kind == "query" else None)

    def similarity(self, embeddings1: Any, embeddings2: Any) -> np.ndarray:
        return self.model.similarity(embeddings1, embeddings2)

    def similarity_pairwise(self, embeddings1: Any, embeddings2: Any) -> np.ndarray:
        return self.model.similarity_pairwise(embeddings1, embeddings2)


class TouchstoneCrossEncoder:
    """A `CrossEncoderProtocol`, of a GGUF file of Qwen3-Reranker."""

    def __init__(self, model: str, name: str | None = None, **options: Any) -> None:
        self.model = RerankModel(model, **({"truncate": "right"} | options))
        self.mteb_model_meta = _meta(
            name or f"touchstone/{Path(model).stem}", model, self.model, None, revision="1", is_cross_encoder=True
        )

    def predict(
        self,
        inputs1: Any,
        inputs2: Any,
        *,
        task_metadata: Any,
        hf_split: str,
        hf_subset: str,
        prompt_type: Any = None,
        **kwargs: Any,
    ) -> np.ndarray:
        pairs = list(zip(_texts(inputs1), _texts(inputs2), strict=True))
        prompt = getattr(task_metadata, "prompt", None)
        if isinstance(prompt, dict):
            prompt = prompt.get("query")
        return np.asarray(self.model.predict(pairs, prompt=prompt))
