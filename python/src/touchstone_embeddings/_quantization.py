"""float32 vectors as int8, uint8 or bits, as sentence-transformers makes them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ._errors import OptionError

PRECISIONS = ("float32", "int8", "uint8", "binary", "ubinary")


def quantize_embeddings(
    embeddings: npt.ArrayLike,
    precision: str,
    ranges: np.ndarray | None = None,
    calibration_embeddings: np.ndarray | None = None,
) -> np.ndarray:
    """Vectors in fewer bits.

    int8 and uint8 divide the range of each component into 255 steps. The ranges are given, or those of the calibration
    vectors, or else of the vectors themselves: then a vector's numbers depend on what it is quantized with.

    Args:
        embeddings: [vectors, dimensions], float.
        precision: float32, int8, uint8, binary (bits packed, minus 128) or ubinary (bits packed).
        ranges: [2, dimensions]: the least and the greatest value of each component.
        calibration_embeddings: vectors that the ranges are taken from.
    """
    vectors = np.asarray(embeddings)
    if precision not in PRECISIONS:
        raise OptionError(f"precision is {precision!r}, but must be one of {', '.join(PRECISIONS)}")
    if vectors.dtype.kind != "f":
        raise OptionError(f"vectors to quantize must be floats, but these are {vectors.dtype}")
    if precision == "float32":
        return vectors.astype(np.float32, copy=False)
    if precision in ("binary", "ubinary"):
        bits = np.packbits(vectors > 0, axis=-1)
        return (bits - 128).astype(np.int8) if precision == "binary" else bits

    dtype = np.int8 if precision == "int8" else np.uint8
    if vectors.ndim == 2 and len(vectors) == 0:
        return np.zeros(vectors.shape, dtype)
    if ranges is None:
        source = vectors if calibration_embeddings is None else np.asarray(calibration_embeddings)
        if source.ndim < 2 or len(source) < 2:
            raise OptionError(
                f"{precision} needs the range of each component, and one vector has none; pass ranges, "
                "calibration_embeddings or more texts at once"
            )
        ranges = np.vstack((source.min(axis=0), source.max(axis=0)))
    ranges = np.asarray(ranges).astype(np.float32, copy=False)
    starts = ranges[0]
    steps = (ranges[1] - starts) / 255
    steps = np.where(steps == 0, 1, steps)
    values = np.clip(np.floor((vectors - starts) / steps), 0, 255)
    return values.astype(np.uint8) if precision == "uint8" else (values - 128).astype(np.int8)
