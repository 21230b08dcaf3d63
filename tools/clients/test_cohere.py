"""Cohere's client, which has a rerank call, and requests in the other shapes of it."""

import cohere
import numpy as np
import pytest
import requests

from clients.service import CORPUS, assert_same_bits, command_scores, command_vectors

QUERY = "how do I delete a file"


@pytest.fixture
def client(address: str) -> cohere.ClientV2:
    return cohere.ClientV2(api_key="any", base_url=address)


def test_ranking(client: cohere.ClientV2) -> None:
    documents = CORPUS[:8]
    answer = client.rerank(model="reranker", query=QUERY, documents=documents)
    assert [(result.index, result.relevance_score) for result in answer.results] == command_scores(QUERY, documents)
    best = client.rerank(model="reranker", query=QUERY, documents=documents, top_n=2)
    assert best.results == answer.results[:2]


def test_embed(client: cohere.ClientV2, texts: list[str], vectors: np.ndarray) -> None:
    answer = client.embed(model="demo", texts=texts, input_type="search_document", embedding_types=["float"])
    assert_same_bits(answer.embeddings.float_, vectors)
    queries = client.embed(
        model="demo", texts=texts, input_type="search_query", embedding_types=["float"], output_dimension=32
    )
    assert_same_bits(queries.embeddings.float_, command_vectors(texts, "--query", "--dimensions", "32"))


def test_errors(client: cohere.ClientV2) -> None:
    with pytest.raises(cohere.errors.BadRequestError, match="is an embedding model"):
        client.rerank(model="demo", query=QUERY, documents=["a"])
    with pytest.raises(cohere.errors.NotFoundError):
        client.rerank(model="missing", query=QUERY, documents=["a"])


def test_other_shapes(address: str) -> None:
    documents = CORPUS[:5]
    expected = command_scores(QUERY, documents, "--instruct", "Find the command")
    body = {"query": QUERY, "documents": documents, "instruction": "Find the command", "return_documents": True}
    results = requests.post(f"{address}/v1/rerank", json=body, timeout=60).json()["results"]
    assert [(result["index"], result["relevance_score"]) for result in results] == expected
    assert [result["document"]["text"] for result in results] == [documents[index] for index, _ in expected]
    body = {"query": QUERY, "texts": documents, "instruct": "Find the command", "raw_scores": True}
    ranks = requests.post(f"{address}/rerank", json=body, timeout=60).json()
    raw = command_scores(QUERY, documents, "--instruct", "Find the command", "--raw-scores")
    assert [(rank["index"], rank["score"]) for rank in ranks] == raw
