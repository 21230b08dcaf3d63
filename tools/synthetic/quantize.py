"""Floats to Q8_0 and K-quant blocks: a plain quantizer, for models whose weights have a structure that must survive.

llama.cpp searches for better scales; here the range of a block decides. What the bytes mean is drawn in
Sources/Kernels/BlockFormats.
"""

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import quants

SUPER = 256


def quantize(weights: np.ndarray, kind: Type) -> np.ndarray:
    """Weights [rows, columns] in the bytes of a format, [rows, bytes per row]; F32 as they are."""
    if kind in (Type.Q8_0, Type.F32):
        return quants.quantize(weights, kind)
    rows, columns = weights.shape
    blocks = weights.reshape(rows * columns // SUPER, SUPER)
    return PACKERS[kind](blocks).reshape(rows, -1)


def _half(values: np.ndarray) -> np.ndarray:
    return values.astype("<f2").view(np.uint8).reshape(len(values), 2)


def _six_bit_scales(scales: np.ndarray, minima: np.ndarray) -> np.ndarray:
    """The twelve bytes of eight scales and eight minima: see SixBitScales.swift."""
    first = scales[:, :4] | (scales[:, 4:] >> 4) << 6
    second = minima[:, :4] | (minima[:, 4:] >> 4) << 6
    third = (scales[:, 4:] & 15) | (minima[:, 4:] & 15) << 4
    return np.concatenate((first, second, third), axis=1)


def _affine(blocks: np.ndarray, levels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Header bytes, scales included, and the quants [blocks, 8, 32] of Q4_K or Q5_K."""
    parts = blocks.reshape(-1, 8, 32)
    lows = np.maximum(0, -parts.min(axis=2))
    steps = (parts.max(axis=2) + lows) / (levels - 1)
    multiplier, minimum = steps.max(axis=1) / 63, lows.max(axis=1) / 63
    multiplier, minimum = multiplier.astype(np.float16), minimum.astype(np.float16)
    scales = np.clip(np.ceil(steps / np.maximum(multiplier, 1e-8)[:, None]), 0, 63).astype(np.uint8)
    minima = np.clip(np.round(lows / np.maximum(minimum, 1e-8)[:, None]), 0, 63).astype(np.uint8)
    step = scales * multiplier.astype(np.float32)[:, None]
    low = minima * minimum.astype(np.float32)[:, None]
    divisor = np.where(step > 0, step, 1)[:, :, None]
    quant = np.clip(np.round((parts + low[:, :, None]) / divisor), 0, levels - 1).astype(np.uint8)
    return np.concatenate((_half(multiplier), _half(minimum), _six_bit_scales(scales, minima)), axis=1), quant, step


def _nibbles(quant: np.ndarray) -> np.ndarray:
    """Sub-blocks 2 g and 2 g + 1 in the low and high nibbles of 32 bytes."""
    return (quant[:, 0::2] & 15 | (quant[:, 1::2] & 15) << 4).reshape(len(quant), -1)


def _q4_k(blocks: np.ndarray) -> np.ndarray:
    header, quant, _ = _affine(blocks, 16)
    return np.concatenate((header, _nibbles(quant)), axis=1)


def _q5_k(blocks: np.ndarray) -> np.ndarray:
    header, quant, _ = _affine(blocks, 32)
    fifth = np.zeros((len(quant), 32), np.uint8)
    for part in range(8):
        fifth |= (quant[:, part] >> 4) << part
    return np.concatenate((header, fifth, _nibbles(quant)), axis=1)


def _q6_k(blocks: np.ndarray) -> np.ndarray:
    parts = blocks.reshape(-1, 16, 16)
    steps = np.abs(parts).max(axis=2) / 31
    multiplier = (steps.max(axis=1) / 127).astype(np.float16)
    scales = np.clip(np.ceil(steps / np.maximum(multiplier, 1e-8)[:, None]), 0, 127).astype(np.int8)
    step = scales * multiplier.astype(np.float32)[:, None]
    divisor = np.where(step > 0, step, 1)[:, :, None]
    quant = (np.clip(np.round(parts / divisor), -32, 31) + 32).astype(np.uint8).reshape(-1, 2, 4, 32)
    low = quant[:, :, :2] & 15 | (quant[:, :, 2:] & 15) << 4
    high = np.zeros((len(quant), 2, 32), np.uint8)
    for plane in range(4):
        high |= (quant[:, :, plane] >> 4) << (2 * plane)
    fields = (low.reshape(len(quant), -1), high.reshape(len(quant), -1), scales.view(np.uint8), _half(multiplier))
    return np.concatenate(fields, axis=1)


PACKERS = {Type.Q4_K: _q4_k, Type.Q5_K: _q5_k, Type.Q6_K: _q6_k}
