"""Are the vectors of another engine right? `check` asks the command, which knows some thirty mistakes.

    from touchstone_embeddings.oracle import check

    check(lambda texts: other.encode(texts), "Qwen3-Embedding-0.6B-Q8_0.gguf").require()
    print(check("http://localhost:11434", "Qwen3-Embedding-0.6B-Q8_0.gguf"))

In tests: `pytest --touchstone-model FILE` and the fixture `touchstone_check` (see `pytest_plugin`).
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ._errors import TouchstoneError

Vectors = Iterable[Iterable[float]]


class CheckError(TouchstoneError):
    """No check took place: the model cannot be read, the server not be reached, an answer has the wrong size."""


class WrongVectorsError(TouchstoneError, AssertionError):
    """The vectors are not the reference's. The sentence is the verdict."""


@dataclass(frozen=True)
class Diagnosis:
    """A mistake that predicts the vectors."""

    id: str
    title: str
    evidence: str
    remedy: str
    confidence: float | None
    """None for what was observed, such as a length or NaN."""


@dataclass(frozen=True)
class Verdict:
    """What the command says of the vectors. `str()` is its text."""

    agrees: bool
    outcome: str
    """agrees, diagnosis, unknown or incomplete."""
    diagnoses: list[Diagnosis]
    deviations: list[Diagnosis]
    """Of a server's HTTP API: they say nothing of the vectors."""
    missing: list[str]
    """The probes that should have a vector and have none."""
    notes: list[str]
    text: str = field(repr=False)
    json: dict[str, Any] = field(repr=False)
    """The command's whole answer; docs/reference/check.md explains it."""

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return self.agrees

    def require(self) -> Verdict:
        """Raises WrongVectorsError, with mistake, evidence and remedy, unless the vectors agree."""
        if not self.agrees:
            raise WrongVectorsError(self.text)
        return self


def check(
    subject: str | Callable[[list[str]], Vectors],
    model: str | os.PathLike[str],
    *,
    batch_size: int = 32,
    also: Sequence[str | os.PathLike[str]] = (),
    search_seconds: int | None = None,
    options: Sequence[str] = (),
    timeout: float | None = None,
) -> Verdict:
    """Judges a server by its URL, or a function that takes a list of texts and returns a vector for each.

    Args:
        subject: queries among the texts carry their instruction already: embed every text as it is.
        model: the GGUF file that the other engine's vectors should be those of.
        batch_size: how many texts the function gets at once.
        also: other files to try where the vectors are not those of `model`.
        search_seconds: how long combinations of mistakes are searched.
        options: further options of `touchstone check`, such as `["--insecure"]`.
        timeout: seconds for the whole check.

    Raises:
        CheckError: no check took place.
    """
    arguments = ["--model", os.fspath(model)]
    for file in also:
        arguments += ["--also", os.fspath(file)]
    if search_seconds is not None:
        arguments += ["--search-seconds", str(search_seconds)]
    arguments += options
    if isinstance(subject, str):
        return _verdict([subject, *arguments], timeout)
    with tempfile.TemporaryDirectory(prefix="touchstone-check-") as folder:
        texts, vectors = Path(folder, "texts.jsonl"), Path(folder, "vectors.jsonl")
        _run(["--model", os.fspath(model), "--texts", str(texts)], timeout, expected={0})
        probes = [json.loads(line) for line in texts.read_text().splitlines()]
        with vectors.open("w") as file:
            for start in range(0, len(probes), batch_size):
                batch = probes[start : start + batch_size]
                found = [_numbers(vector) for vector in subject([probe["text"] for probe in batch])]
                if len(found) != len(batch):
                    raise CheckError(f"the function gave {len(found)} vectors for {len(batch)} texts")
                for probe, vector in zip(batch, found, strict=True):
                    file.write(json.dumps({"id": probe["id"], "embedding": vector}) + "\n")
        return _verdict(["--vectors", str(vectors), *arguments], timeout)


def _numbers(vector: Any) -> list[float]:
    """The numbers of a list, an array or a tensor. JSON has no NaN: null stands for it, and the verdict names it."""
    if hasattr(vector, "detach"):
        vector = vector.detach().float().cpu()
    values = vector.tolist() if hasattr(vector, "tolist") else list(vector)
    if not all(isinstance(value, (int, float)) for value in values):
        raise CheckError("the function must return a vector of numbers for each text")
    return [value if value - value == 0 else None for value in values]


def _verdict(arguments: list[str], timeout: float | None) -> Verdict:
    result = _run([*arguments, "--json"], timeout, expected={0, 1, 2, 4})
    try:
        answer = json.loads(result.stdout)
    except ValueError:
        raise CheckError(_sentence(result)) from None
    diagnoses = [_diagnosis(entry) for entry in answer["diagnoses"]]
    return Verdict(
        agrees=answer["agrees"],
        outcome=answer["outcome"],
        diagnoses=diagnoses,
        deviations=[_diagnosis(entry) for entry in answer["deviations"]],
        missing=list(answer["missing"]),
        notes=list(answer.get("notes", [])),
        text=_text(answer, diagnoses),
        json=answer,
    )


def _diagnosis(entry: dict[str, Any]) -> Diagnosis:
    return Diagnosis(entry["id"], entry["title"], entry["evidence"], entry["remedy"], entry["confidence"])


_KNOWN = {
    "agrees": "right: the vectors are the reference's",
    "diagnosis": "wrong:",
    "unknown": "wrong, and not explained: no known mistake predicts the vectors",
    "incomplete": "incomplete: not every text has a vector",
}


def _text(answer: dict[str, Any], diagnoses: list[Diagnosis]) -> str:
    first = _KNOWN.get(answer["outcome"], answer["outcome"])
    largest = answer.get("largest_difference")
    if not diagnoses and largest is not None:
        first += f"; the largest 1 − cos is {largest}"
    lines = [first, *(_lines(item) for item in diagnoses)]
    lines += [f"no vector: {name}" for name in answer["missing"]]
    lines += [f"note: {note}" for note in answer.get("notes", [])]
    if answer["deviations"]:
        lines.append("the HTTP API deviates, which says nothing of the vectors:")
        lines += [_lines(_diagnosis(entry)) for entry in answer["deviations"]]
    return "\n".join(lines)


def _lines(item: Diagnosis) -> str:
    confidence = "" if item.confidence is None else f" (confidence {item.confidence:.2f})"
    return f"{item.id}{confidence}: {item.title}\n  evidence: {item.evidence}\n  remedy: {item.remedy}"


def _run(arguments: list[str], timeout: float | None, expected: set[int]) -> subprocess.CompletedProcess[str]:
    from .__main__ import command_path

    try:
        result = subprocess.run(
            [command_path(), "check", *arguments], capture_output=True, text=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        raise CheckError(f"the check took longer than {timeout} seconds") from None
    if result.returncode not in expected:
        raise CheckError(_sentence(result))
    return result


def _sentence(result: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in result.stderr.strip().splitlines() if line]
    text = lines[-1] if lines else f"touchstone check ended with status {result.returncode}"
    return text.removeprefix("touchstone: ").removeprefix("Error: ")
