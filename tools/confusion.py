#!/usr/bin/env python3
"""Every known mistake, made with transformers, and what `touchstone check` says: docs/mistakes/confusion.md.

    python tools/confusion.py                                  all models, mistakes and precisions: some minutes
    python tools/confusion.py --models f32 --mistakes no-nfc   a part, printed only

Vectors are computed by transformers with the mistake injected (package `mistakes`), written as a file, and judged by
the command. A mistake that changes no vector of a model (a base of 10000 in a model that has it) is skipped there.
Exits with 1 where a verdict is wrong. Needs tools/requirements.txt and a built command.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from make_golden import model_path
from mistakes.backend import WrongBackend
from mistakes.catalogue import MISTAKES, PAIRS
from mistakes.settings import Settings
from reference.gguf_model import GGUFModel, read_model

REPOSITORY = Path(__file__).resolve().parent.parent
MODELS = ("demo", "f32", "q5_1", "q4_k_m")
PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
#: Below this many times what the precision itself does, a mistake cannot be seen.
ROUNDING_MARGIN = 8
#: Correct backends, which must not be accused.
CORRECT = "(correct)"


class Checker:
    """The command under test."""

    def __init__(self, command: Path, folder: Path) -> None:
        self.command, self.folder = command, folder

    def probes(self, model: Path) -> list[dict[str, Any]]:
        output = self.run("check", "--texts", "-", "--with-options", "--model", str(model)).stdout
        return [json.loads(line) for line in output.splitlines()]

    def verdict(self, model: Path, vectors: dict[str, torch.Tensor]) -> dict[str, Any]:
        path = self.folder / "vectors.jsonl"
        lines = [json.dumps({"id": name, "embedding": vector.tolist()}) for name, vector in vectors.items()]
        path.write_text("\n".join(lines), encoding="utf-8")
        answer = self.run("check", "--vectors", str(path), "--json", "--model", str(model))
        if not answer.stdout:
            raise RuntimeError(answer.stderr)
        return json.loads(answer.stdout)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(self.command), *arguments], capture_output=True, text=True, check=False)


def cell(checker: Checker, path: Path, model: GGUFModel, name: str, settings: Settings) -> tuple[str, bool]:
    """What the table says of one mistake in one model, and whether it is right."""
    probes = checker.probes(path)
    vectors = WrongBackend(model, settings).vectors(probes)
    right = WrongBackend(model, Settings(dtype=settings.dtype)).vectors(probes)
    if name != CORRECT and same(vectors, right):
        return "–", True
    verdict = checker.verdict(path, vectors)
    found = {diagnosis["id"] for diagnosis in verdict["diagnoses"]}
    expected = set() if name == CORRECT else set(name.split(" + "))
    if found == expected and (name != CORRECT or verdict["agrees"]):
        confidence = min((diagnosis["confidence"] for diagnosis in verdict["diagnoses"]), default=1)
        return ("agrees, " + verdict["precision"] if name == CORRECT else f"✓ {confidence:.2f}"), True
    if verdict["agrees"] and effect(vectors, right) < ROUNDING_MARGIN * rounding(model, probes, settings, right):
        return "below rounding", True
    return "**" + (", ".join(sorted(found)) or verdict["outcome"]) + "**", False


def effect(vectors: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> float:
    """The largest 1 − cosine between vectors of the same probes."""
    cosines = [
        torch.nn.functional.cosine_similarity(vector.double(), right[name].double(), dim=0)
        for name, vector in vectors.items()
        if vector.shape == right[name].shape
    ]
    return max((1 - float(cosine) for cosine in cosines), default=2.0)


def rounding(
    model: GGUFModel, probes: list[dict[str, Any]], settings: Settings, right: dict[str, torch.Tensor]
) -> float:
    """How far the precision itself moves the right vectors."""
    return effect(WrongBackend(model, Settings()).vectors(probes), right) if settings.dtype != torch.float32 else 0.0


def same(vectors: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> bool:
    return vectors.keys() == right.keys() and all(
        vector.shape == right[name].shape and torch.equal(vector, right[name]) for name, vector in vectors.items()
    )


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(1)
    names = arguments.mistakes or [CORRECT, *MISTAKES, *PAIRS]
    columns = [(model, precision) for model in arguments.models for precision in PRECISIONS]
    rows, wrong = {name: [] for name in names}, 0
    with tempfile.TemporaryDirectory() as folder:
        checker = Checker(arguments.command, Path(folder))
        for model_name, precision in columns:
            path = model_path(model_name)
            model = read_model(path)
            for name in names:
                settings = {CORRECT: Settings(), **MISTAKES, **PAIRS}[name]
                settings = replace(settings, dtype=PRECISIONS[precision])
                text, is_right = cell(checker, path, model, name, settings)
                rows[name].append(text)
                wrong += not is_right
                if not is_right or arguments.mistakes:
                    print(f"{model_name} {precision} {name}: {text}", file=sys.stderr)
    lines = [
        "| mistake | " + " | ".join(f"{model}, {precision}" for model, precision in columns) + " |",
        "|---|" + "---|" * len(columns),
        *(f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows.items()),
    ]
    total = sum(text != "–" for cells in rows.values() for text in cells)
    summary = f"{total - wrong} of {total} verdicts are right."
    print("\n".join([*lines, "", summary]))
    if not arguments.mistakes and arguments.output:
        arguments.output.write_text(HEAD + summary + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(1 if wrong else 0)


HEAD = """# Which mistake is named as which

Every mistake, made with transformers and tokenizers (`tools/mistakes`: hooks and replaced functions, no code of this
project), and what `touchstone check` says about the vectors. Rows are what was done, columns the model and the
precision that transformers computed in. ✓: exactly that was named, with the confidence (the lowest, where there are
several). –: the mistake changes no vector of that model. below rounding: it changes them by less than the precision
does, and they were said to agree. Bold: what was said instead.

Written by `python tools/confusion.py`.

"""


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=MODELS, metavar="NAME", help="default: %(default)s")
    parser.add_argument("--mistakes", nargs="+", metavar="ID", choices=[CORRECT, *MISTAKES, *PAIRS])
    parser.add_argument("--command", type=Path, default=REPOSITORY / ".build" / "release" / "touchstone")
    parser.add_argument("--output", type=Path, help="write the page, docs/mistakes/confusion.md say")
    return parser.parse_args()


if __name__ == "__main__":
    main()
