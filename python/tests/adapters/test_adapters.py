"""Each adapter with the library that it is for. What is not installed is skipped."""

from __future__ import annotations

import asyncio
import sys

import numpy as np
import pytest

sys.path.insert(0, str(__import__("pathlib").Path(__file__).parents[1]))
from conftest import DEMO, RERANKER

from touchstone_embeddings import EmbeddingModel, RerankModel

TEXTS = ["To remove a file, use rm.", "The printer is out of paper.", "It pours."]
QUERY = "how do I delete a file"
TASK = "Find the opposite"


def close(ours: list[list[float]], theirs: np.ndarray) -> bool:
    return np.array_equal(np.asarray(ours, np.float32), theirs)


def best_first(reranker: RerankModel, query: str = QUERY, prompt: str | None = None) -> list[str]:
    return [entry["text"] for entry in reranker.rank(query, TEXTS, return_documents=True, prompt=prompt)]


def test_langchain(model: EmbeddingModel, reranker: RerankModel) -> None:
    pytest.importorskip("langchain_core")
    from langchain_core.documents import Document
    from langchain_core.vectorstores import InMemoryVectorStore

    from touchstone_embeddings.langchain import TouchstoneEmbeddings, TouchstoneRerank

    embeddings = TouchstoneEmbeddings(str(DEMO))
    assert close(embeddings.embed_documents(TEXTS), model.encode_document(TEXTS))
    assert close([embeddings.embed_query(QUERY)], model.encode_query([QUERY]))
    assert close([asyncio.run(embeddings.aembed_query(QUERY))], model.encode_query([QUERY]))
    assert close(asyncio.run(embeddings.aembed_documents(TEXTS)), model.encode_document(TEXTS))
    assert close([TouchstoneEmbeddings(model, instruct=TASK).embed_query(QUERY)], model.encode([QUERY], instruct=TASK))
    store = InMemoryVectorStore.from_texts(TEXTS, embeddings)
    assert store.similarity_search(QUERY, k=1)[0].page_content == TEXTS[0]

    documents = [Document(text, metadata={"n": i}) for i, text in enumerate(TEXTS)]
    compressor = TouchstoneRerank(model=str(RERANKER), top_n=2)
    found = compressor.compress_documents(documents, QUERY)
    assert [document.page_content for document in found] == best_first(reranker)[:2]
    assert found[0].metadata["relevance_score"] >= found[1].metadata["relevance_score"]
    assert "relevance_score" not in documents[0].metadata
    again = asyncio.run(
        TouchstoneRerank(model=reranker, top_n=None, instruction=TASK).acompress_documents(documents, QUERY)
    )
    assert [document.page_content for document in again] == best_first(reranker, prompt=TASK)


def test_llama_index(model: EmbeddingModel, reranker: RerankModel) -> None:
    pytest.importorskip("llama_index.core")
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import NodeWithScore, TextNode

    from touchstone_embeddings.llama_index import TouchstoneEmbedding, TouchstoneRerank

    embedding = TouchstoneEmbedding(str(DEMO), truncate="right")
    assert close(embedding.get_text_embedding_batch(TEXTS), model.encode_document(TEXTS))
    assert close([embedding.get_query_embedding(QUERY)], model.encode_query([QUERY]))
    assert close([asyncio.run(embedding.aget_query_embedding(QUERY))], model.encode_query([QUERY]))
    assert close(asyncio.run(embedding.aget_text_embedding_batch(TEXTS)), model.encode_document(TEXTS))
    index = VectorStoreIndex(nodes=[TextNode(text=text) for text in TEXTS], embed_model=embedding)
    assert index.as_retriever(similarity_top_k=1).retrieve(QUERY)[0].node.text == TEXTS[0]

    nodes = [NodeWithScore(node=TextNode(text=text), score=0.5) for text in TEXTS]
    found = TouchstoneRerank(str(RERANKER), top_n=2).postprocess_nodes(nodes, query_str=QUERY)
    assert [node.node.text for node in found] == best_first(reranker)[:2]
    with pytest.raises(ValueError, match="needs the query"):
        TouchstoneRerank(reranker).postprocess_nodes(nodes)


def test_haystack(model: EmbeddingModel, reranker: RerankModel) -> None:
    pytest.importorskip("haystack")
    from haystack import Document, Pipeline
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    from touchstone_embeddings.haystack import TouchstoneDocumentEmbedder, TouchstoneRanker, TouchstoneTextEmbedder

    embedder = TouchstoneDocumentEmbedder(str(DEMO), meta_fields_to_embed=["title"], options={"activations": "i16"})
    documents = embedder.run([Document(content=text, meta={"title": "t"}) for text in TEXTS])["documents"]
    assert close([document.embedding for document in documents], model.encode([f"t\n{text}" for text in TEXTS]))
    documents = TouchstoneDocumentEmbedder(str(DEMO)).run([Document(content=text) for text in TEXTS])["documents"]
    assert close([document.embedding for document in documents], model.encode(TEXTS))

    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(documents)
    pipeline = Pipeline()
    pipeline.add_component("embed", TouchstoneTextEmbedder(str(DEMO)))
    pipeline.add_component("retrieve", InMemoryEmbeddingRetriever(store, top_k=3))
    pipeline.add_component("rank", TouchstoneRanker(str(RERANKER), top_k=2))
    pipeline.connect("embed.embedding", "retrieve.query_embedding")
    pipeline.connect("retrieve.documents", "rank.documents")
    found = pipeline.run({"embed": {"text": QUERY}, "rank": {"query": QUERY}})["rank"]["documents"]
    assert [document.content for document in found] == best_first(reranker)[:2]
    for part in (embedder, TouchstoneTextEmbedder(str(DEMO), instruct=TASK), TouchstoneRanker(str(RERANKER), top_k=1)):
        copy = type(part).from_dict(part.to_dict())
        assert copy.to_dict() == part.to_dict()
    assert close(
        [TouchstoneTextEmbedder(str(DEMO), instruct=TASK).run(QUERY)["embedding"]], model.encode([QUERY], instruct=TASK)
    )


def test_chroma(model: EmbeddingModel, tmp_path) -> None:
    chromadb = pytest.importorskip("chromadb")
    from touchstone_embeddings.chroma import TouchstoneEmbeddingFunction

    function = TouchstoneEmbeddingFunction(str(DEMO), truncate_dim=64)
    assert close(function(TEXTS), model.encode(TEXTS, truncate_dim=64))
    client = chromadb.PersistentClient(path=str(tmp_path))
    collection = client.create_collection("texts", embedding_function=function)
    collection.add(ids=["0", "1", "2"], documents=TEXTS)
    # Chroma normalizes once more.
    kept = collection.get(ids=["1"], include=["embeddings"])["embeddings"]
    assert np.allclose(kept, model.encode([TEXTS[1]], truncate_dim=64), atol=1e-6)
    assert collection.query(query_texts=[QUERY], n_results=1)["ids"] == [["0"]]
    # The collection knows its function when it is opened again.
    again = chromadb.PersistentClient(path=str(tmp_path)).get_collection("texts")
    distance = again.query(query_texts=[QUERY], n_results=1)["distances"][0][0]
    expected = 1 - model.encode_query(QUERY, truncate_dim=64) @ model.encode(TEXTS[0], truncate_dim=64)
    assert abs(distance - expected) < 1e-5


def test_llm(model: EmbeddingModel, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    llm = pytest.importorskip("llm")
    monkeypatch.setenv("TOUCHSTONE_MODEL", str(DEMO))
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path))
    from touchstone_embeddings import llm as plugin

    models: dict[str, llm.EmbeddingModel] = {}
    plugin.register_embedding_models(lambda found: models.update({found.model_id: found}))
    assert close(list(models["touchstone"].embed_multi(TEXTS)), model.encode_document(TEXTS))
    assert close([models["touchstone-query"].embed(QUERY)], model.encode_query([QUERY]))
    monkeypatch.delenv("TOUCHSTONE_MODEL")
    fresh = type(models["touchstone"])("touchstone", lambda model: model.encode_document)
    with pytest.raises(llm.ModelError, match="set TOUCHSTONE_MODEL"):
        fresh.embed("a")


def local_task(task_type: str, top_ranked: dict | None = None) -> object:
    """A task whose data are made here: nothing is downloaded."""
    import mteb
    from datasets import Dataset
    from mteb.abstasks.task_metadata import TaskMetadata

    class Errors(mteb.abstasks.AbsTaskRetrieval):
        metadata = TaskMetadata(
            name="Errors", description="Which sentence answers.", reference=None,
            dataset={"path": "none", "revision": "1"},
            type=task_type, category="t2t", eval_splits=["test"], eval_langs=["eng-Latn"], main_score="ndcg_at_10",
            date=None, domains=None, task_subtypes=None, license=None, annotations_creators=None, dialect=None,
            sample_creation=None, bibtex_citation=None, modalities=["text"], prompt={"query": "Find the answer"},
        )  # fmt: skip

        def load_data(self, *arguments: object, **options: object) -> None:
            corpus = Dataset.from_list([{"id": f"d{i}", "title": "", "text": text} for i, text in enumerate(TEXTS)])
            queries = Dataset.from_list([{"id": "q0", "text": QUERY}, {"id": "q1", "text": "out of paper"}])
            self.dataset = {
                "default": {
                    "test": {
                        "corpus": corpus,
                        "queries": queries,
                        "relevant_docs": {"q0": {"d0": 1}, "q1": {"d1": 1}},
                        "top_ranked": top_ranked,
                    }
                }
            }
            self.data_loaded = True

    return Errors()


def scores(results: object) -> dict:
    return results[0].scores["test"][0]


def test_mteb_evaluates_vectors() -> None:
    mteb = pytest.importorskip("mteb")
    from mteb.models.models_protocols import EncoderProtocol

    from touchstone_embeddings.mteb import TouchstoneEncoder

    encoder = TouchstoneEncoder(str(DEMO))
    assert isinstance(encoder, EncoderProtocol)
    results = mteb.evaluate(encoder, [local_task("Retrieval")], cache=None, co2_tracker=False)
    assert scores(results)["ndcg_at_10"] == 1.0
    with EmbeddingModel(DEMO, truncate="right") as cutting:
        assert encoder.mteb_model_meta.revision == cutting.fingerprint()


def test_mteb_evaluates_a_reranker(reranker: RerankModel) -> None:
    mteb = pytest.importorskip("mteb")
    from mteb.models.models_protocols import CrossEncoderProtocol

    from touchstone_embeddings.mteb import TouchstoneCrossEncoder

    encoder = TouchstoneCrossEncoder(str(RERANKER))
    assert isinstance(encoder, CrossEncoderProtocol) and encoder.mteb_model_meta.is_cross_encoder
    everything = [f"d{i}" for i in range(len(TEXTS))]
    task = local_task("Reranking", {"q0": everything, "q1": everything})
    found = scores(mteb.evaluate(encoder, [task], cache=None, co2_tracker=False))
    # The reranker of the tests has random weights: its own order decides what is right.
    order = {
        query: best_first(reranker, text, "Find the answer").index(TEXTS[right])
        for query, text, right in [("q0", QUERY, 0), ("q1", "out of paper", 1)]
    }
    expected = sum(1 / np.log2(rank + 2) for rank in order.values()) / len(order)
    assert abs(found["ndcg_at_10"] - expected) < 1e-4


def test_mteb_evaluates_a_knowledge_base() -> None:
    mteb = pytest.importorskip("mteb")
    from mteb.models.models_protocols import SearchProtocol

    from touchstone_embeddings.mteb import TouchstoneKnowledgeBase

    base = TouchstoneKnowledgeBase(str(DEMO))
    assert isinstance(base, SearchProtocol)
    results = mteb.evaluate(base, [local_task("Retrieval")], cache=None, co2_tracker=False)
    assert scores(results)["ndcg_at_10"] == 1.0
    # Words that nobody wrote: the order is that of the vectors alone, and not always right.
    assert base.search([{"id": "q", "text": "rain"}], task_metadata=None, hf_split="", hf_subset="", top_k=2)["q"]
    folder = base._folder
    base.close()
    assert not folder.exists()
    with pytest.raises(ValueError, match="indexed before"):
        base.search([{"id": "q", "text": "a"}], task_metadata=None, hf_split="", hf_subset="", top_k=1)
