"""Haystack: components that embed and rank. Needs haystack-ai.

`TouchstoneTextEmbedder` for queries, `TouchstoneDocumentEmbedder` for documents, `TouchstoneRanker`. They are
serialized by path and options. The model opens with `warm_up()`, which pipelines call.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from haystack import Document, component, default_from_dict, default_to_dict

from ._embedding import EmbeddingModel
from ._rerank import RerankModel


@component
class TouchstoneTextEmbedder:
    """The vector of a query, which carries an instruction."""

    def __init__(self, model: str, instruct: str | None = None, options: dict[str, Any] | None = None) -> None:
        """
        Args:
            model: a GGUF file.
            instruct: the task. None: the model card's.
            options: those of `EmbeddingModel`.
        """
        self.model = model
        self.instruct = instruct
        self.options = options or {}
        self._model: EmbeddingModel | None = None

    def warm_up(self) -> None:
        if self._model is None:
            self._model = EmbeddingModel(self.model, **self.options)

    def to_dict(self) -> dict[str, Any]:
        return default_to_dict(self, model=self.model, instruct=self.instruct, options=self.options)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TouchstoneTextEmbedder:
        return default_from_dict(cls, data)

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, Any]:
        self.warm_up()
        assert self._model is not None
        return {"embedding": self._model.encode_query(text, instruct=self.instruct).tolist()}


@component
class TouchstoneDocumentEmbedder:
    """Documents with their vectors."""

    def __init__(
        self,
        model: str,
        meta_fields_to_embed: list[str] | None = None,
        embedding_separator: str = "\n",
        options: dict[str, Any] | None = None,
    ) -> None:
        """
        Args:
            model: a GGUF file.
            meta_fields_to_embed: put in front of the content, one after another.
            options: those of `EmbeddingModel`.
        """
        self.model = model
        self.meta_fields_to_embed = meta_fields_to_embed or []
        self.embedding_separator = embedding_separator
        self.options = options or {}
        self._model: EmbeddingModel | None = None

    def warm_up(self) -> None:
        if self._model is None:
            self._model = EmbeddingModel(self.model, **self.options)

    def to_dict(self) -> dict[str, Any]:
        return default_to_dict(
            self,
            model=self.model,
            meta_fields_to_embed=self.meta_fields_to_embed,
            embedding_separator=self.embedding_separator,
            options=self.options,
        )

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TouchstoneDocumentEmbedder:
        return default_from_dict(cls, data)

    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document]) -> dict[str, Any]:
        self.warm_up()
        assert self._model is not None
        vectors = self._model.encode_document([self._text(document) for document in documents])
        return {
            "documents": [
                replace(document, embedding=vector.tolist())
                for document, vector in zip(documents, vectors, strict=True)
            ]
        }

    def _text(self, document: Document) -> str:
        fields = [str(document.meta[name]) for name in self.meta_fields_to_embed if document.meta.get(name) is not None]
        return self.embedding_separator.join([*fields, document.content or ""])


@component
class TouchstoneRanker:
    """The documents that answer a query best, best first, with the model's score."""

    def __init__(
        self, model: str, top_k: int = 10, instruction: str | None = None, options: dict[str, Any] | None = None
    ) -> None:
        """
        Args:
            model: a GGUF file of Qwen3-Reranker.
            top_k: how many documents are kept.
            instruction: the task. None: the model card's.
            options: those of `RerankModel`.
        """
        self.model = model
        self.top_k = top_k
        self.instruction = instruction
        self.options = options or {}
        self._model: RerankModel | None = None

    def warm_up(self) -> None:
        if self._model is None:
            self._model = RerankModel(self.model, **self.options)

    def to_dict(self) -> dict[str, Any]:
        return default_to_dict(
            self, model=self.model, top_k=self.top_k, instruction=self.instruction, options=self.options
        )

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TouchstoneRanker:
        return default_from_dict(cls, data)

    @component.output_types(documents=list[Document])
    def run(self, query: str, documents: list[Document], top_k: int | None = None) -> dict[str, Any]:
        self.warm_up()
        assert self._model is not None
        texts = [document.content or "" for document in documents]
        ranked = self._model.rank(query, texts, top_k=top_k or self.top_k, prompt=self.instruction)
        return {"documents": [replace(documents[entry["corpus_id"]], score=entry["score"]) for entry in ranked]}
