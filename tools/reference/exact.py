"""The forward pass in float64, written out operation by operation with every intermediate named.

A second implementation beside transformers: it says how far float32 itself is from the exact result, which is
where the tests' tolerances come from, and it names the states that a failing engine is compared with.
Rotation angles are those of transformers: inverse frequency and angle rounded to float32, because the model
is defined (and was trained) with them. `exact_angles=True` computes them in float64 instead.
"""

from collections.abc import Callable
from math import ceil, floor, log, pi

import torch
from torch import Tensor

from .gguf_model import GGUFModel

Observe = Callable[[str, Tensor], None]


def inverse_frequencies(model: GGUFModel, *, exact_angles: bool) -> Tensor:
    """theta^(−2i / head dimension) for i in 0 ..< head dimension / 2."""
    dimension = model.of("attention.key_length")
    kind = torch.float64 if exact_angles else torch.float32
    powers = model.of("rope.freq_base") ** (torch.arange(0, dimension, 2).to(kind) / dimension)
    scaling = model.rope_scaling
    match scaling.get("type"):
        case "linear":
            return 1.0 / powers / scaling["factor"]
        case "yarn":
            kept = kept_shares(model, kind)
            return 1.0 / (scaling["factor"] * powers) * (1 - kept) + 1.0 / powers * kept
    return 1.0 / powers


def kept_shares(model: GGUFModel, kind: torch.dtype) -> Tensor:
    """YaRN (Peng et al. 2023): 1 for pairs that turn 32 times in the original context, 0 for one turn and less."""
    dimension, theta = model.of("attention.key_length"), model.of("rope.freq_base")
    original = model.rope_scaling["original_context_length"]

    def pair(turns: float) -> float:
        return dimension * log(original / (turns * 2 * pi)) / (2 * log(theta))

    first, last = max(floor(pair(32)), 0), min(ceil(pair(1)), dimension - 1)
    return 1 - ((torch.arange(dimension // 2).to(kind) - first) / (last - first)).clamp(0, 1)


def magnitude(model: GGUFModel) -> float:
    """What YaRN multiplies cosines and sines by."""
    scaling = model.rope_scaling
    if scaling.get("type") != "yarn":
        return 1.0
    return (0.1 * log(scaling["factor"]) + 1) * scaling.get("attn_factor", 1.0)


def rotation(model: GGUFModel, count: int, *, exact_angles: bool) -> tuple[Tensor, Tensor]:
    """Cosine and sine [tokens, 1, head dimension / 2]; the middle axis runs over heads."""
    frequencies = inverse_frequencies(model, exact_angles=exact_angles)
    positions = torch.arange(count).to(frequencies.dtype)
    angles = (positions[:, None] * frequencies).double()
    factor = magnitude(model)
    return angles.cos()[:, None, :] * factor, angles.sin()[:, None, :] * factor


def rotate(heads: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Rotates the pairs (i, i + head dimension / 2) of [tokens, heads, head dimension]."""
    first, second = heads.chunk(2, dim=-1)
    return torch.cat((first * cosine - second * sine, second * cosine + first * sine), dim=-1)


def attend(query: Tensor, key: Tensor, value: Tensor, *, is_causal: bool) -> Tensor:
    """Grouped-query attention of [tokens, heads, head dimension], one head at a time."""
    count, heads, dimension = query.shape
    group = heads // key.shape[1]
    hidden = torch.ones(count, count, dtype=torch.bool).triu(1 if is_causal else count)
    output = torch.empty_like(query)
    for head in range(heads):
        scores = query[:, head] @ key[:, head // group].T * dimension**-0.5
        weights = scores.masked_fill_(hidden, -torch.inf).softmax(dim=-1)
        output[:, head] = weights @ value[:, head // group]
    return output


class ExactModel:
    """The decoder in float64. States are reported to `observe` under the names in testdata/README.md."""

    def __init__(self, model: GGUFModel) -> None:
        self.model = model
        self.weights = {name: torch.from_numpy(value).double() for name, value in model.weights.items()}
        self.epsilon = model.of("attention.layer_norm_rms_epsilon")

    def norm(self, values: Tensor, name: str) -> Tensor:
        scale = torch.rsqrt(values.square().mean(dim=-1, keepdim=True) + self.epsilon)
        return values * scale * self.weights[f"{name}.weight"]

    def project(self, values: Tensor, name: str) -> Tensor:
        return values @ self.weights[f"{name}.weight"].T

    def states(self, ids: list[int], observe: Observe | None = None, *, exact_angles: bool = False) -> Tensor:
        """The states after the final norm, [tokens, hidden]."""
        observe = observe or (lambda name, value: None)
        residual = self.weights["token_embd.weight"][ids]
        observe("embedding", residual)
        angles = rotation(self.model, len(ids), exact_angles=exact_angles)
        for layer in range(self.model.of("block_count")):
            residual = self.layer(residual, layer, angles, observe)
        final = self.norm(residual, "output_norm")
        observe("final_norm", final)
        return final

    def layer(self, residual: Tensor, index: int, angles: tuple[Tensor, Tensor], observe: Observe) -> Tensor:
        def seen(name: str, value: Tensor) -> Tensor:
            observe(f"layers.{index}.{name}", value.flatten(1))
            return value

        block = f"blk.{index}"
        dimension = self.model.of("attention.key_length")
        normed = seen("attention_norm", self.norm(residual, f"{block}.attn_norm"))
        query = seen("query", self.project(normed, f"{block}.attn_q")).unflatten(1, (-1, dimension))
        key = seen("key", self.project(normed, f"{block}.attn_k")).unflatten(1, (-1, dimension))
        value = seen("value", self.project(normed, f"{block}.attn_v")).unflatten(1, (-1, dimension))
        query = seen("query_norm", self.norm(query, f"{block}.attn_q_norm"))
        key = seen("key_norm", self.norm(key, f"{block}.attn_k_norm"))
        query = seen("query_rotated", rotate(query, *angles))
        key = seen("key_rotated", rotate(key, *angles))
        attended = seen("attention", attend(query, key, value, is_causal=self.model.is_causal))
        projected = seen("attention_output", self.project(attended.flatten(1), f"{block}.attn_output"))
        residual = seen("attention_residual", residual + projected)
        normed = seen("feed_forward_norm", self.norm(residual, f"{block}.ffn_norm"))
        gate = seen("gate", self.project(normed, f"{block}.ffn_gate"))
        up = seen("up", self.project(normed, f"{block}.ffn_up"))
        activated = seen("activated", torch.nn.functional.silu(gate) * up)
        down = seen("down", self.project(activated, f"{block}.ffn_down"))
        return seen("feed_forward_residual", residual + down)
