"""The similarities of sentence-transformers, on numpy arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ._errors import OptionError

Similarity = Callable[[npt.ArrayLike, npt.ArrayLike], np.ndarray]


def _matrix(vectors: npt.ArrayLike) -> np.ndarray:
    array = np.asarray(vectors, dtype=np.float32)
    return array[None] if array.ndim == 1 else array


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-12)


def cosine(a: npt.ArrayLike, b: npt.ArrayLike) -> np.ndarray:
    return _unit(_matrix(a)) @ _unit(_matrix(b)).T


def dot(a: npt.ArrayLike, b: npt.ArrayLike) -> np.ndarray:
    return _matrix(a) @ _matrix(b).T


def euclidean(a: npt.ArrayLike, b: npt.ArrayLike) -> np.ndarray:
    return np.stack([-np.linalg.norm(row - _matrix(b), axis=-1) for row in _matrix(a)])


def manhattan(a: npt.ArrayLike, b: npt.ArrayLike) -> np.ndarray:
    return np.stack([-np.abs(row - _matrix(b)).sum(axis=-1) for row in _matrix(a)])


def _pairwise(similarity: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Similarity:
    def pairs(a: npt.ArrayLike, b: npt.ArrayLike) -> np.ndarray:
        left, right = np.asarray(a, np.float32), np.asarray(b, np.float32)
        if left.shape != right.shape:
            raise OptionError(f"pairs need as many vectors on both sides, but these are {left.shape} and {right.shape}")
        return similarity(left, right)

    return pairs


MATRICES: dict[str, Similarity] = {
    "cosine": cosine,
    "dot": dot,
    "euclidean": euclidean,
    "manhattan": manhattan,
}
PAIRWISE: dict[str, Similarity] = {
    "cosine": _pairwise(lambda a, b: (_unit(a) * _unit(b)).sum(axis=-1)),
    "dot": _pairwise(lambda a, b: (a * b).sum(axis=-1)),
    "euclidean": _pairwise(lambda a, b: -np.linalg.norm(a - b, axis=-1)),
    "manhattan": _pairwise(lambda a, b: -np.abs(a - b).sum(axis=-1)),
}
