"""LangChain: `TouchstoneEmbeddings` and the document compressor `TouchstoneRerank`. Needs langchain-core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import Callbacks
from langchain_core.documents import BaseDocumentCompressor, Document
from langchain_core.embeddings import Embeddings
from pydantic import ConfigDict, Field, PrivateAttr

from ._embedding import EmbeddingModel
from ._rerank import RerankModel


class TouchstoneEmbeddings(Embeddings):
    """Documents as they are, queries with an instruction.

    Args:
        model: a GGUF file, or a model that is open.
        instruct: the task of queries. None: the model card's.
        options: those of `EmbeddingModel`, where a file is named.
    """

    def __init__(self, model: str | EmbeddingModel, *, instruct: str | None = None, **options: Any) -> None:
        self.model = EmbeddingModel(model, **options) if isinstance(model, str) else model
        self.instruct = instruct

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.model.encode_document(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.model.encode_query(text, instruct=self.instruct).tolist()

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        return (await self.model.aencode_document(texts)).tolist()

    async def aembed_query(self, text: str) -> list[float]:
        return (await self.model.aencode_query(text, instruct=self.instruct)).tolist()


class TouchstoneRerank(BaseDocumentCompressor):
    """The documents that answer a query best, best first, with `relevance_score` in their metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True, protected_namespaces=())

    model: str | RerankModel
    """A GGUF file of Qwen3-Reranker, or a model that is open."""
    top_n: int | None = 3
    """How many documents are kept. None: all."""
    instruction: str | None = None
    """The task. None: the model card's."""
    options: dict[str, Any] = Field(default_factory=dict)
    """Those of `RerankModel`, where a file is named."""

    _reranker: RerankModel = PrivateAttr()

    def model_post_init(self, context: Any) -> None:
        self._reranker = RerankModel(self.model, **self.options) if isinstance(self.model, str) else self.model

    def compress_documents(
        self, documents: Sequence[Document], query: str, callbacks: Callbacks | None = None
    ) -> Sequence[Document]:
        texts = [document.page_content for document in documents]
        ranked = self._reranker.rank(query, texts, top_k=self.top_n, prompt=self.instruction)
        return [self._scored(documents[entry["corpus_id"]], entry["score"]) for entry in ranked]

    async def acompress_documents(
        self, documents: Sequence[Document], query: str, callbacks: Callbacks | None = None
    ) -> Sequence[Document]:
        texts = [document.page_content for document in documents]
        ranked = await self._reranker.arank(query, texts, top_k=self.top_n, prompt=self.instruction)
        return [self._scored(documents[entry["corpus_id"]], entry["score"]) for entry in ranked]

    @staticmethod
    def _scored(document: Document, score: float) -> Document:
        copy = document.model_copy(deep=True)
        copy.metadata["relevance_score"] = score
        return copy
