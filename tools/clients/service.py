"""The real server and the real command, as child processes."""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("TOUCHSTONE", ROOT / ".build/release/touchstone"))
DEMO = ROOT / "testdata/demo/demo-q4_k_m.gguf"
RERANKER = ROOT / "testdata/models/rerank-yes-no.gguf"
CORPUS = (ROOT / "testdata/demo/corpus.txt").read_text().splitlines()
START_SECONDS = 30
STOP_SECONDS = 20


@contextmanager
def running_service(*arguments: str) -> Iterator[str]:
    """Starts the server on a free port and gives its address; it ends with the block, as on SIGTERM."""
    models = ["--model", f"demo={DEMO}", "--model", f"reranker={RERANKER}"]
    command = [str(COMMAND), "serve", *models, "--host", "127.0.0.1", "--port", "0", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield _address(process)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
    assert process.returncode == 0, f"the server ended with {process.returncode}"


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    lines: Queue[str] = Queue()
    Thread(target=_pump, args=(process.stdout, lines), daemon=True).start()
    seen: list[str] = []
    while True:
        try:
            line = lines.get(timeout=START_SECONDS)
        except Empty:
            raise AssertionError(f"the server did not say its address: {''.join(seen)}") from None
        seen.append(line)
        if match := re.search(r"127\.0\.0\.1:(\d+)", line):
            return f"http://127.0.0.1:{match[1]}"


def _pump(output: IO[str], lines: "Queue[str]") -> None:
    """Reads to the end, so that the server never waits for its log to be read."""
    for line in output:
        lines.put(line)


def command_vectors(texts: Sequence[str], *arguments: str) -> np.ndarray:
    """The command's vectors of texts, [texts, dimensions], float32."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for text in texts:
            file.write(json.dumps(text) + "\n")
        file.flush()
        command = [str(COMMAND), "embed", "--model", str(DEMO), "--input", file.name, *arguments]
        output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return np.array([json.loads(line)["embedding"] for line in output.splitlines()], dtype=np.float32)


def command_scores(query: str, documents: Sequence[str], *arguments: str) -> list[tuple[int, float]]:
    """The command's ranking, best first: each document's index and score."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for document in documents:
            file.write(json.dumps({"text": document}) + "\n")
        file.flush()
        command = [str(COMMAND), "rerank", "--model", str(RERANKER), "--query", query, "--documents", file.name]
        output = subprocess.run([*command, *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    ranks = [json.loads(line) for line in output.splitlines()]
    return [(rank["index"], rank["score"]) for rank in ranks]


def command_token_ids(text: str) -> list[int]:
    """The command's token ids of a text, the end of text included."""
    command = [str(COMMAND), "tokenize", "--model", str(DEMO), text]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return json.loads(output)["ids"]


def command_help(subcommand: str) -> str:
    """The help of a subcommand."""
    return subprocess.run([COMMAND, subcommand, "--help"], check=True, capture_output=True, text=True).stdout


def assert_same_bits(found: object, expected: np.ndarray) -> None:
    """Fails unless `found`, numbers of any kind, are the same float32 values."""
    values = np.asarray(found, dtype=np.float64)
    assert values.shape == expected.shape
    assert np.array_equal(values.astype(np.float32).view(np.uint32), expected.view(np.uint32))
