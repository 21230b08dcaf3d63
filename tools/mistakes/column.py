"""A column of the table: one model in one precision, and what the command says of each mistake there."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import torch

from reference.gguf_model import read_model

from . import network
from .backend import WrongBackend
from .catalogue import MISTAKES, PAIRS
from .checker import Checker
from .settings import Settings

#: Correct backends, which must not be accused.
CORRECT = "(correct)"
EVERY = {CORRECT: Settings(), **MISTAKES, **PAIRS}
PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
#: As verdicts name them.
CLASSES = {"float32": "float32", "bfloat16": "bfloat16", "float16": "half"}
#: Below this many times what the precision itself does, a mistake cannot be seen.
ROUNDING_MARGIN = 8
#: What a correct backend is accused of, rightly, where half precision overflows.
OVERFLOW = "not-finite"

Vectors = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Cell:
    text: str
    is_right: bool
    #: The class of rounding that was named; None where nothing was compared.
    precision: str | None = None


class Column:
    """What does not depend on the mistake is computed once."""

    def __init__(self, path: Path, precision: str, checker: Checker) -> None:
        self.path, self.precision, self.checker = path, precision, checker
        self.model = read_model(path)
        self.probes = checker.probes(path)
        self.network = network.build(self.model, Settings(dtype=PRECISIONS[precision]))
        self.right = self.vectors(EVERY[CORRECT])

    def vectors(self, settings: Settings) -> Vectors:
        settings = replace(settings, dtype=PRECISIONS[self.precision])
        return WrongBackend(self.model, settings, self.network).vectors(self.probes)

    @cached_property
    def rounding(self) -> float:
        """How far the precision itself moves the right vectors."""
        if self.precision == "float32":
            return 0.0
        return effect(WrongBackend(self.model, Settings()).vectors(self.probes), self.right)

    def cell(self, name: str) -> Cell:
        vectors = self.right if name == CORRECT else self.vectors(EVERY[name])
        if name != CORRECT and same(vectors, self.right):
            return Cell("–", True)
        verdict = self.checker.verdict(self.path, vectors)
        found = {diagnosis["id"] for diagnosis in verdict["diagnoses"]}
        broken = sum(not bool(torch.isfinite(vector).all()) for vector in vectors.values())
        expected = (set() if name == CORRECT else set(name.split(" + "))) | ({OVERFLOW} if broken else set())
        precision = verdict["precision"]
        if found == expected and verdict["agrees"] == (not expected):
            # What is seen itself has none.
            confidence = min((diagnosis["confidence"] or 1 for diagnosis in verdict["diagnoses"]), default=1)
            text = f"✓ {confidence:.2f}" if expected else f"agrees, {precision}"
            note = f" (`{OVERFLOW}`: {broken} of {len(vectors)} vectors; the others: {precision})" if broken else ""
            return Cell(text + note, True, precision)
        if verdict["agrees"] and effect(vectors, self.right) < ROUNDING_MARGIN * self.rounding:
            return Cell("below rounding", True)
        return Cell("**" + (", ".join(sorted(found)) or verdict["outcome"]) + "**", False, precision)


def effect(vectors: Vectors, right: Vectors) -> float:
    """The largest 1 − cosine between vectors of the same probes."""
    cosines = [
        torch.nn.functional.cosine_similarity(vector.double(), right[name].double(), dim=0)
        for name, vector in vectors.items()
        if vector.shape == right[name].shape
    ]
    return max((1 - float(cosine) for cosine in cosines), default=2.0)


def same(vectors: Vectors, right: Vectors) -> bool:
    return vectors.keys() == right.keys() and all(
        vector.shape == right[name].shape and torch.equal(vector, right[name]) for name, vector in vectors.items()
    )
