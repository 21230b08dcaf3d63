#!/usr/bin/env python3
"""Writes testdata/blocks/: blocks of every format and the float32 values that they stand for.

The values come from `gguf.quants.dequantize` of the Python package gguf, which shares no code with this
project. The bits of the blocks are random; their half-precision scales cycle through the extremes.

    pip install numpy gguf==0.19.0
    python3 tools/make_block_golden.py testdata/blocks

One file a format and kind, NAME.KIND.golden, little-endian:

    uint32  number of blocks
    uint32  bytes per block
    uint32  values per block
    the blocks
    the values, float32

Kinds: `finite` (scales finite, including zeros of both signs, subnormals and the largest number) and
`nonfinite` (scales infinite or not a number; of MXFP4, scales so large that weights are infinite; NVFP4 has none).

NAME.grid: the points of a grid of IQ1, IQ2 and IQ3 formats, int8, as gguf unpacks them.
"""

import missing_packages  # noqa: F401

# isort: split
import struct
import sys
from pathlib import Path

import numpy as np
from gguf import quants
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

# Format: the byte offsets of its float16 fields.
SCALE_OFFSETS = {
    "Q4_0": [0],
    "Q4_1": [0, 2],
    "Q5_0": [0],
    "Q5_1": [0, 2],
    "Q8_0": [0],
    "Q2_K": [80, 82],
    "Q3_K": [108],
    "Q4_K": [0, 2],
    "Q5_K": [0, 2],
    "Q6_K": [208],
    "IQ4_NL": [0],
    "IQ4_XS": [0],
}

# These came later: they have a generator of their own, so that the blocks above stay what they are.
LATER_SCALE_OFFSETS = {
    "IQ1_S": [0],
    "IQ2_XXS": [0],
    "IQ2_XS": [0],
    "IQ2_S": [0],
    "IQ3_XXS": [0],
    "IQ3_S": [0],
    "TQ1_0": [52],
    "TQ2_0": [64],
}
GRIDS = ["IQ1_S", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S"]

# Zero, minus zero, the smallest and largest subnormals, the smallest normal, ±1, a typical scale, the largest.
FINITE = [0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x83FF, 0x0400, 0x3C00, 0xBC00, 0x211F, 0xA11F, 0x7BFF, 0xFBFF]
NONFINITE = [0x7C00, 0xFC00, 0x7E00, 0xFE01]


def dequantize(blocks: np.ndarray, kind: GGMLQuantizationType) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.ascontiguousarray(quants.dequantize(blocks, kind), dtype=np.float32).reshape(-1)


def write(path: Path, blocks: np.ndarray, values: np.ndarray) -> None:
    count, size = blocks.shape
    header = struct.pack("<3I", count, size, values.size // count)
    path.write_bytes(header + blocks.tobytes() + values.astype("<f4").tobytes())


def scale_columns(patterns: list[int], fields: int, generator: np.random.Generator) -> np.ndarray:
    """Every pattern in every field; the partner of a first field's pattern is drawn at random."""
    rows = []
    for field in range(fields):
        for pattern in patterns:
            row = generator.choice(FINITE, size=fields)
            row[field] = pattern
            rows.append(row)
    return np.array(rows, dtype="<u2")


def quantised(name: str, patterns: list[int], random_rows: int, generator: np.random.Generator) -> np.ndarray:
    offsets = (SCALE_OFFSETS | LATER_SCALE_OFFSETS)[name]
    size = GGML_QUANT_SIZES[GGMLQuantizationType[name]][1]
    scales = scale_columns(patterns, len(offsets), generator)
    # Typical scales, 2^-15 … 2^1, so that most blocks look like those of a model.
    typical = generator.uniform(-15, 1, size=(random_rows, len(offsets)))
    typical = np.exp2(typical).astype("<f2").view("<u2")
    scales = np.concatenate([scales, typical])
    blocks = generator.integers(0, 256, size=(len(scales), size), dtype=np.uint8)
    for column, offset in enumerate(offsets):
        blocks[:, offset : offset + 2] = scales[:, column : column + 1].view(np.uint8)
    return blocks


def iq1_m(patterns: list[int], random_rows: int, generator: np.random.Generator) -> np.ndarray:
    """A quarter of the scale is in the highest four bits of each of the last four words of 16 bits."""
    typical = np.exp2(generator.uniform(-15, 1, random_rows)).astype("<f2").view("<u2")
    scales = np.concatenate([np.array(patterns, "<u2"), typical])
    blocks = generator.integers(0, 256, size=(len(scales), 56), dtype=np.uint8)
    for quarter in range(4):
        nibbles = (scales >> (4 * quarter) & 15).astype(np.uint8)
        column = 49 + 2 * quarter
        blocks[:, column] = nibbles << 4 | blocks[:, column] & 15
    return blocks


def with_byte_scales(size: int, scales: list[list[int]], generator: np.random.Generator) -> np.ndarray:
    """MXFP4 and NVFP4: scales of one byte at the beginning."""
    blocks = generator.integers(0, 256, size=(len(scales), size), dtype=np.uint8)
    columns = np.array(scales, np.uint8)
    blocks[:, : columns.shape[1]] = columns
    return blocks


def write_later(folder: Path) -> None:
    """The formats that came later, and the grids."""
    generator = np.random.default_rng(20261128)

    def add(name: str, label: str, blocks: np.ndarray) -> None:
        values = dequantize(blocks, GGMLQuantizationType[name])
        write(folder / f"{name}.{label}.golden", blocks, values)

    for name in LATER_SCALE_OFFSETS:
        add(name, "finite", quantised(name, FINITE, 2, generator))
        add(name, "nonfinite", quantised(name, NONFINITE[:3], 0, generator))
    add("IQ1_M", "finite", iq1_m(FINITE, 2, generator))
    add("IQ1_M", "nonfinite", iq1_m(NONFINITE[:3], 0, generator))
    add("MXFP4", "finite", with_byte_scales(17, [[e] for e in [*range(6), *range(100, 140), 250, 251]], generator))
    add("MXFP4", "nonfinite", with_byte_scales(17, [[253], [254], [255]], generator))
    every = [[(4 * row + column) % 256 for column in range(4)] for row in range(64)]
    add("NVFP4", "finite", with_byte_scales(36, every, generator))
    for name in GRIDS:
        kind = getattr(quants, name)
        kind.init_grid()
        (folder / f"{name}.grid").write_bytes(kind.grid.astype(np.int8).tobytes())


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(20250607)

    for name in SCALE_OFFSETS:
        kind = GGMLQuantizationType[name]
        values_per_block = GGML_QUANT_SIZES[kind][0]
        for label, patterns, typical in [
            ("finite", FINITE, 8 if values_per_block == 32 else 2),
            ("nonfinite", NONFINITE, 0),
        ]:
            kept = patterns[:3] if label == "nonfinite" and values_per_block == 256 else patterns
            blocks = quantised(name, kept, typical, generator)
            write(folder / f"{name}.{label}.golden", blocks, dequantize(blocks, kind))

    # A float is its own block. The all-ones exponent marks infinities (fraction 0) and NaNs.
    for name, dtype, all_ones in [("F32", "<u4", 0x7F800000), ("F16", "<u2", 0x7C00), ("BF16", "<u2", 0x7F80)]:
        kind = GGMLQuantizationType[name]
        bits = np.frombuffer(generator.bytes(331 * np.dtype(dtype).itemsize), dtype=dtype)
        exponent = bits.dtype.type(all_ones)
        lowest = exponent & (~exponent + bits.dtype.type(1))
        finite = np.where(bits & exponent == exponent, bits ^ lowest, bits)
        nonfinite = bits | exponent
        nonfinite[::7] &= ~(lowest - 1)
        for label, values in [("finite", finite), ("nonfinite", nonfinite)]:
            blocks = values.reshape(-1, 1).view(np.uint8)
            write(folder / f"{name}.{label}.golden", blocks, dequantize(blocks, kind))

    write_later(folder)


if __name__ == "__main__":
    main()
