"""Models of the repository, and its command as the witness: what it says is what the package must say.

TOUCHSTONE_TESTDATA names the folder of test data where the tests do not lie in the repository.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from touchstone_embeddings import EmbeddingModel, RerankModel
from touchstone_embeddings.__main__ import command_path

TESTDATA = Path(os.environ.get("TOUCHSTONE_TESTDATA", Path(__file__).parents[2] / "testdata"))
DEMO = TESTDATA / "demo/demo-q4_k_m.gguf"
RERANKER = TESTDATA / "models/rerank-yes-no.gguf"

TEXTS = [
    "The file was not found.",
    "ファイルが見つかりません",
    "",
    "  white\tspace \n",
    "Привет, мир — ça coûte 5 €",
    "a\0b",
    "👩‍👩‍👧 e\u0301",
    "<|endoftext|> is spelled here",
]


class Command:
    """The command `touchstone`."""

    def run(self, *arguments: str, lines: Sequence[object] = ()) -> subprocess.CompletedProcess[bytes]:
        text = "".join(json.dumps(line) + "\n" for line in lines)
        return subprocess.run(
            [command_path(), *arguments], input=text.encode(), capture_output=True, timeout=120, check=False
        )

    def embed(self, texts: Sequence[object], *arguments: str, model: Path = DEMO) -> np.ndarray:
        """The vectors of texts, from the command's float32 bytes."""
        result = self.run("embed", "--model", str(model), "--format", "f32", "--input", "-", *arguments, lines=texts)
        assert result.returncode == 0, result.stderr.decode()
        return np.frombuffer(result.stdout, "<f4").reshape(len(texts), -1)

    def objects(self, subcommand: str, *arguments: str, lines: Sequence[object] = ()) -> list[dict]:
        result = self.run(subcommand, *arguments, lines=lines)
        assert result.returncode == 0, result.stderr.decode()
        return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="session")
def command() -> Command:
    return Command()


@pytest.fixture(scope="session")
def model() -> Iterator[EmbeddingModel]:
    with EmbeddingModel(DEMO) as model:
        yield model


@pytest.fixture(scope="session")
def reranker() -> Iterator[RerankModel]:
    with RerankModel(RERANKER) as model:
        yield model


def python(code: str, *arguments: str, timeout: float = 120, **options: object) -> subprocess.CompletedProcess[str]:
    """Runs code in a Python of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        **options,
    )
