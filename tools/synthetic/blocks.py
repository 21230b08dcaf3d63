"""Random weights written directly in the GGUF block formats.

Nothing is quantised: each field of a block (quants, sub-block scales, minima) is drawn at random, so the
tests meet every bit pattern, and a model of gigabytes is written at the speed of the random generator.
The block's float scale is chosen so that the weights have the wanted standard deviation and a mean near 0.

Each format is one entry of `FORMATS`: its NumPy record (the bytes, in file order) and a function that fills
the records. Layouts: https://github.com/ggml-org/ggml (ggml-common.h), as `gguf.quants` reads them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np
from gguf import GGML_QUANT_SIZES
from gguf import GGMLQuantizationType as Type
from gguf.quants import IQ1_S, IQ2_S, IQ2_XS, IQ2_XXS, IQ3_S, IQ3_XXS, IQ4_NL, MXFP4, NVFP4
from numpy.random import Generator

Fill = Callable[[np.ndarray, Generator, float], None]


@dataclass(frozen=True)
class BlockFormat:
    """One block format: the record of its bytes, and how to fill records for a standard deviation."""

    record: np.dtype
    fill: Fill


def random_blocks(shape: tuple[int, int], kind: Type, deviation: float, generator: Generator) -> np.ndarray:
    """Random weights [rows, columns] in the bytes of `kind`; their standard deviation is about `deviation`.

    Returns float32 or float16 values for F32 and F16, else bytes of shape [rows, bytes per row], as
    `gguf.GGUFWriter.add_tensor` takes them with `raw_dtype=kind`.
    """
    if kind == Type.F32:
        return generator.standard_normal(shape, np.float32) * np.float32(deviation)
    if kind == Type.F16:
        return (generator.standard_normal(shape, np.float32) * np.float32(deviation)).astype(np.float16)
    if kind == Type.BF16:
        values = generator.standard_normal(shape, np.float32) * np.float32(deviation)
        return (values.view(np.uint32) >> 16).astype(np.uint16).view(np.uint8)
    block_size, byte_count = GGML_QUANT_SIZES[kind]
    rows, columns = shape
    if columns % block_size:
        raise ValueError(f"{kind.name} needs rows of a multiple of {block_size}, found {columns}")
    form = FORMATS[kind]
    if form.record.itemsize != byte_count:
        raise AssertionError(f"{kind.name}: {form.record.itemsize} bytes drawn, {byte_count} needed")
    blocks = np.empty((rows, columns // block_size), form.record)
    form.fill(blocks, generator, deviation)
    return blocks.view(np.uint8).reshape(rows, -1)


def _fill_bytes(blocks: np.ndarray, field: str, generator: Generator) -> None:
    """Fills a field of bytes with uniform random bits."""
    view = blocks[field]
    view[...] = np.frombuffer(generator.bytes(prod(view.shape) * view.itemsize), view.dtype).reshape(view.shape)


def _signed_scale(blocks: np.ndarray, generator: Generator, size: float) -> np.ndarray:
    """Block scales of about `size` with a random sign, so that an uneven quant range has no common mean."""
    spread = generator.uniform(0.7, 1.3, blocks.shape)
    return (size * spread * generator.choice((-1.0, 1.0), blocks.shape)).astype(np.float16)


def _positive_scale(blocks: np.ndarray, generator: Generator, size: float) -> np.ndarray:
    return (size * generator.uniform(0.7, 1.3, blocks.shape)).astype(np.float16)


def _uniform_deviation(levels: int) -> float:
    """Standard deviation of a uniform integer of `levels` consecutive values."""
    return ((levels**2 - 1) / 12) ** 0.5


def _symmetric(levels: int) -> Fill:
    """w = scale · (q − levels / 2): Q4_0, Q5_0, Q8_0 (where the quants are signed bytes)."""

    def fill(blocks: np.ndarray, generator: Generator, deviation: float) -> None:
        for field in blocks.dtype.names:
            _fill_bytes(blocks, field, generator)
        blocks["scale"] = _signed_scale(blocks, generator, deviation / _uniform_deviation(levels))

    return fill


def _affine(levels: int) -> Fill:
    """w = scale · q + minimum: Q4_1, Q5_1. The minimum is minus half of the range, give or take a tenth."""

    def fill(blocks: np.ndarray, generator: Generator, deviation: float) -> None:
        for field in blocks.dtype.names:
            _fill_bytes(blocks, field, generator)
        scale = _positive_scale(blocks, generator, deviation / _uniform_deviation(levels))
        centre = -scale.astype(np.float32) * (levels - 1) / 2
        blocks["scale"] = scale
        blocks["minimum"] = (centre * generator.uniform(0.9, 1.1, blocks.shape)).astype(np.float16)

    return fill


def _near(scales: np.ndarray, generator: Generator, spread: int, largest: int) -> np.ndarray:
    """Sub-block minima close to the sub-block scales, so that the weights are centred on 0."""
    jitter = generator.integers(-spread, spread + 1, scales.shape)
    return np.clip(scales.astype(np.int64) + jitter, 0, largest).astype(np.uint8)


def _pack_scales_and_minima(scales: np.ndarray, minima: np.ndarray) -> np.ndarray:
    """Eight 6-bit scales and eight 6-bit minima in the 12 bytes of Q4_K and Q5_K.

    Bytes 0…3: scales 0…3 in the low six bits, the top two bits of scales 4…7 above them. Bytes 4…7: the same
    for the minima. Bytes 8…11: the low four bits of scales 4…7 and, above them, of minima 4…7.
    """
    low_scales, high_scales = scales[..., :4], scales[..., 4:]
    low_minima, high_minima = minima[..., :4], minima[..., 4:]
    return np.concatenate(
        (
            low_scales | (high_scales >> 4) << 6,
            low_minima | (high_minima >> 4) << 6,
            (high_scales & 15) | (high_minima & 15) << 4,
        ),
        axis=-1,
    )


def _super_block_affine(levels: int) -> Fill:
    """w = scale · sc · q − minimum · m in sub-blocks of 32 with 6-bit sc and m: Q4_K, Q5_K."""

    def fill(blocks: np.ndarray, generator: Generator, deviation: float) -> None:
        for field in blocks.dtype.names:
            _fill_bytes(blocks, field, generator)
        scales = generator.integers(0, 64, (*blocks.shape, 8), np.uint8)
        minima = _near(scales, generator, spread=4, largest=63)
        blocks["scales"] = _pack_scales_and_minima(scales, minima)
        root_mean_square_scale = (np.mean(np.arange(64.0) ** 2)) ** 0.5
        size = deviation / (_uniform_deviation(levels) * root_mean_square_scale)
        scale = _positive_scale(blocks, generator, size)
        blocks["scale"] = scale
        blocks["minimum"] = (scale.astype(np.float32) * (levels - 1) / 2).astype(np.float16)

    return fill


def _fill_q2_k(blocks: np.ndarray, generator: Generator, deviation: float) -> None:
    """w = scale · sc · q − minimum · m in sub-blocks of 16; sc in the low four bits, m in the high four."""
    _fill_bytes(blocks, "quants", generator)
    scales = generator.integers(0, 16, (*blocks.shape, 16), np.uint8)
    blocks["scales"] = scales | _near(scales, generator, spread=2, largest=15) << 4
    root_mean_square_scale = (np.mean(np.arange(16.0) ** 2)) ** 0.5
    scale = _positive_scale(blocks, generator, deviation / (_uniform_deviation(4) * root_mean_square_scale))
    blocks["scale"] = scale
    blocks["minimum"] = (scale.astype(np.float32) * 1.5).astype(np.float16)


def _super_block_signed(levels: int, scale_levels: int) -> Fill:
    """w = scale · sc · (q − levels / 2) with signed sub-block scales: Q3_K (6 bits), Q6_K (8 bits)."""

    def fill(blocks: np.ndarray, generator: Generator, deviation: float) -> None:
        for field in blocks.dtype.names:
            _fill_bytes(blocks, field, generator)
        size = deviation / (_uniform_deviation(levels) * _uniform_deviation(scale_levels))
        blocks["scale"] = _signed_scale(blocks, generator, size)

    return fill


def _fill_iq4(scale_levels: int) -> Fill:
    """w = scale · (sc − 32) · codebook[q]; IQ4_NL has no sub-block scales (scale_levels 0)."""
    codebook_size = float(np.sqrt(np.mean(np.square(np.array(IQ4_NL.kvalues, np.float64)))))

    def fill(blocks: np.ndarray, generator: Generator, deviation: float) -> None:
        for field in blocks.dtype.names:
            _fill_bytes(blocks, field, generator)
        size = deviation / codebook_size
        if scale_levels:
            size /= _uniform_deviation(scale_levels)
        blocks["scale"] = _signed_scale(blocks, generator, size)

    return fill


def _grid(points: type, scale_levels: int, divisor: int, shift: float = 0.0) -> Fill:
    """w = scale · (2 n + 1) / divisor · (±coordinate of a grid ± shift), n < `scale_levels`: IQ1, IQ2, IQ3."""

    def fill(blocks: np.ndarray, generator: Generator, deviation: float) -> None:
        for field in blocks.dtype.names:
            _fill_bytes(blocks, field, generator)
        points.init_grid()
        size = np.mean(np.square(points.grid.astype(np.float64))) + shift**2
        size *= np.mean(np.square(2.0 * np.arange(scale_levels) + 1)) / divisor**2
        scale = _signed_scale(blocks, generator, deviation / size**0.5)
        if "scale" in blocks.dtype.names:
            blocks["scale"] = scale
            return
        # IQ1_M has four bits of it at the top of each of four words.
        nibbles = scale.view(np.uint16)[..., None] >> np.array([0, 4, 8, 12], np.uint16) & 15
        blocks["scales"] = blocks["scales"] & 0x0FFF | nibbles << 12

    return fill


def _ternary(root_mean_square: float) -> Fill:
    """w = scale · (digit − 1): TQ1_0, TQ2_0."""

    def fill(blocks: np.ndarray, generator: Generator, deviation: float) -> None:
        for field in blocks.dtype.names:
            _fill_bytes(blocks, field, generator)
        blocks["scale"] = _signed_scale(blocks, generator, deviation / root_mean_square)

    return fill


def _byte_scales(values: np.ndarray) -> Fill:
    """w = values[code] · a small float; the codes are those whose values are nearest to a random size: MXFP4, NVFP4."""
    root_mean_square = float(np.sqrt(np.mean(np.square(np.array(MXFP4.kvalues, np.float64)))))

    def fill(blocks: np.ndarray, generator: Generator, deviation: float) -> None:
        _fill_bytes(blocks, "quants", generator)
        sizes = deviation / root_mean_square * generator.uniform(0.5, 1.5, blocks["scales"].shape)
        order = np.argsort(values, kind="stable")
        found = np.clip(np.searchsorted(values[order], sizes), 0, len(values) - 1)
        blocks["scales"] = order[found]

    return fill


def _record(*fields: tuple[str, str, int] | tuple[str, str]) -> np.dtype:
    return np.dtype(list(fields))


FORMATS: dict[Type, BlockFormat] = {
    Type.Q4_0: BlockFormat(_record(("scale", "<f2"), ("quants", "u1", 16)), _symmetric(16)),
    Type.Q4_1: BlockFormat(_record(("scale", "<f2"), ("minimum", "<f2"), ("quants", "u1", 16)), _affine(16)),
    Type.Q5_0: BlockFormat(_record(("scale", "<f2"), ("high_bits", "u1", 4), ("quants", "u1", 16)), _symmetric(32)),
    Type.Q5_1: BlockFormat(
        _record(("scale", "<f2"), ("minimum", "<f2"), ("high_bits", "u1", 4), ("quants", "u1", 16)),
        _affine(32),
    ),
    Type.Q8_0: BlockFormat(_record(("scale", "<f2"), ("quants", "u1", 32)), _symmetric(256)),
    Type.Q2_K: BlockFormat(
        _record(("scales", "u1", 16), ("quants", "u1", 64), ("scale", "<f2"), ("minimum", "<f2")),
        _fill_q2_k,
    ),
    Type.Q3_K: BlockFormat(
        _record(("high_bits", "u1", 32), ("quants", "u1", 64), ("scales", "u1", 12), ("scale", "<f2")),
        _super_block_signed(8, 64),
    ),
    Type.Q4_K: BlockFormat(
        _record(("scale", "<f2"), ("minimum", "<f2"), ("scales", "u1", 12), ("quants", "u1", 128)),
        _super_block_affine(16),
    ),
    Type.Q5_K: BlockFormat(
        _record(
            ("scale", "<f2"),
            ("minimum", "<f2"),
            ("scales", "u1", 12),
            ("high_bits", "u1", 32),
            ("quants", "u1", 128),
        ),
        _super_block_affine(32),
    ),
    Type.Q6_K: BlockFormat(
        _record(("quants", "u1", 128), ("high_bits", "u1", 64), ("scales", "u1", 16), ("scale", "<f2")),
        _super_block_signed(64, 256),
    ),
    Type.IQ4_NL: BlockFormat(_record(("scale", "<f2"), ("quants", "u1", 16)), _fill_iq4(0)),
    Type.IQ4_XS: BlockFormat(
        _record(("scale", "<f2"), ("scales_high", "u1", 2), ("scales_low", "u1", 4), ("quants", "u1", 128)),
        _fill_iq4(64),
    ),
    Type.IQ1_S: BlockFormat(
        _record(("scale", "<f2"), ("quants", "u1", 32), ("high_bits", "<u2", 8)), _grid(IQ1_S, 8, 1, 0.125)
    ),
    Type.IQ1_M: BlockFormat(
        _record(("quants", "u1", 32), ("high_bits", "u1", 16), ("scales", "<u2", 4)), _grid(IQ1_S, 8, 1, 0.125)
    ),
    Type.IQ2_XXS: BlockFormat(_record(("scale", "<f2"), ("quants", "u1", 64)), _grid(IQ2_XXS, 16, 8)),
    Type.IQ2_XS: BlockFormat(
        _record(("scale", "<f2"), ("quants", "u1", 64), ("scales", "u1", 8)), _grid(IQ2_XS, 16, 8)
    ),
    Type.IQ2_S: BlockFormat(
        _record(
            ("scale", "<f2"), ("quants", "u1", 32), ("signs", "u1", 32), ("high_bits", "u1", 8), ("scales", "u1", 8)
        ),
        _grid(IQ2_S, 16, 8),
    ),
    Type.IQ3_XXS: BlockFormat(
        _record(("scale", "<f2"), ("quants", "u1", 64), ("signs", "u1", 32)), _grid(IQ3_XXS, 16, 4)
    ),
    Type.IQ3_S: BlockFormat(
        _record(
            ("scale", "<f2"), ("quants", "u1", 64), ("high_bits", "u1", 8), ("signs", "u1", 32), ("scales", "u1", 4)
        ),
        _grid(IQ3_S, 16, 1),
    ),
    Type.TQ1_0: BlockFormat(
        _record(("quants", "u1", 48), ("last", "u1", 4), ("scale", "<f2")), _ternary((2 / 3) ** 0.5)
    ),
    Type.TQ2_0: BlockFormat(_record(("quants", "u1", 64), ("scale", "<f2")), _ternary(1.5**0.5)),
    Type.MXFP4: BlockFormat(
        _record(("scales", "u1"), ("quants", "u1", 16)),
        _byte_scales(MXFP4.e8m0_to_fp32_half(np.arange(256, dtype=np.uint8)).astype(np.float64)),
    ),
    Type.NVFP4: BlockFormat(
        _record(("scales", "u1", 4), ("quants", "u1", 32)),
        _byte_scales(NVFP4.ue4m3_to_fp32(np.arange(127, dtype=np.uint8)).astype(np.float64)),
    ),
}
