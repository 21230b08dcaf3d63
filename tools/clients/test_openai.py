"""The openai package: vectors as base64 unless told otherwise."""

import asyncio

import numpy as np
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from clients.service import assert_same_bits, command_help, command_token_ids, command_vectors, running_service


@pytest.fixture
def client(address: str) -> OpenAI:
    return OpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0)


def test_base64_by_default(client: OpenAI, texts: list[str], vectors: np.ndarray) -> None:
    answer = client.embeddings.create(model="demo", input=texts)
    assert_same_bits([item.embedding for item in answer.data], vectors)
    assert [item.index for item in answer.data] == list(range(len(texts)))
    assert answer.model == "demo"
    assert answer.usage.prompt_tokens == sum(len(command_token_ids(text)) for text in texts)


def test_float(client: OpenAI, texts: list[str], vectors: np.ndarray) -> None:
    answer = client.embeddings.create(model="demo", input=texts, encoding_format="float")
    assert_same_bits([item.embedding for item in answer.data], vectors)


def test_one_text(client: OpenAI, texts: list[str], vectors: np.ndarray) -> None:
    answer = client.embeddings.create(model="demo", input=texts[0])
    assert_same_bits([item.embedding for item in answer.data], vectors[:1])


def test_async(address: str, texts: list[str], vectors: np.ndarray) -> None:
    async def embed_all() -> list[list[float]]:
        async with AsyncOpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0) as client:
            calls = [client.embeddings.create(model="demo", input=text) for text in texts]
            return [answer.data[0].embedding for answer in await asyncio.gather(*calls)]

    assert_same_bits(asyncio.run(embed_all()), vectors)


def test_dimensions(client: OpenAI, texts: list[str]) -> None:
    answer = client.embeddings.create(model="demo", input=texts, dimensions=32)
    assert_same_bits([item.embedding for item in answer.data], command_vectors(texts, "--dimensions", "32"))


def test_token_ids(client: OpenAI, texts: list[str], vectors: np.ndarray) -> None:
    """The model's own ids, with the end of text or without, where the request or the service says that they are."""
    ids = [command_token_ids(text) for text in texts]
    own = {"token_ids": True}
    answer = client.embeddings.create(model="demo", input=ids, extra_body=own)
    assert_same_bits([item.embedding for item in answer.data], vectors)
    answer = client.embeddings.create(model="demo", input=[row[:-1] for row in ids], extra_body=own)
    assert_same_bits([item.embedding for item in answer.data], vectors)
    with pytest.raises(openai.BadRequestError, match="check_embedding_ctx_length=False") as error:
        client.embeddings.create(model="demo", input=ids)
    assert error.value.code == "token_ids_refused"
    with running_service("--accept-token-ids") as address:
        accepting = OpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0)
        answer = accepting.embeddings.create(model="demo", input=ids)
        assert_same_bits([item.embedding for item in answer.data], vectors)


def test_azure(address: str, texts: list[str], vectors: np.ndarray) -> None:
    client = openai.AzureOpenAI(
        azure_endpoint=address, api_key="unused", api_version="2024-10-21", azure_deployment="demo", max_retries=0
    )
    answer = client.embeddings.create(model="demo", input=texts)
    assert_same_bits([item.embedding for item in answer.data], vectors)


def test_base_url_without_v1(address: str, texts: list[str], vectors: np.ndarray) -> None:
    client = OpenAI(base_url=address, api_key="unused", max_retries=0)
    answer = client.embeddings.create(model="demo", input=texts)
    assert_same_bits([item.embedding for item in answer.data], vectors)
    assert [model.id for model in client.models.list()] == ["demo", "reranker"]


def test_wrong_base_url(address: str) -> None:
    for base in [f"{address}/v1/v1", f"{address}/v1/embeddings"]:
        client = OpenAI(base_url=base, api_key="unused", max_retries=0)
        with pytest.raises(openai.NotFoundError, match=f"the base URL of OpenAI's clients is {address}/v1"):
            client.embeddings.create(model="demo", input="a")


def test_instruct(client: OpenAI, texts: list[str]) -> None:
    task = "Given a bug report, find the function at fault"
    answer = client.embeddings.create(model="demo", input=texts, extra_body={"instruct": task})
    assert_same_bits([item.embedding for item in answer.data], command_vectors(texts, "--instruct", task))
    answer = client.embeddings.create(model="demo", input=texts, extra_body={"prompt_name": "query"})
    assert_same_bits([item.embedding for item in answer.data], command_vectors(texts, "--query"))


def test_models(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["demo", "reranker"]
    assert client.models.retrieve("demo").id == "demo"


def test_errors(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="there is no model 'other' here"):
        client.embeddings.create(model="other", input="a")
    with pytest.raises(openai.BadRequestError, match="input"):
        client.embeddings.create(model="demo", input=[])
    with pytest.raises(openai.BadRequestError, match="dimensions"):
        client.embeddings.create(model="demo", input="a", dimensions=100_000)
    with pytest.raises(openai.BadRequestError, match="outside of the vocabulary"):
        client.embeddings.create(model="demo", input=[[99_999]], extra_body={"token_ids": True})
    with pytest.raises(openai.BadRequestError, match="tokens"):
        client.embeddings.create(model="demo", input="word " * 40_000)


@pytest.mark.skipif("--api-key " not in command_help("serve"), reason="this build has no keys")
def test_key() -> None:
    with running_service("--api-key", "secret") as address:
        wrong = OpenAI(base_url=f"{address}/v1", api_key="wrong", max_retries=0)
        with pytest.raises(openai.AuthenticationError):
            wrong.embeddings.create(model="demo", input="a")
        right = OpenAI(base_url=f"{address}/v1", api_key="secret", max_retries=0)
        assert len(right.embeddings.create(model="demo", input="a").data) == 1
