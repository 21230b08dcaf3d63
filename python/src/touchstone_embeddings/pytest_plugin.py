"""A plugin of pytest: is the embedding function under test right?

    # pytest --touchstone-model Qwen3-Embedding-0.6B-Q8_0.gguf
    def test_vectors(touchstone_check):
        touchstone_check(lambda texts: my_pipeline.encode(texts))

A failure shows the verdict: name of the mistake, evidence, remedy. Without the option such tests are skipped.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .oracle import Verdict


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("touchstone").addoption(
        "--touchstone-model",
        default=os.environ.get("TOUCHSTONE_CHECK_MODEL"),
        metavar="FILE",
        help="the GGUF file whose vectors touchstone_check expects (default: $TOUCHSTONE_CHECK_MODEL)",
    )


@pytest.fixture
def touchstone_check(request: pytest.FixtureRequest) -> Callable[..., Verdict]:
    """Called with a function or a URL and the options of `check`: fails the test unless the vectors are right.

    Returns the verdict.
    """
    model = request.config.getoption("--touchstone-model")
    if not model:
        pytest.skip("no reference: pass --touchstone-model FILE, or set TOUCHSTONE_CHECK_MODEL")

    def run(subject: Any, **options: Any) -> Verdict:
        __tracebackhide__ = True
        from .oracle import check

        verdict = check(subject, model, **options)
        if not verdict.agrees:
            pytest.fail(f"the vectors are wrong\n{verdict}", pytrace=False)
        return verdict

    return run
