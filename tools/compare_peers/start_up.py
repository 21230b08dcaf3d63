"""From the start of a process to its first vector: wall time and peak memory."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .work import EngineError

#: Stands between this process and the measured one.
LAUNCHER = Path(__file__).with_name("launcher.py")
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
    """One start, by a small process: a process's peak memory begins at that of the process that starts it."""
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), *command]
    done = subprocess.run(launcher, capture_output=True, text=True, timeout=300, check=False)
    name = Path(command[0]).name
    if done.returncode != 0:
        raise EngineError(f"{name}: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    seconds, kilobytes, status = done.stdout.split()
    if int(status) != 0:
        raise EngineError(f"{name} ended with status {status}")
    return StartUp(float(seconds), int(kilobytes) / 1000)
