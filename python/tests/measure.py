"""Measures the wrapper: throughput of `encode` against `touchstone bench`, and the overhead of a call and of a text.

    python measure.py [--model FILE] [--texts 1000] [--tokens 64] [--rounds 7]

Times are those of the processor on one thread, so that other programs of the machine count little. The two take turns,
since the speed of a machine drifts; each ratio is of neighbors.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import time
from pathlib import Path

from touchstone_embeddings import EmbeddingModel
from touchstone_embeddings.__main__ import command_path

DEMO = Path(__file__).parents[2] / "testdata/demo/demo-q4_k_m.gguf"


def text_of(model: EmbeddingModel, tokens: int, number: int) -> str:
    """A text of exactly so many tokens, the end of text included."""
    words = f"{number} the file was not found".split()
    text = " ".join(words)
    while model.token_count(text) < tokens:
        text += " " + words[1 + len(text) % (len(words) - 1)]
    if model.token_count(text) != tokens:
        raise SystemExit(f"no text of {tokens} tokens was found")
    return text


def bench(model: Path, tokens: int, sequences: int, counted: int) -> float:
    """Processor seconds of a token: those of a long run less those of a short one."""
    used = []
    for repetitions in (1, 1 + counted):
        arguments = ["--model", str(model), "--tokens", str(tokens), "--sequences", str(sequences), "--threads", "1"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [command_path(), "bench", *arguments, "--repetitions", str(repetitions), "--no-peaks", "--format", "json"],
            capture_output=True,
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return (used[1] - used[0]) / (counted * sequences * tokens)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=DEMO)
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--repetitions", type=int, default=40, help="of bench, beside the first")
    options = parser.parse_args()
    model = EmbeddingModel(options.model, threads=1)
    texts = [text_of(model, options.tokens, number) for number in range(options.texts)]
    model.encode(texts[:32])
    ratios = []
    for number in range(options.rounds):
        before = bench(options.model, options.tokens, 1024 // options.tokens, options.repetitions)
        start = time.process_time()
        model.encode(texts)
        ours = (time.process_time() - start) / (options.texts * options.tokens)
        theirs = (before + bench(options.model, options.tokens, 1024 // options.tokens, options.repetitions)) / 2
        ratios.append(theirs / ours)
        print(f"round {number}: encode {ours * 1e6:.2f} µs a token, bench {theirs * 1e6:.2f}, ratio {ratios[-1]:.3f}")
    print(f"throughput of encode, of bench's, median of {options.rounds} rounds: {statistics.median(ratios):.3f}")

    # What a call costs beside the work: the shortest text, and the time of the same number of them in one call.
    shortest = ["a"] * 1000
    calls, text_times = [], []
    for _ in range(options.rounds):
        start = time.process_time()
        for text in shortest[:200]:
            model.encode(text)
        calls.append((time.process_time() - start) / 200)
        start = time.process_time()
        model.encode(shortest)
        text_times.append((time.process_time() - start) / len(shortest))
    count = []
    for _ in range(options.rounds):
        start = time.process_time()
        for text in shortest[:200]:
            model.token_count(text)
        count.append((time.process_time() - start) / 200)
    print(f"a text of one word, alone: {min(calls) * 1e6:.0f} µs; among 1,000: {min(text_times) * 1e6:.1f} µs")
    print(f"a call that computes nothing (token_count): {min(count) * 1e6:.1f} µs")


if __name__ == "__main__":
    main()
