#!/usr/bin/env python3
"""Compare instruction sets, or two builds, in turn on this machine: a table with medians and ratios.

    python tools/compare_kernels.py --model 0.6b.gguf                     # the two fastest sets of this processor
    python tools/compare_kernels.py --model 0.6b.gguf --kernels amx avx512 --tokens 16 512 8x64
    python tools/compare_kernels.py --model 0.6b.gguf --programs old/touchstone .build/release/touchstone

Every round runs each candidate once, one after another, so that a slow minute meets all of them. The ratio is the
median over the rounds of (first candidate's time / candidate's time): above 1, the candidate is faster. Before anything
is measured, one text is embedded by each, and the vectors are compared byte for byte. `touchstone make-model --shape
0.6b` makes a model of the official shape with random weights.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PROGRAM = REPOSITORY / ".build" / "release" / "touchstone"


@dataclass(frozen=True)
class Candidate:
    name: str
    program: Path
    kernels: str | None

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | ({"TOUCHSTONE_CPU": self.kernels} if self.kernels else {})

    def run(self, *arguments: str) -> str:
        result = subprocess.run(
            [str(self.program), *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        if result.returncode != 0:
            sys.exit(f"compare_kernels: {self.name}: {result.stderr.strip()}")
        return result.stdout

    def milliseconds(self, model: Path, load: str, activations: str, repetitions: int) -> float:
        sequences, _, tokens = load.rpartition("x")
        report = self.run(
            "bench", "--model", str(model), "--tokens", tokens, "--sequences", sequences or "1", "--activations",
            activations, "--repetitions", str(repetitions), "--no-peaks", "--format", "json",
        )  # fmt: skip
        return json.loads(report)["milliseconds"]["best"]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="GGUF file")
    parser.add_argument("--kernels", nargs="+", help="values of TOUCHSTONE_CPU (default: the two fastest sets)")
    parser.add_argument("--programs", type=Path, nargs="+", default=[PROGRAM], help="builds to compare")
    parser.add_argument(
        "--tokens", nargs="+", default=["16", "64", "512", "8x64"], help="tokens, or texts x tokens (8x64)"
    )
    parser.add_argument("--activations", nargs="+", default=["i8", "i16"], choices=["i8", "i16", "f32"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repetitions", type=int, default=3, help="passes of one measurement; the best counts")
    return parser.parse_args()


def supported_kernels(program: Path) -> list[str]:
    version = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
    return next(line for line in version.splitlines() if line.startswith("CPU:")).split()[1:]


def candidates(options: argparse.Namespace) -> list[Candidate]:
    if len(options.programs) > 1:
        kernels = (options.kernels or [None])[0]
        return [Candidate(f"{index + 1}: {path}", path, kernels) for index, path in enumerate(options.programs)]
    program = options.programs[0]
    return [Candidate(name, program, name) for name in options.kernels or supported_kernels(program)[:2]]


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def main() -> None:
    options = parse_arguments()
    compared = candidates(options)
    if len(compared) < 2:
        sys.exit("compare_kernels: there is one candidate only; name two with --kernels or --programs")
    for activations in options.activations:
        texts = "A text of more than twelve tokens, so that whoever has matrix registers uses them for it."
        vectors = [c.run("embed", "--model", str(options.model), "--activations", activations, texts) for c in compared]
        for candidate, vector in zip(compared, vectors, strict=True):
            if vector != vectors[0]:
                print(f"note: {candidate.name} gives other bits than {compared[0].name} in {activations}")
    print(f"{processor()}, {len(os.sched_getaffinity(0))} processors, {options.rounds} rounds; ms, median (best)\n")
    print("| tokens | activations |" + "".join(f" {c.name} |" for c in compared) + " ratio |")
    print("|---|---|" + "---:|" * (len(compared) + 1), flush=True)
    for load in options.tokens:
        for activations in options.activations:
            times: list[list[float]] = [[] for _ in compared]
            for _ in range(options.rounds):
                for candidate, own in zip(compared, times, strict=True):
                    own.append(candidate.milliseconds(options.model, load, activations, options.repetitions))
            cells = "".join(f" {statistics.median(own):.1f} ({min(own):.1f}) |" for own in times)
            ratios = [
                statistics.median(first / other for first, other in zip(times[0], own, strict=True))
                for own in times[1:]
            ]
            print(f"| {load} | {activations} |{cells} {', '.join(f'{ratio:.2f}' for ratio in ratios)} |", flush=True)


if __name__ == "__main__":
    main()
