#!/usr/bin/env python3
"""Write what transformers gives with every mistake, for the tests: testdata/mistakes.

`f32`: the vectors of one small model. `f32-half`, `large-residual`: vectors in half precision, which overflow in some
texts of the second. `rerank-yes-no`: the scores of one small reranker.

    python tools/make_mistakes.py

The mistakes are made with transformers (package `mistakes`). The tests judge these vectors, so that the emulation is
compared with an implementation that is not its own. A part of the probing set is enough; of each mistake only the
vectors that differ from the right ones are written. Needs tools/requirements.txt and a built command.
"""

import missing_packages  # noqa: F401

# isort: split
import argparse
from pathlib import Path
from typing import Any

import torch

from confusion import LARGE, REPOSITORY
from make_golden import TESTDATA, model_path
from mistakes import reranking
from mistakes.backend import WrongBackend
from mistakes.catalogue import MISTAKES, PAIRS
from mistakes.checker import Checker
from mistakes.column import CORRECT, OVERFLOW
from mistakes.settings import Settings
from reference.gguf_model import read_model
from reference.golden import FloatFile, write_json

MODEL = "f32"
RERANKER = "rerank-yes-no"
PROBES = [
    "plain-sentence",
    "plain-question",
    "plain-words",
    "one-token",
    "empty",
    "query-gravity",
    "query-own-task",
    "space-at-start",
    "space-at-end",
    "space-inside",
    "line-ends-inside",
    "carriage-returns",
    "decomposed-latin",
    "contractions",
    "punctuation",
    "special-end-last",
    "special-turn",
    "upper-case",
    "chinese",
    "token-ids",
    "token-ids-bytes",
    "half-of-the-dimensions",
    "above-512-tokens",
    "plain-words-again",
]


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(1)
    path = model_path(MODEL)
    model = read_model(path)
    probes = some_probes(arguments.command, path)
    floats = FloatFile()
    right = WrongBackend(model, Settings()).vectors(probes)
    rows = []
    for name, settings in {CORRECT: Settings(), **MISTAKES, **PAIRS}.items():
        vectors = WrongBackend(model, settings).vectors(probes)
        spans = {
            probe: floats.append(vector)
            for probe, vector in vectors.items()
            if name == CORRECT or vector.shape != right[probe].shape or not torch.equal(vector, right[probe])
        }
        missing = sorted(right.keys() - vectors.keys())
        if spans:
            rows.append({"mistakes": name.split(" + "), "missing": missing, "vectors": spans})
    head = {"model": str(path.relative_to(TESTDATA)), "floats": f"mistakes/{MODEL}.f32"}
    arguments.output.mkdir(parents=True, exist_ok=True)
    write_json(arguments.output / f"{MODEL}.json", head, "cases", rows)
    floats.write(arguments.output / f"{MODEL}.f32")
    print(f"{len(rows)} cases, {floats.length * 4:,} bytes")
    write_half(arguments, MODEL, f"{MODEL}-half", CORRECT)
    write_half(arguments, LARGE, LARGE, OVERFLOW)
    write_scores(arguments)


def some_probes(command: Path, path: Path) -> list[dict[str, Any]]:
    every = Checker(command).probes(path)
    probes = [probe for probe in every if probe["id"] in PROBES]
    if len(probes) != len(PROBES):
        raise ValueError(f"the command knows only {[probe['id'] for probe in probes]}")
    return probes


def write_half(arguments: argparse.Namespace, name: str, output: str, mistake: str) -> None:
    """What transformers gives in float16 without a mistake of its own."""
    path = model_path(name)
    backend = WrongBackend(read_model(path), Settings(dtype=torch.float16))
    vectors = backend.vectors(some_probes(arguments.command, path))
    floats = FloatFile()
    row = {"mistakes": [mistake], "missing": [], "vectors": {probe: floats.append(vectors[probe]) for probe in vectors}}
    head = {"model": str(path.relative_to(TESTDATA)), "floats": f"mistakes/{output}.f32"}
    write_json(arguments.output / f"{output}.json", head, "cases", [row])
    floats.write(arguments.output / f"{output}.f32")
    broken = sum(not bool(torch.isfinite(vector).all()) for vector in vectors.values())
    print(f"{output}: {broken} of {len(vectors)} vectors are not finite")


def write_scores(arguments: argparse.Namespace) -> None:
    """The whole probing set: a score is a number."""
    path = model_path(RERANKER)
    model = read_model(path)
    probes = Checker(arguments.command).probes(path)
    rows: list[dict[str, Any]] = []
    settings = {CORRECT: reranking.RerankSettings(), **reranking.MISTAKES, **reranking.PAIRS}
    for name, setting in settings.items():
        scores = reranking.WrongReranker(model, setting).scores(probes)
        if not rows or scores != rows[0]["scores"]:
            rows.append({"mistakes": name.split(" + "), "scores": scores})
    head = {"model": str(path.relative_to(TESTDATA))}
    write_json(arguments.output / f"{RERANKER}.json", head, "cases", rows)
    print(f"{len(rows)} cases of a reranker")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", type=Path, default=REPOSITORY / ".build" / "release" / "touchstone")
    parser.add_argument("--output", type=Path, default=TESTDATA / "mistakes", help="folder (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
