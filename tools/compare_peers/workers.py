"""Engines that are Python packages, each in a child process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from .work import EngineError, Work

TOOLS = Path(__file__).resolve().parent.parent


class Worker:
    """An OpenVINO or PyTorch engine; the process starts with the first work."""

    def __init__(self, engine: str, variant: str, model: Path, threads: int) -> None:
        title = {"openvino": "OpenVINO", "pytorch": "PyTorch"}[engine]
        self.name = f"{title} {variant}"
        self.command = [
            sys.executable, "-m", "compare_peers.worker", engine, variant, str(model.resolve()), str(threads),
        ]  # fmt: skip
        self.threads = threads
        self.process: subprocess.Popen[str] | None = None

    def seconds(self, work: Work) -> float:
        process = self._running()
        try:
            process.stdin.write(json.dumps(asdict(work)) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            raise EngineError(f"its process ended with status {process.wait()}") from None
        line = process.stdout.readline()
        if not line:
            raise EngineError(f"its process ended with status {process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise EngineError(answer["error"])
        return answer["seconds"]

    def _running(self) -> subprocess.Popen[str]:
        if self.process is None:
            environment = os.environ | {"OMP_NUM_THREADS": str(self.threads)}
            self.process = subprocess.Popen(
                self.command, cwd=TOOLS, env=environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        return self.process

    def close(self) -> None:
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait(timeout=30)
