"""LangChain's OpenAIEmbeddings, which by default sends ids of OpenAI's vocabulary and not text."""

from pathlib import Path

import llama_index.core
import numpy as np
import openai
import pytest
import tiktoken
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_openai import OpenAIEmbeddings

from clients.service import CORPUS, assert_same_bits, command_token_ids


def embeddings(address: str, **fields: object) -> OpenAIEmbeddings:
    return OpenAIEmbeddings(model="demo", base_url=f"{address}/v1", api_key="unused", max_retries=0, **fields)


def test_text(address: str, texts: list[str], vectors: np.ndarray) -> None:
    client = embeddings(address, check_embedding_ctx_length=False)
    assert_same_bits(client.embed_documents(texts), vectors)
    assert_same_bits([client.embed_query(texts[0])], vectors[:1])


def test_search(address: str) -> None:
    store = InMemoryVectorStore(embeddings(address, check_embedding_ctx_length=False))
    store.add_texts(CORPUS)
    (found,) = store.similarity_search("wrong password", k=1)
    assert found.page_content == "Das Passwort ist falsch."


def test_token_ids_of_another_vocabulary(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids of OpenAI's vocabulary mean other words here: they are refused in a sentence that names the remedy."""
    cache = Path(llama_index.core.__file__).parent / "_static/tiktoken_cache"
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(cache))
    client = embeddings(address)
    for text in ["gewöhnliche Wörter, 世界", "The file"]:
        with pytest.raises(openai.BadRequestError, match="check_embedding_ctx_length=False"):
            client.embed_documents([text])
    foreign = tiktoken.get_encoding("cl100k_base").encode("The file")
    assert foreign != command_token_ids("The file")[:-1]
