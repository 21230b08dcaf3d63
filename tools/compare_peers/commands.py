"""Engines that are commands of their own: llama.cpp and Touchstone."""

import json
import os
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from .llama_server import LlamaServer, llama_server
from .work import EngineError, LongText, Work, best_of_tries

#: Of one command: the longest is a text of 32,768 tokens.
TIMEOUT_SECONDS = 1800


def output_of(command: list[object], environment: Mapping[str, str] | None = None) -> str:
    """What a command prints; EngineError with its last line when it fails or is absent.

    `environment` is added to this process's own.
    """
    words = [str(word) for word in command]
    variables = {**os.environ, **(environment or {})}
    try:
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False, env=variables
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(f"{Path(words[0]).name}: {error}") from None
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise EngineError(f"{Path(words[0]).name} ended with status {done.returncode}: {last}")
    return done.stdout


class LlamaBench:
    """llama.cpp's own benchmark: one sequence, prompt processing only."""

    def __init__(self, program: Path, model: Path, threads: int, name: str = "llama.cpp (llama-bench)") -> None:
        self.name = name
        self.command = [program, "-m", model, "-n", 0, "-t", threads, "-o", "json"]

    def seconds(self, work: Work) -> float:
        if work.sequences != 1:
            raise EngineError("llama-bench runs one sequence")
        runs = ["-p", work.tokens, "-r", work.tries, *(["--no-warmup"] if work.is_long else [])]
        (result,) = json.loads(output_of([*self.command, *runs]))
        return work.token_count / max(result["samples_ts"])

    def close(self) -> None:
        pass


class LlamaServerEngine:
    """llama.cpp's server: the batch as token ids in one request; the time includes its answer as JSON."""

    name = "llama.cpp (llama-server)"

    def __init__(self, program: Path, model: Path, threads: int, vocabulary_size: int) -> None:
        self.arguments = (program, model, threads)
        self.vocabulary_size = vocabulary_size
        self.stack = ExitStack()
        self.server: LlamaServer | None = None

    def seconds(self, work: Work) -> float:
        ids = work.ids(self.vocabulary_size)
        try:
            server = self._running()
            return best_of_tries(lambda: server.embed(ids), work.tries)
        except (RuntimeError, OSError) as error:
            raise EngineError(str(error)) from None

    def _running(self) -> LlamaServer:
        if self.server is None:
            program, model, threads = self.arguments
            running = llama_server(program, model, threads=threads, context=1024, sequences=8)
            self.server = self.stack.enter_context(running)
        return self.server

    def close(self) -> None:
        self.stack.close()


class Touchstone:
    """`touchstone bench` in one of its precisions, with the processor's best instructions or those of `cpu`."""

    def __init__(self, program: Path, model: Path, threads: int, activations: str, cpu: str | None = None) -> None:
        self.name = f"Touchstone {activations}" + (f" ({cpu})" if cpu else "")
        self.environment = {"TOUCHSTONE_CPU": cpu} if cpu else {}
        self.command = [
            program, "bench", "--model", model, "--threads", threads, "--activations", activations,
            "--no-peaks", "--format", "json",
        ]  # fmt: skip

    def seconds(self, work: Work) -> float:
        runs = ["--repetitions", work.tries, "--warmup", 0 if work.is_long else 1]
        shape = ["--tokens", work.tokens, "--sequences", work.sequences]
        answer = output_of([*self.command, *shape, *runs], self.environment)
        try:
            return work.token_count / json.loads(answer)["tokensPerSecond"]["best"]
        except (json.JSONDecodeError, KeyError, TypeError):
            raise EngineError("touchstone bench printed no tokensPerSecond.best") from None

    def one_text(self, tokens: int) -> LongText:
        """One run of one text, with nothing before it."""
        answer = output_of([*self.command, "--tokens", tokens, "--repetitions", 1, "--warmup", 0], self.environment)
        try:
            found = json.loads(answer)
            return LongText(
                seconds=tokens / found["tokensPerSecond"]["best"], own_megabytes=found["memory"]["ownBytes"] / 1e6
            )
        except (json.JSONDecodeError, KeyError, TypeError):
            raise EngineError("touchstone bench printed no tokensPerSecond or memory") from None

    def close(self) -> None:
        pass
