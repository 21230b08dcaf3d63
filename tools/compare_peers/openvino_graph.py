"""The Qwen3 decoder as an OpenVINO graph, built from a GGUF model's weights with compressed matrices.

The operations are in the forms that OpenVINO's CPU plugin recognises and fuses: RMSNorm, rotary position,
scaled dot-product attention, and weight constants of 4 or 8 bits that are decompressed inside the multiply.
"""

from collections.abc import Callable

import numpy as np
import openvino as ov
from openvino import Node
from openvino import opset15 as ops

from reference.gguf_model import GGUFModel

#: Columns that share a scale in 4-bit matrices.
GROUP = 128

Compress = Callable[[np.ndarray], Node]


def plain(matrix: np.ndarray) -> Node:
    """float32 [out, in]."""
    return ops.constant(matrix)


def eight_bits(matrix: np.ndarray) -> Node:
    """Signed bytes with one scale for each row."""
    scale = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-12) / 127
    quants = np.rint(matrix / scale).astype(np.int8)
    return ops.multiply(ops.convert(ops.constant(quants), "f32"), ops.constant(scale.astype(np.float32)))


def four_bits(matrix: np.ndarray) -> Node:
    """Four-bit integers with a zero point of 8 and one scale for each group of `GROUP` columns."""
    rows, columns = matrix.shape
    groups = matrix.reshape(rows, columns // GROUP, GROUP)
    scale = np.maximum(np.abs(groups).max(axis=2, keepdims=True), 1e-12) / 7
    quants = (np.rint(groups / scale) + 8).astype(np.uint8)
    packed = quants[..., 0::2] | quants[..., 1::2] << 4
    zero_point = np.array([0x88], np.uint8)
    centred = ops.subtract(nibbles(packed, list(quants.shape)), nibbles(zero_point, [1, 1, 1]))
    scaled = ops.multiply(centred, ops.constant(scale.astype(np.float16)))
    return ops.convert(ops.reshape(scaled, [rows, columns], False), "f32")


def nibbles(packed: np.ndarray, shape: list[int]) -> Node:
    """Unsigned 4-bit integers as float16. Copied: a constant of a tensor otherwise points into NumPy's memory."""
    constant = ov.op.Constant(ov.Tensor(packed, shape, ov.Type.u4), shared_memory=False)
    return ops.convert(constant, "f16")


COMPRESSIONS: dict[str, Compress] = {"float32": plain, "int8": eight_bits, "int4": four_bits}


class GraphBuilder:
    """Builds the graph for one number and length of sequences: static shapes give the plugin's best speed."""

    def __init__(self, model: GGUFModel, compress: Compress, sequences: int, tokens: int) -> None:
        self.model = model
        self.compress = compress
        self.sequences = sequences
        self.tokens = tokens
        self.heads = model.of("attention.head_count")
        self.key_value_heads = model.of("attention.head_count_kv")
        self.dimension = model.of("attention.key_length")

    def build(self) -> ov.Model:
        """Ids [sequences, tokens] in, L2-normalised vectors of the last tokens [sequences, hidden] out."""
        ids = ops.parameter([self.sequences, self.tokens], np.int64, "ids")
        table = self.model.weights["token_embd.weight"].astype(np.float16)
        hidden = ops.convert(ops.gather(ops.constant(table), ids, ops.constant(0)), "f32")
        for layer in range(self.model.of("block_count")):
            hidden = self.layer(hidden, f"blk.{layer}")
        last = ops.gather(hidden, ops.constant(self.tokens - 1), ops.constant(1))
        vector = self.norm(last, "output_norm")
        return ov.Model([ops.normalize_l2(vector, ops.constant([1]), 1e-12, "max")], [ids], "qwen3")

    def layer(self, hidden: Node, block: str) -> Node:
        attended = self.attention(self.norm(hidden, f"{block}.attn_norm"), block)
        hidden = ops.add(hidden, self.project(attended, f"{block}.attn_output"))
        normed = self.norm(hidden, f"{block}.ffn_norm")
        gate = ops.swish(self.project(normed, f"{block}.ffn_gate"))
        activated = ops.multiply(gate, self.project(normed, f"{block}.ffn_up"))
        return ops.add(hidden, self.project(activated, f"{block}.ffn_down"))

    def attention(self, normed: Node, block: str) -> Node:
        query = self.split_heads(self.project(normed, f"{block}.attn_q"), self.heads)
        key = self.split_heads(self.project(normed, f"{block}.attn_k"), self.key_value_heads)
        value = self.split_heads(self.project(normed, f"{block}.attn_v"), self.key_value_heads)
        query = self.rotate(by_head(self.norm(query, f"{block}.attn_q_norm")))
        key = self.rotate(by_head(self.norm(key, f"{block}.attn_k_norm")))
        attended = ops.scaled_dot_product_attention(query, self.repeat(key), self.repeat(by_head(value)), causal=True)
        width = self.heads * self.dimension
        return ops.reshape(by_head(attended), [self.sequences, self.tokens, width], False)

    def project(self, values: Node, name: str) -> Node:
        return ops.matmul(values, self.compress(self.model.weights[f"{name}.weight"]), False, True)

    def norm(self, values: Node, name: str) -> Node:
        epsilon = ops.constant(np.float32(self.model.of("attention.layer_norm_rms_epsilon")))
        square = ops.power(values, ops.constant(np.float32(2)))
        mean = ops.reduce_mean(square, ops.constant([-1]), True)
        scale = ops.divide(ops.constant(np.float32(1)), ops.sqrt(ops.add(mean, epsilon)))
        weight = ops.constant(self.model.weights[f"{name}.weight"])
        return ops.multiply(ops.multiply(values, scale), weight)

    def split_heads(self, values: Node, heads: int) -> Node:
        return ops.reshape(values, [self.sequences, self.tokens, heads, self.dimension], False)

    def rotate(self, values: Node) -> Node:
        half = self.dimension // 2
        exponents = np.arange(0, self.dimension, 2, np.float32) / self.dimension
        frequencies = 1 / np.float32(self.model.of("rope.freq_base")) ** exponents
        angles = np.arange(self.tokens, dtype=np.float32)[:, None] * np.tile(frequencies, 2)
        cosine, sine = (ops.constant(part[None, None]) for part in (np.cos(angles), np.sin(angles)))
        halves = ops.variadic_split(values, ops.constant(-1), ops.constant([half, half]))
        negated = ops.multiply(halves.output(1), ops.constant(np.float32(-1)))
        turned = ops.concat([negated, halves.output(0)], -1)
        return ops.add(ops.multiply(values, cosine), ops.multiply(turned, sine))

    def repeat(self, values: Node) -> Node:
        """Key-value heads repeated for the query heads of their group."""
        group = self.heads // self.key_value_heads
        if group == 1:
            return values
        shape = [self.sequences, self.key_value_heads, group, self.tokens, self.dimension]
        wide = ops.broadcast(ops.unsqueeze(values, ops.constant(2)), ops.constant(shape), "BIDIRECTIONAL")
        return ops.reshape(wide, [self.sequences, self.heads, self.tokens, self.dimension], False)


def by_head(values: Node) -> Node:
    """[sequences, a, b, dimension] to [sequences, b, a, dimension]."""
    return ops.transpose(values, ops.constant([0, 2, 1, 3]))
