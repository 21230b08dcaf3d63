"""LlamaIndex: `TouchstoneEmbedding` and the postprocessor `TouchstoneRerank`. Needs llama-index-core."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import Field, PrivateAttr
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle

from ._embedding import EmbeddingModel
from ._rerank import RerankModel


class TouchstoneEmbedding(BaseEmbedding):
    """Texts as they are, queries with an instruction."""

    instruct: str | None = Field(default=None, description="The task of queries. None: the model card's.")

    _model: EmbeddingModel = PrivateAttr()

    def __init__(self, model: str | EmbeddingModel, *, instruct: str | None = None, **options: Any) -> None:
        """
        Args:
            model: a GGUF file, or a model that is open.
            options: those of BaseEmbedding, and those of `EmbeddingModel` where a file is named.
        """
        fields = {name: options.pop(name) for name in list(options) if name in type(self).model_fields}
        opened = EmbeddingModel(model, **options) if isinstance(model, str) else model
        fields.setdefault("embed_batch_size", 256)
        super().__init__(model_name=opened.path, instruct=instruct, **fields)
        self._model = opened

    @classmethod
    def class_name(cls) -> str:
        return "TouchstoneEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._model.encode_query(query, instruct=self.instruct).tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return (await self._model.aencode_query(query, instruct=self.instruct)).tolist()

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._model.encode_document(text).tolist()

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return (await self._model.aencode_document(text)).tolist()

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._model.encode_document(texts).tolist()

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return (await self._model.aencode_document(texts)).tolist()


class TouchstoneRerank(BaseNodePostprocessor):
    """The nodes that answer a query best, best first, with the model's score."""

    top_n: int = Field(default=5, description="How many nodes are kept.")
    instruction: str | None = Field(default=None, description="The task. None: the model card's.")

    _model: RerankModel = PrivateAttr()

    def __init__(
        self, model: str | RerankModel, *, top_n: int = 5, instruction: str | None = None, **options: Any
    ) -> None:
        """
        Args:
            model: a GGUF file of Qwen3-Reranker, or a model that is open.
            options: those of `RerankModel`, where a file is named.
        """
        super().__init__(top_n=top_n, instruction=instruction)
        self._model = RerankModel(model, **options) if isinstance(model, str) else model

    @classmethod
    def class_name(cls) -> str:
        return "TouchstoneRerank"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None:
            raise ValueError("a reranker needs the query; pass query_bundle or query_str")
        texts = [node.node.get_content(metadata_mode=MetadataMode.NONE) for node in nodes]
        ranked = self._model.rank(query_bundle.query_str, texts, top_k=self.top_n, prompt=self.instruction)
        return [NodeWithScore(node=nodes[entry["corpus_id"]].node, score=entry["score"]) for entry in ranked]
