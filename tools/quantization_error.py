#!/usr/bin/env python3
"""How far quantized weights move a vector: what `touchstone verify` allows a file to be away from published vectors.

    python tools/quantization_error.py

Two measurements. First, the relative mean square error of each block format: weights of a normal distribution are
quantized and read back. gguf-py quantises some formats; for the others the nearest numbers of the format are searched,
with the best of some scales for each block, which is what llama.cpp's quantizers approximate. Second, the demonstration
model with noise of a known relative size on every matrix: 1 - cos of its vectors from those without noise, which
grows with the square of the noise. Both are tables in Sources/KnownAnswers/QuantizationError.swift.
"""

import missing_packages  # noqa: F401

# isort: split
import json
from pathlib import Path

import numpy as np
import torch
from gguf import GGMLQuantizationType as Type
from gguf import quants

from reference.exact import ExactModel
from reference.gguf_model import read_model

TESTDATA = Path(__file__).resolve().parent.parent / "testdata"
COUNT = 1 << 17
SCALES = np.linspace(0.6, 1.1, 26)
NOISE = (0.003, 0.01, 0.03, 0.1, 0.2, 0.4)


def relative(weights: np.ndarray, read_back: np.ndarray) -> float:
    return float(np.square(weights - read_back).sum() / np.square(weights).sum())


def best(weights: np.ndarray, block: int, trial) -> float:  # noqa: ANN001
    """The error with the best of some scales for each block; `trial` gives the blocks read back for a factor."""
    blocks = weights.reshape(-1, block)
    errors = np.stack([np.square(blocks - trial(blocks, factor)).sum(axis=1) for factor in SCALES])
    return float(errors.min(axis=0).sum() / np.square(blocks).sum())


def symmetric(levels: int):  # noqa: ANN201
    def trial(blocks: np.ndarray, factor: float) -> np.ndarray:
        scale = np.abs(blocks).max(axis=1, keepdims=True) * factor / (levels / 2)
        return np.clip(np.round(blocks / scale), -levels / 2, levels / 2 - 1) * scale

    return trial


def affine(levels: int):  # noqa: ANN201
    def trial(blocks: np.ndarray, factor: float) -> np.ndarray:
        low, high = blocks.min(axis=1, keepdims=True), blocks.max(axis=1, keepdims=True)
        middle, scale = (low + high) / 2, (high - low) * factor / (levels - 1)
        quant = np.clip(np.round((blocks - middle) / scale + (levels - 1) / 2), 0, levels - 1)
        return (quant - (levels - 1) / 2) * scale + middle

    return trial


def table(levels: np.ndarray):  # noqa: ANN201
    levels = np.sort(levels)

    def trial(blocks: np.ndarray, factor: float) -> np.ndarray:
        scale = np.abs(blocks).max(axis=1, keepdims=True) * factor / np.abs(levels).max()
        middles = (levels[1:] + levels[:-1]) / 2
        return levels[np.searchsorted(middles, blocks / scale)] * scale

    return trial


def grid(kind: type, *, shift: float = 0.0):  # noqa: ANN201
    kind.init_grid()
    points = kind.grid.reshape(kind.grid_shape).astype(np.float64)
    signed = points.min() >= 0

    def trial(blocks: np.ndarray, factor: float) -> np.ndarray:
        scale = np.abs(blocks).max(axis=1, keepdims=True) * factor / (np.abs(points).max() + shift)
        found = np.empty_like(blocks)
        shifts = (-shift, shift) if shift else (0.0,)
        errors = np.full(len(blocks), np.inf)
        for move in shifts:
            vectors = (blocks / scale).reshape(-1, points.shape[1])
            wanted = np.abs(vectors) if signed else vectors
            moved = points + move
            nearest = moved[np.argmin(np.square(moved).sum(1) - 2 * wanted @ moved.T, axis=1)]
            read = (np.where(vectors < 0, -nearest, nearest) if signed else nearest).reshape(blocks.shape) * scale
            error = np.square(read - blocks).sum(axis=1)
            found[error < errors] = read[error < errors]
            errors = np.minimum(error, errors)
        return found

    return trial


def format_errors(generator: np.random.Generator) -> dict[str, float]:
    weights = generator.standard_normal(COUNT).astype(np.float32)
    small = weights[: COUNT // 16].astype(np.float64)
    floats = np.array(quants.MXFP4.kvalues, np.float64)
    errors = {}
    for name in ("F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "TQ1_0", "TQ2_0", "MXFP4"):
        kind = Type[name]
        errors[name] = relative(weights, quants.dequantize(quants.quantize(weights, kind), kind))
    errors |= {
        "Q2_K": best(weights, 16, affine(4)),
        "Q3_K": best(weights, 16, symmetric(8)),
        "Q4_K": best(weights, 32, affine(16)),
        "Q5_K": best(weights, 32, affine(32)),
        "Q6_K": best(weights, 16, symmetric(64)),
        "IQ4_NL": best(weights, 32, table(np.array(quants.IQ4_NL.kvalues, np.float64))),
        "NVFP4": best(weights, 16, table(floats)),
        "IQ3_S": best(small, 32, grid(quants.IQ3_S)),
        "IQ3_XXS": best(small, 32, grid(quants.IQ3_XXS)),
        "IQ2_S": best(small, 16, grid(quants.IQ2_S)),
        "IQ2_XS": best(small, 16, grid(quants.IQ2_XS)),
        "IQ2_XXS": best(small, 32, grid(quants.IQ2_XXS)),
        "IQ1_M": best(small, 16, grid(quants.IQ1_S, shift=0.125)),
        "IQ1_S": best(small, 32, grid(quants.IQ1_S, shift=0.125)),
    }
    return errors


def vectors(model: ExactModel, cases: list[list[int]]) -> torch.Tensor:
    return torch.nn.functional.normalize(torch.stack([model.states(ids)[-1] for ids in cases]), dim=-1)


@torch.inference_mode()
def noise_distances(generator: np.random.Generator) -> dict[float, tuple[np.ndarray, np.ndarray]]:
    golden = json.loads((TESTDATA / "golden" / "demo.json").read_text())
    cases = [case["ids"] for case in golden["cases"] if case["pooling"] == "last" and len(case["ids"]) < 200]
    model = ExactModel(read_model(TESTDATA / "demo" / "demo-q4_k_m.gguf"))
    originals = dict(model.weights)
    exact = vectors(model, cases)
    distances = {}
    for size in NOISE:
        for name, weights in originals.items():
            if weights.ndim == 2:
                noise = torch.from_numpy(generator.standard_normal(weights.shape))
                deviation = weights.square().mean(dim=1, keepdim=True).sqrt()
                model.weights[name] = weights + size * deviation * noise
        noisy = vectors(model, cases)
        pairs = np.triu_indices(len(cases), 1)
        moved = (noisy @ noisy.T - exact @ exact.T).abs().numpy()[pairs]
        distances[size] = (1 - (noisy * exact).sum(dim=-1)).numpy(), moved
    return distances


def percentiles(values: np.ndarray) -> str:
    return ", ".join(f"{value:.3g}" for value in np.percentile(values, (50, 90, 95, 100)))


def main() -> None:
    torch.set_num_threads(1)
    generator = np.random.default_rng(1)
    for name, error in sorted(format_errors(generator).items(), key=lambda item: item[1]):
        print(f"{name:8} {error:.3g}")
    for size, (distances, moved) in noise_distances(generator).items():
        print(f"noise of {size}, percentiles 50, 90, 95, 100 over {len(distances)} texts")
        print("  1 - cos, divided by the square of the noise:", percentiles(distances / size**2))
        print("  change of a cosine of two texts, divided by the noise:", percentiles(moved / size))


if __name__ == "__main__":
    main()
