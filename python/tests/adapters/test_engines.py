"""The oracle on another engine: a pipeline of transformers, right and with mistakes made on purpose.

Needs torch, transformers, tokenizers and gguf, and for the last ones llama-cpp-python (requirements-heavy.txt).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[3] / "tools"))
from conftest import DEMO

from touchstone_embeddings.oracle import WrongVectorsError, check

#: What llama-cpp-python 0.3.36 does otherwise.
LLAMA_CPP = {"no-nfc", "added-tokens-as-text"}

Pipeline = Callable[[list[str]], list[list[float]]]


@pytest.fixture(scope="module")
def make_pipeline() -> Callable[..., Pipeline]:
    """Pipelines as people write them: a tokenizer, a model, a pooling."""
    torch = pytest.importorskip("torch")
    for name in ("transformers", "tokenizers", "gguf"):
        pytest.importorskip(name)
    from reference import hugging_face
    from reference.gguf_model import read_model
    from reference.tokenizer import ReferenceTokenizer

    file = read_model(DEMO)
    tokenizer = ReferenceTokenizer(file.metadata)
    network = hugging_face.build(file)

    def make(*, pooling: str = "last", ends: bool = True, strips: bool = False) -> Pipeline:
        def embed(text: str) -> list[float]:
            ids = tokenizer.encode(text.strip() if strips else text)
            states = hugging_face.states(network, ids if ends or len(ids) == 1 else ids[:-1])
            pooled = states[-1] if pooling == "last" else states.mean(0)
            return torch.nn.functional.normalize(pooled, dim=0).tolist()

        return lambda texts: [embed(text) for text in texts]

    return make


def test_a_right_pipeline_of_transformers_agrees(make_pipeline: Callable[..., Pipeline]) -> None:
    verdict = check(make_pipeline(), DEMO).require()
    assert verdict.json["largest_difference"] < 1e-8


@pytest.mark.parametrize(
    ("mistake", "name"),
    [
        ({"pooling": "mean"}, "pooling-mean"),
        # In a causal model the last state without the end is the one before the end: one mistake by two names. The
        # empty text, which keeps its end here, decides between them.
        ({"ends": False}, "last-index-before-end"),
        ({"strips": True}, "white-space-stripped"),
    ],
)
def test_a_mistake_of_a_pipeline_is_named(make_pipeline: Callable[..., Pipeline], mistake: dict, name: str) -> None:
    verdict = check(make_pipeline(**mistake), DEMO)
    assert [diagnosis.id for diagnosis in verdict.diagnoses] == [name]
    with pytest.raises(WrongVectorsError, match="remedy: "):
        verdict.require()


def test_two_mistakes_at_once_are_both_named(make_pipeline: Callable[..., Pipeline]) -> None:
    verdict = check(make_pipeline(pooling="mean", strips=True), DEMO)
    assert {diagnosis.id for diagnosis in verdict.diagnoses} == {"pooling-mean", "white-space-stripped"}


@pytest.fixture(scope="module")
def make_llama() -> Callable[[str], Pipeline]:
    """llama.cpp by its Python package, which has to be compiled: `pip install llama-cpp-python`."""
    llama_cpp = pytest.importorskip("llama_cpp")
    poolings = {"as the file says": llama_cpp.LLAMA_POOLING_TYPE_UNSPECIFIED, "mean": llama_cpp.LLAMA_POOLING_TYPE_MEAN}

    def make(pooling: str) -> Pipeline:
        engine = llama_cpp.Llama(
            str(DEMO),
            embedding=True,
            pooling_type=poolings[pooling],
            n_ctx=4096,
            n_batch=4096,
            n_ubatch=4096,
            verbose=False,
        )
        return lambda texts: [engine.embed(text, normalize=True, truncate=False) for text in texts]

    return make


def test_llama_cpp_is_told_what_it_does_not_do(make_llama: Callable[[str], Pipeline]) -> None:
    # llama.cpp does not normalize to NFC, and its package takes `<|im_start|>` in a text for text (`special=False`).
    # Everything else agrees, within activations of 8 bits.
    verdict = check(make_llama("as the file says"), DEMO)
    assert {diagnosis.id for diagnosis in verdict.diagnoses} == LLAMA_CPP


def test_a_wrong_pooling_of_llama_cpp_is_named_beside_it(make_llama: Callable[[str], Pipeline]) -> None:
    verdict = check(make_llama("mean"), DEMO)
    assert {diagnosis.id for diagnosis in verdict.diagnoses} == LLAMA_CPP | {"pooling-mean"}
