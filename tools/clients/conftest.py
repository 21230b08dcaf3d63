"""One server for all tests, and vectors to compare with."""

import os
from collections.abc import Iterator

import numpy as np
import pytest

from clients.service import CORPUS, command_vectors, running_service

# Nobody is to be told of these tests.
os.environ.update(ANONYMIZED_TELEMETRY="False", HF_HUB_DISABLE_TELEMETRY="1", LANGSMITH_TRACING="false")
for name in ["OPENAI_API_KEY", "OPENAI_BASE_URL", "HF_TOKEN", "OLLAMA_HOST"]:
    os.environ.pop(name, None)

TEXTS = [*CORPUS[:6], "", "  two spaces before, a line\nbreak after \n", "Grüße, 世界 👋"]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the server listens: `http://127.0.0.1:PORT`."""
    with running_service() as address:
        yield address


@pytest.fixture(scope="session")
def texts() -> list[str]:
    return TEXTS


@pytest.fixture(scope="session")
def vectors(texts: list[str]) -> np.ndarray:
    """The command's vectors of `texts`."""
    return command_vectors(texts)
