"""Full-size random-weight models: the shapes of the published models in the mix of a Q4_K_M file."""

from gguf import GGMLQuantizationType as Type
from gguf import LlamaFileType

from .model import Model, Shape

#: layers, hidden, feed-forward, heads, key-value heads, head dimension
SHAPES = {
    "0.6b": Shape(28, 1024, 3072, 16, 8, 128, context=32768),
    "4b": Shape(36, 2560, 9728, 32, 8, 128, context=40960),
    "8b": Shape(36, 4096, 12288, 32, 8, 128, context=40960),
}

#: Block formats with one format for every matrix.
PLAIN = {
    "F16": (Type.F16, LlamaFileType.MOSTLY_F16),
    "BF16": (Type.BF16, LlamaFileType.MOSTLY_BF16),
    "Q8_0": (Type.Q8_0, LlamaFileType.MOSTLY_Q8_0),
    "Q6_K": (Type.Q6_K, LlamaFileType.MOSTLY_Q6_K),
    "Q4_0": (Type.Q4_0, LlamaFileType.MOSTLY_Q4_0),
}


def gets_more_bits(layer: int, layer_count: int) -> bool:
    """Whether a Q4_K_M file keeps attn_v and ffn_down of this layer in Q6_K.

    The first and the last eighth of the layers, and every third between them: 18 of 36, 14 of 28.
    """
    first = layer_count // 8
    return layer < first or layer >= 7 * layer_count // 8 or (layer - first) % 3 == 2


def full_size(shape_name: str, kind: str) -> Model:
    """The model `0.6b-q4_k_m`, and so on."""
    shape = SHAPES[shape_name]
    name = f"{shape_name}-{kind.lower()}"
    if kind != "Q4_K_M":
        return Model(name, shape, *PLAIN[kind], attention_norm=1.0)
    larger = {"token_embd.weight": Type.Q6_K}
    for layer in range(shape.layers):
        if gets_more_bits(layer, shape.layers):
            larger[f"blk.{layer}.attn_v.weight"] = Type.Q6_K
            larger[f"blk.{layer}.ffn_down.weight"] = Type.Q6_K
    return Model(name, shape, Type.Q4_K, LlamaFileType.MOSTLY_Q4_K_M, exceptions=larger, attention_norm=1.0)
