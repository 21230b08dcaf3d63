"""`touchstone check`, asked about vectors."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import torch


class Checker:
    """The command under test."""

    def __init__(self, command: Path, *options: str) -> None:
        self.command, self.options = command, options

    def probes(self, model: Path) -> list[dict[str, Any]]:
        output = self.run("check", "--texts", "-", "--with-options", "--model", str(model)).stdout
        return [json.loads(line) for line in output.splitlines()]

    def verdict(self, model: Path, vectors: dict[str, torch.Tensor]) -> dict[str, Any]:
        lines = [json.dumps({"id": name, "embedding": vector.tolist()}) for name, vector in vectors.items()]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "vectors.jsonl"
            path.write_text("\n".join(lines), encoding="utf-8")
            # A mistake may leave nothing of a text, and no vector.
            answer = self.run("check", "--vectors", str(path), "--allow-missing", "--json", "--model", str(model))
        if not answer.stdout:
            raise RuntimeError(answer.stderr)
        return json.loads(answer.stdout)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.command), *arguments, *self.options]
        return subprocess.run(command, capture_output=True, text=True, check=False)
