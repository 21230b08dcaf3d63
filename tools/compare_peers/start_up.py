"""From the start of a process to its first vector: wall time and peak memory."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .work import EngineError

TEXT = "What is the capital of China?"


@dataclass(frozen=True)
class StartUp:
    """The best of several starts, the file being in the page cache."""

    seconds: float
    megabytes: float


def llama_command(program: Path, model: Path, threads: int) -> list[str]:
    return [str(program), "-m", str(model), "-c", "512", "-t", str(threads), "--pooling", "last", "-p", TEXT]


def touchstone_command(program: Path, model: Path, threads: int, activations: str) -> list[str]:
    options = ["--model", str(model), "--threads", str(threads), "--activations", activations]
    return [str(program), "embed", *options, TEXT]


def start_up(command: list[str], repetitions: int) -> StartUp:
    runs = [one_start(command) for _ in range(repetitions)]
    return StartUp(min(run.seconds for run in runs), max(run.megabytes for run in runs))


def one_start(command: list[str]) -> StartUp:
    start = time.perf_counter()
    try:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise EngineError(f"{Path(command[0]).name}: {error}") from None
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise EngineError(f"{Path(command[0]).name} ended with status {process.returncode}")
    return StartUp(seconds, usage.ru_maxrss / 1000)
