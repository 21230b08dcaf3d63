"""huggingface_hub's InferenceClient, as it talks to text-embeddings-inference."""

import numpy as np
import pytest
from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError

from clients.service import assert_same_bits, command_vectors


@pytest.mark.parametrize("path", ["", "/embed"])
def test_feature_extraction(address: str, path: str, texts: list[str], vectors: np.ndarray) -> None:
    client = InferenceClient(model=address + path)
    assert_same_bits(client.feature_extraction(texts), vectors)
    assert_same_bits(client.feature_extraction(texts[0]), vectors[:1])


def test_options(address: str, texts: list[str]) -> None:
    client = InferenceClient(model=address)
    assert_same_bits(client.feature_extraction(texts, dimensions=32), command_vectors(texts, "--dimensions", "32"))
    assert_same_bits(client.feature_extraction(texts, normalize=False), command_vectors(texts, "--normalize", "none"))
    assert_same_bits(client.feature_extraction(texts, prompt_name="query"), command_vectors(texts, "--query"))
    long = "first " + "word " * 40_000 + "last"
    for direction in ["left", "right"]:
        cut = client.feature_extraction(long, truncate=True, truncation_direction=direction)
        assert_same_bits(cut, command_vectors([long], "--truncate", direction))


def test_similarity(address: str, texts: list[str], vectors: np.ndarray) -> None:
    client = InferenceClient(model=f"{address}/similarity")
    scores = client.sentence_similarity(texts[0], texts[1:])
    expected = vectors[0].astype(np.float64) @ vectors[1:].astype(np.float64).T
    assert np.allclose(scores, expected, atol=1e-6)


def test_errors(address: str) -> None:
    client = InferenceClient(model=address)
    with pytest.raises(HfHubHTTPError) as error:
        client.feature_extraction("a", prompt_name="s2p")
    assert error.value.response.status_code == 422
    assert error.value.response.json()["error_type"] == "Validation"
    with pytest.raises(HfHubHTTPError) as error:
        client.feature_extraction("word " * 40_000, truncate=False)
    assert "tokens" in error.value.response.json()["error"]
