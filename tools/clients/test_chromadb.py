"""Chroma with its OpenAI embedding function: index a collection and query it.

With the space "cosine" Chroma normalises vectors once more, and their last bits change; with "ip" it keeps them.
"""

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings
from chromadb.utils.embedding_functions import OpenAIEmbeddingFunction

from clients.service import CORPUS, assert_same_bits, command_vectors


@pytest.mark.filterwarnings("ignore:Direct api_key:DeprecationWarning")
def test_index_and_query(address: str) -> None:
    function = OpenAIEmbeddingFunction(api_key="unused", api_base=f"{address}/v1", model_name="demo")
    client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
    collection = client.create_collection(
        "corpus", embedding_function=function, metadata={"hnsw:space": "ip", "hnsw:num_threads": 1}
    )
    collection.add(ids=[str(index) for index in range(len(CORPUS))], documents=CORPUS)
    assert collection.count() == len(CORPUS)
    stored = collection.get(include=["embeddings"])
    order = [int(name) for name in stored["ids"]]
    assert_same_bits(stored["embeddings"], command_vectors(CORPUS)[order])

    queries = ["wrong password", "文件不存在"]
    found = collection.query(query_texts=queries, n_results=3)
    expected = np.argsort(-(command_vectors(queries) @ command_vectors(CORPUS).T), axis=1)[:, :3]
    assert [[int(name) for name in names] for names in found["ids"]] == expected.tolist()
