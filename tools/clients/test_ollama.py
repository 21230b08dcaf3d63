"""The ollama package."""

import asyncio

import numpy as np
import ollama
import pytest

from clients.service import assert_same_bits, command_vectors


@pytest.fixture
def client(address: str) -> ollama.Client:
    return ollama.Client(address)


def test_embed(client: ollama.Client, texts: list[str], vectors: np.ndarray) -> None:
    answer = client.embed("demo", texts)
    assert_same_bits(answer.embeddings, vectors)
    assert answer.model == "demo"
    assert answer.total_duration
    assert_same_bits(client.embed("demo:latest", texts[0]).embeddings, vectors[:1])


def test_async(address: str, texts: list[str], vectors: np.ndarray) -> None:
    answer = asyncio.run(ollama.AsyncClient(address).embed("demo", texts))
    assert_same_bits(answer.embeddings, vectors)


def test_dimensions(client: ollama.Client, texts: list[str]) -> None:
    answer = client.embed("demo", texts, dimensions=32)
    assert_same_bits(answer.embeddings, command_vectors(texts, "--dimensions", "32"))


def test_older_route_is_not_normalized(client: ollama.Client, texts: list[str]) -> None:
    answer = client.embeddings("demo", texts[0], keep_alive="5m", options={"num_ctx": 512})
    assert_same_bits([answer.embedding], command_vectors(texts[:1], "--normalize", "none"))


def test_long_texts_are_cut_unless_told_not_to(client: ollama.Client) -> None:
    text = "word " * 40_000
    answer = client.embed("demo", text)
    context = client.show("demo").modelinfo["qwen3.context_length"]
    assert answer.prompt_eval_count == context
    assert_same_bits(answer.embeddings, command_vectors([text], "--truncate", "right"))
    with pytest.raises(ollama.ResponseError, match="tokens"):
        client.embed("demo", text, truncate=False)


def test_models(client: ollama.Client) -> None:
    listed, reranker = client.list().models
    assert reranker.model == "reranker"
    assert listed.model == "demo"
    assert listed.size
    assert listed.digest and len(listed.digest) == 64
    assert listed.digest != reranker.digest
    assert listed.details and listed.details.family == "qwen3"
    running, _ = client.ps().models
    assert running.model == "demo"
    shown = client.show("demo")
    assert shown.capabilities == ["embedding"]
    assert client.show("reranker").capabilities == ["reranking"]
    assert shown.modelinfo and shown.modelinfo["general.architecture"] == "qwen3"


def test_errors(client: ollama.Client) -> None:
    with pytest.raises(ollama.ResponseError, match="there is no model 'other' here") as error:
        client.embed("other", "a")
    assert error.value.status_code == 404
    with pytest.raises(ollama.ResponseError) as error:
        client.embed("demo", "a", dimensions=100_000)
    assert error.value.status_code == 400
