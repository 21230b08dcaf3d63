"""A service of the built command, on a free port, for as long as a test lasts."""

import json
import re
import subprocess
import threading
import urllib.request
from pathlib import Path
from typing import Any

from page_testing.assets import AssetServer

REPOSITORY = Path(__file__).resolve().parents[2]


class Service:
    """`touchstone serve` with the demonstration model and a small reranker. A context manager: it ends with it.

    `page` is where the pages are: the service itself, or a server of the files in the folders `assets` in front of it.
    """

    def __init__(self, program: Path, *options: str, key: str | None = None, assets: list[Path] | None = None) -> None:
        self.key = key
        model = REPOSITORY / "testdata/demo/demo-q4_k_m.gguf"
        reranker = REPOSITORY / "testdata/models/rerank-yes-no.gguf"
        arguments = [str(program), "serve", "--model", f"demo={model}", "--model", f"judge={reranker}"]
        arguments += ["--port", "0", *options]
        if key:
            arguments += ["--api-key", key]
        self._process = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
        self.url = self._address()
        threading.Thread(target=self._drain, daemon=True).start()
        self._assets = AssetServer(assets, self.url) if assets else None
        self.page = (self._assets or self).url

    def __enter__(self) -> "Service":
        return self

    def __exit__(self, *_: object) -> None:
        if self._assets:
            self._assets.close()
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The JSON of an answer."""
        request = urllib.request.Request(self.url + path, data=json.dumps(body).encode() if body else None)
        request.add_header("Content-Type", "application/json")
        if self.key:
            request.add_header("Authorization", f"Bearer {self.key}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def _address(self) -> str:
        said = ""
        for line in self._process.stderr or []:
            said += line
            if found := re.search(r"listening.*?(http://[^\s\"]+)", line):
                return found.group(1)
        raise RuntimeError(f"the service ended before it listened:\n{said}")

    def _drain(self) -> None:
        for _ in self._process.stderr or []:
            pass
