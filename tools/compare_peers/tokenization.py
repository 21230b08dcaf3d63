"""Tokenizers on one mixed text, one thread: MB/s."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from reference.gguf_model import GGUFModel
from reference.texts import LANGUAGES, OTHERS
from reference.tokenizer import SPLIT_PATTERN, ReferenceTokenizer

from .commands import output_of
from .work import EngineError

TEXT_BYTES = 2_000_000


def mixed_lines() -> list[str]:
    """Sentences of all languages, code, digits and emoji, numbered so that no two lines are the same."""
    sentences = [*LANGUAGES.values(), *(case.text for case in OTHERS if case.text.strip())]
    lines: list[str] = []
    size = 0
    while size < TEXT_BYTES:
        sentence = sentences[len(lines) % len(sentences)].replace("\n", " ").replace("\r", " ")
        lines.append(f"{len(lines)} {sentence}")
        size += len(lines[-1].encode()) + 1
    return lines


def byte_of_letter() -> dict[str, int]:
    """The byte that each letter of a byte-level BPE vocabulary stands for (GPT-2's table)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + index): byte for index, byte in enumerate(others)}


def tokenizers_run(model: GGUFModel) -> Callable[[list[str]], object]:
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    tokenizer = ReferenceTokenizer(model.metadata).tokenizer
    return lambda lines: [tokenizer.encode(line) for line in lines]


def tiktoken_run(model: GGUFModel) -> Callable[[list[str]], object]:
    """tiktoken with the model's merges and pattern; it does no Unicode normalisation."""
    import tiktoken

    letters = byte_of_letter()
    tokens = model.metadata["tokenizer.ggml.tokens"]
    count = 256 + len(model.metadata["tokenizer.ggml.merges"])
    ranks = {bytes(letters[letter] for letter in token): rank for rank, token in enumerate(tokens[:count])}
    encoding = tiktoken.Encoding("qwen", pat_str=SPLIT_PATTERN, mergeable_ranks=ranks, special_tokens={})
    return lambda lines: [encoding.encode_ordinary(line) for line in lines]


def speed(run: Callable[[list[str]], object], lines: list[str], repetitions: int) -> float:
    """MB/s of the best run."""
    size = sum(len(line.encode()) + 1 for line in lines)
    return size / min(timed(lambda: run(lines)) for _ in range(repetitions)) / 1e6


def touchstone_speed(program: Path, model: Path, lines: list[str], repetitions: int) -> float:
    """MB/s of the command, the time of a start with one line taken off."""
    command = [program, "tokenize", "--model", model, "--count", "--lines", "--input"]
    with tempfile.TemporaryDirectory() as folder:
        whole, single = Path(folder, "whole.txt"), Path(folder, "single.txt")
        whole.write_text("\n".join(lines) + "\n", encoding="utf-8")
        single.write_text(lines[0] + "\n", encoding="utf-8")
        times = [
            min(timed(lambda path=path: output_of([*command, path])) for _ in range(repetitions))
            for path in (whole, single)
        ]
        if times[0] <= times[1]:
            raise EngineError("tokenizing took no measurable time")
        return whole.stat().st_size / (times[0] - times[1]) / 1e6


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
