"""LlamaIndex's OpenAIEmbedding, which makes every line break a space before it sends a text."""

import numpy as np
from llama_index.core import VectorStoreIndex
from llama_index.core.schema import TextNode
from llama_index.embeddings.openai import OpenAIEmbedding

from clients.service import CORPUS, assert_same_bits, command_vectors


def model(address: str) -> OpenAIEmbedding:
    return OpenAIEmbedding(model_name="demo", api_base=f"{address}/v1", api_key="unused", max_retries=0)


def test_vectors(address: str, texts: list[str]) -> None:
    sent = [text.replace("\n", " ") for text in texts]
    assert_same_bits(model(address).get_text_embedding_batch(texts), command_vectors(sent))


def test_search(address: str) -> None:
    index = VectorStoreIndex([TextNode(text=text) for text in CORPUS], embed_model=model(address))
    found = index.as_retriever(similarity_top_k=2).retrieve("wrong password")
    scores = command_vectors(["wrong password"]) @ command_vectors(CORPUS).T
    assert [node.text for node in found] == [CORPUS[place] for place in np.argsort(-scores[0])[:2]]
