"""llama.cpp's server as a child process: token ids in, vectors out."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

START_SECONDS = 120.0


class LlamaServer:
    """A running server. Token ids are run as they are: nothing is added to them."""

    def __init__(self, address: str) -> None:
        self.address = address

    def embed(self, sequences: list[list[int]]) -> np.ndarray:
        """One L2-normalised vector for each sequence, [sequences, hidden]."""
        answer = self._request("/embedding", {"content": sequences, "embd_normalize": 2})
        rows = sorted(answer, key=lambda item: item["index"])
        return np.array([item["embedding"][0] for item in rows], np.float32)

    def rerank(self, query: str, documents: list[str]) -> list[float]:
        """P(yes) of each document."""
        answer = self._request("/v1/rerank", {"query": query, "documents": documents})
        rows = sorted(answer["results"], key=lambda item: item["index"])
        return [row["relevance_score"] for row in rows]

    def healthy(self) -> bool:
        try:
            return self._request("/health", None).get("status") == "ok"
        except (RuntimeError, OSError):
            return False

    def _request(self, path: str, body: dict | None) -> list | dict:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=600) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"llama-server answered {error.code}: {error.read(300).decode()}") from None


@contextmanager
def llama_server(
    program: Path, model: Path, *, threads: int, context: int, sequences: int = 1, pooling: str = "last"
) -> Iterator[LlamaServer]:
    """Starts a server on a free port of the loopback, waits until it answers, stops it at the end."""
    port = free_port()
    command = [
        program, "--model", model, "--embeddings", "--pooling", pooling, "--host", "127.0.0.1", "--port", port,
        "--threads", threads, "--ctx-size", context * sequences, "--batch-size", context,
        "--ubatch-size", context, "--parallel", sequences, "--cache-ram", 0,
    ]  # fmt: skip
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        server = LlamaServer(f"http://127.0.0.1:{port}")
        wait_until_healthy(server, process, model)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_healthy(server: LlamaServer, process: subprocess.Popen, model: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.healthy():
        if process.poll() is not None:
            raise RuntimeError(f"llama-server ended with status {process.returncode} on '{model}'")
        if time.monotonic() > deadline:
            raise RuntimeError(f"llama-server did not answer within {START_SECONDS:.0f} s on '{model}'")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
