"""Golden files: cases in a small JSON file, their numbers in a file of little-endian float32 beside it."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor


@dataclass
class FloatFile:
    """Numbers appended one after the other; a span says where each array is."""

    arrays: list[np.ndarray] = field(default_factory=list)
    length: int = 0

    def append(self, values: Tensor) -> dict[str, int]:
        array = values.detach().float().numpy().ravel().astype("<f4")
        span = {"offset": self.length, "count": array.size}
        self.arrays.append(array)
        self.length += array.size
        return span

    def write(self, path: Path) -> None:
        path.write_bytes(np.concatenate(self.arrays).tobytes())


def write_json(path: Path, head: dict[str, Any], key: str, rows: list[dict[str, Any]]) -> None:
    """One line for each row, so that a change of one case is a change of one line."""
    lines = [f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}," for name, value in head.items()]
    body = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows)
    path.write_text("\n".join(["{", *lines, f" {json.dumps(key)}: [", body, " ]", "}", ""]), encoding="utf-8")


def pool(states: Tensor, pooling: str) -> Tensor:
    """[tokens, hidden] to [hidden]; `none` keeps every token."""
    match pooling:
        case "last":
            return states[-1]
        case "cls":
            return states[0]
        case "mean":
            return states.mean(dim=0)
        case "none":
            return states
    raise ValueError(f"pooling '{pooling}' is not one of last, cls, mean, none")


def normalized(state: Tensor, dimensions: int) -> Tensor:
    """The first `dimensions` components, then L2 (every row on its own)."""
    return torch.nn.functional.normalize(state[..., :dimensions], dim=-1)


def error(vector: Tensor, exact: Tensor) -> dict[str, float]:
    """How far unit vectors are from float64: the largest 1 − cosine and the largest component difference."""
    vector, exact = vector.double(), exact.double()
    # |a/|a| − b/|b||² / 2 is 1 − cosine without its cancellation.
    difference = torch.nn.functional.normalize(vector, dim=-1) - torch.nn.functional.normalize(exact, dim=-1)
    return {
        "oneMinusCosine": float(f"{(difference.square().sum(dim=-1) / 2).max():.3g}"),
        "largestDifference": float(f"{(vector - exact).abs().max():.3g}"),
    }
