"""The oracle in people's tests: right vectors pass, wrong ones name the mistake."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import DEMO, TESTDATA

from touchstone_embeddings import EmbeddingModel
from touchstone_embeddings.oracle import CheckError, WrongVectorsError, check

pytest_plugins = ["pytester"]


def test_right_vectors_agree(model: EmbeddingModel) -> None:
    with EmbeddingModel(DEMO, activations="f32") as reference:
        verdict = check(lambda texts: reference.encode(texts), DEMO)
        assert verdict and verdict.agrees and verdict.outcome == "agrees" and not verdict.diagnoses
        assert verdict.require() is verdict and str(verdict).startswith("right: ")
        assert verdict.deviations == [] and verdict.missing == []
        # Lists, and generators of arrays.
        assert check(lambda texts: (vector for vector in reference.encode(texts)), DEMO, batch_size=7).agrees


def test_a_mistake_is_named_with_its_remedy() -> None:
    with EmbeddingModel(DEMO, activations="f32", pooling="mean") as wrong:
        verdict = check(wrong.encode, DEMO)
    assert not verdict and verdict.outcome == "diagnosis"
    assert [diagnosis.id for diagnosis in verdict.diagnoses] == ["pooling-mean"]
    with pytest.raises(WrongVectorsError, match="pooling-mean.*\n.*evidence.*\n.*remedy"):
        verdict.require()


def test_where_no_check_takes_place(model: EmbeddingModel) -> None:
    with pytest.raises(CheckError, match="none.gguf"):
        check(model.encode, "none.gguf")
    with pytest.raises(CheckError, match="1 vectors for 32 texts"):
        check(lambda texts: model.encode(texts[:1]), DEMO)
    with pytest.raises(CheckError, match="127.0.0.1"):
        check("http://127.0.0.1:9", DEMO)
    with pytest.raises(CheckError, match="vector of numbers"):
        check(lambda texts: [["a"]] * len(texts), DEMO)


def test_numbers_that_are_none_are_named(model: EmbeddingModel) -> None:
    def broken(texts: list[str]) -> np.ndarray:
        vectors = model.encode(texts)
        vectors[:, 3] = np.nan
        return vectors

    assert "not-finite" in [diagnosis.id for diagnosis in check(broken, DEMO).diagnoses]


def test_the_fixture_shows_the_verdict(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        f"""
        from touchstone_embeddings import EmbeddingModel

        def test_right(touchstone_check):
            assert touchstone_check(EmbeddingModel({str(DEMO)!r}).encode).agrees

        def test_wrong(touchstone_check):
            touchstone_check(EmbeddingModel({str(DEMO)!r}, pooling="mean").encode)
        """
    )
    arguments = [] if _is_installed() else ["-p", "touchstone_embeddings.pytest_plugin"]
    result = pytester.runpytest_subprocess(*arguments, "--touchstone-model", str(DEMO))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*the vectors are wrong*", "*pooling-mean*", "*remedy:*"])
    pytester.runpytest_subprocess(*arguments).assert_outcomes(skipped=2)


def _is_installed() -> bool:
    from importlib.metadata import entry_points

    return any(point.name == "touchstone" for point in entry_points(group="pytest11"))


def test_another_models_vectors_are_not_right() -> None:
    with EmbeddingModel(TESTDATA / "models/q8_0.gguf") as other:
        verdict = check(other.encode, DEMO)  # fewer components than the model has
    assert not verdict and verdict.outcome == "unknown" and str(verdict).startswith("wrong, and not explained")
    with pytest.raises(WrongVectorsError, match="not explained"):
        verdict.require()


def test_a_function_that_leaves_texts_out_is_not_right(model: EmbeddingModel, tmp_path) -> None:
    with pytest.raises(CheckError, match="31 vectors for 32 texts"):
        check(lambda texts: model.encode(texts)[1:], DEMO)
    verdict = check(lambda texts: [np.full(256, np.nan)] * len(texts), DEMO)
    assert not verdict and verdict.diagnoses[0].confidence is None
