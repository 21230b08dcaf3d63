#!/usr/bin/env python3
"""Measure how time grows with the tokens of a text and with the threads; a table on the output, a plot as SVG.

    python tools/plot_growth.py --model 0.6b.gguf > table.md

Each point is the best of the batches of one `touchstone bench`, and the points of a curve are measured in `--rounds`
rounds, one after another, so that a slow minute does not bend the curve. A text of 32,768 tokens takes minutes.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
TOKENS = (16, 64, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
ACTIVATIONS = ("i8", "i16", "f32")
#: Above it a text is measured once, without a warm-up.
LONG_TEXT_TOKENS = 4096
#: What the curve over threads is measured with.
THREAD_TEXT_TOKENS = 512

Seconds = dict[tuple[str, int], float]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    processors = len(os.sched_getaffinity(0))
    parser.add_argument("--model", type=Path, required=True, help="GGUF file")
    parser.add_argument("--touchstone", type=Path, default=REPOSITORY / ".build" / "release" / "touchstone")
    parser.add_argument("--output", type=Path, default=REPOSITORY / "docs" / "performance" / "growth.svg")
    parser.add_argument("--tokens", type=int, nargs="+", default=TOKENS, help="lengths (default: 16 … 32,768)")
    parser.add_argument("--activations", nargs="+", default=ACTIVATIONS, choices=ACTIVATIONS)
    parser.add_argument(
        "--threads", type=int, nargs="+", default=range(1, processors + 1), help="default: 1 to all processors"
    )
    parser.add_argument("--rounds", type=int, default=2, help="times that every short text is measured")
    return parser.parse_args()


def seconds(arguments: argparse.Namespace, tokens: int, threads: int, activations: str) -> float:
    """The time of one text, the best of a few."""
    is_long = tokens > LONG_TEXT_TOKENS
    command = [
        arguments.touchstone, "bench", "--model", arguments.model, "--tokens", tokens, "--threads", threads,
        "--activations", activations, "--repetitions", 1 if is_long else 3, "--warmup", 0 if is_long else 1,
        "--no-peaks", "--format", "json",
    ]  # fmt: skip
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"plot_growth: {done.stderr.strip()}")
    best = tokens / json.loads(done.stdout)["tokensPerSecond"]["best"]
    print(f"{activations}, {tokens} tokens, {threads} threads: {best:.3f} s", file=sys.stderr)
    return best


def measure_lengths(arguments: argparse.Namespace) -> Seconds:
    """Seconds by activations and tokens, on the most threads."""
    found: Seconds = {}
    for round_index in range(arguments.rounds):
        for tokens in arguments.tokens:
            if round_index > 0 and tokens > LONG_TEXT_TOKENS:
                continue
            for activations in arguments.activations:
                time = seconds(arguments, tokens, max(arguments.threads), activations)
                found[activations, tokens] = min(time, found.get((activations, tokens), time))
    return found


def measure_threads(arguments: argparse.Namespace) -> Seconds:
    """Seconds by activations and threads, of one text of 512 tokens."""
    found: Seconds = {}
    for _ in range(arguments.rounds):
        for threads in arguments.threads:
            for activations in arguments.activations:
                time = seconds(arguments, THREAD_TEXT_TOKENS, threads, activations)
                found[activations, threads] = min(time, found.get((activations, threads), time))
    return found


def table(title: str, found: Seconds, activations: list[str], work: int | None) -> str:
    """Tokens a second; `work` is the tokens of every point, or None where the point is the tokens."""
    points = sorted({point for _, point in found})
    lines = [f"| {title} | " + " | ".join(f"{name}, tokens/s" for name in activations) + " |"]
    lines.append("|---:|" + "---:|" * len(activations))
    for point in points:
        cells = [f"{(work or point) / found[name, point]:,.0f}" for name in activations]
        lines.append(f"| {point:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def plot(lengths: Seconds, threads: Seconds, activations: list[str], output: Path) -> None:
    import matplotlib as mpl  # noqa: PLC0415 - the tables need no plotting library

    mpl.use("svg")
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "touchstone", "font.size": 9})
    from matplotlib import pyplot, ticker  # noqa: PLC0415

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8, 3.2), width_ratios=(2, 1), layout="constrained")
    for name in activations:
        points = sorted(point for key, point in lengths if key == name)
        left.plot(points, [1000 * lengths[name, point] / point for point in points], marker="o", ms=3, label=name)
        counts = sorted(point for key, point in threads if key == name)
        speeds = [THREAD_TEXT_TOKENS / threads[name, count] for count in counts]
        right.plot(counts, speeds, marker="o", ms=3, label=name)
    left.set(xscale="log", yscale="log", xlabel="tokens of the text", ylabel="milliseconds a token")
    ticks = sorted({point for _, point in lengths})
    left.set_xticks(ticks, [f"{tick // 1024}k" if tick >= 1024 else str(tick) for tick in ticks], minor=False)
    left.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    left.yaxis.set_major_formatter("{x:g}")
    left.minorticks_off()
    right.set(xlabel="threads", ylabel=f"tokens/s, {THREAD_TEXT_TOKENS} tokens", ylim=(0, None))
    right.set_xticks(sorted({point for _, point in threads}))
    for axes in (left, right):
        axes.grid(alpha=0.3)
    left.legend(frameon=False)
    output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(output, metadata={"Date": None})


def main() -> None:
    arguments = parse_arguments()
    activations = list(arguments.activations)
    lengths, threads = measure_lengths(arguments), measure_threads(arguments)
    print(table("tokens of the text", lengths, activations, work=None))
    print()
    print(table("threads", threads, activations, work=THREAD_TEXT_TOKENS))
    plot(lengths, threads, activations, arguments.output)


if __name__ == "__main__":
    main()
