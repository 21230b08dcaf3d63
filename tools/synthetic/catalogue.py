"""The small models of testdata/models: every block format, odd shapes, and odd metadata."""

from gguf import GGMLQuantizationType as Type
from gguf import LlamaFileType, PoolingType, RopeScalingType

from .model import Model, RankHead, RopeScaling, Shape
from .vocabulary import END_OF_TURN

#: layers, hidden, feed-forward, heads, key-value heads, head dimension
TINY = Shape(1, 32, 64, 2, 1, 16)


def _mixed_like_q4_k_m(layers: int, *, has_floats: bool = True) -> dict[str, Type]:
    """Q6_K where a Q4_K_M file has it: the embedding, and attn_v and ffn_down of some layers."""
    larger = {"token_embd.weight": Type.Q6_K}
    if has_floats:
        larger["blk.1.attn_k.weight"] = Type.F32
    for layer in range(0, layers, 2):
        larger[f"blk.{layer}.attn_v.weight"] = Type.Q6_K
        larger[f"blk.{layer}.ffn_down.weight"] = Type.Q6_K
    return larger


def _mixed_like_iq3_m(layers: int) -> dict[str, Type]:
    """What an IQ3_M file has: Q4_K for attn_v, attn_output and the first ffn_down, Q6_K for the embedding."""
    larger = {"token_embd.weight": Type.Q6_K, "blk.0.ffn_down.weight": Type.Q4_K}
    for layer in range(layers):
        larger[f"blk.{layer}.attn_v.weight"] = Type.Q4_K
        larger[f"blk.{layer}.attn_output.weight"] = Type.Q4_K
    return larger


FORMAT_MODELS = [
    Model("f32", Shape(2, 64, 112, 4, 2, 32), Type.F32, LlamaFileType.ALL_F32,
          purpose="head dimension × heads ≠ hidden"),
    Model("q8_0", Shape(2, 160, 160, 3, 1, 96, theta=1e4), Type.Q8_0, LlamaFileType.MOSTLY_Q8_0,
          purpose="widths not divisible by 256, one key-value head, theta 1e4"),
    Model("f16", Shape(2, 68, 133, 3, 1, 48), Type.F16, LlamaFileType.MOSTLY_F16,
          purpose="widths not divisible by 32, three query heads per key-value head, odd feed-forward"),
    Model("bf16", Shape(5, 36, 53, 6, 6, 16), Type.BF16, LlamaFileType.MOSTLY_BF16,
          purpose="five layers, as many key-value heads as heads, width 36, odd feed-forward"),
    Model("q4_0", Shape(2, 96, 288, 2, 2, 80), Type.Q4_0, LlamaFileType.MOSTLY_Q4_0,
          purpose="head dimension 80"),
    Model("q4_1", Shape(2, 128, 160, 4, 4, 16), Type.Q4_1, LlamaFileType.MOSTLY_Q4_1,
          purpose="query width below the hidden size"),
    Model("q5_0", Shape(2, 192, 320, 3, 1, 64, theta=5e6), Type.Q5_0, LlamaFileType.MOSTLY_Q5_0,
          purpose="three query heads on one key-value head, theta 5e6"),
    Model("q5_1", Shape(2, 64, 96, 8, 2, 32, epsilon=1e-5), Type.Q5_1, LlamaFileType.MOSTLY_Q5_1,
          purpose="query width four times the hidden size, epsilon 1e-5"),
    Model("iq4_nl", Shape(2, 160, 288, 4, 2, 40), Type.IQ4_NL, LlamaFileType.MOSTLY_IQ4_NL,
          purpose="head dimension 40, four heads on two"),
    Model("q2_k", Shape(2, 256, 512, 4, 2, 64), Type.Q2_K, LlamaFileType.MOSTLY_Q2_K,
          purpose="query width equal to the hidden size"),
    Model("q3_k", Shape(2, 256, 256, 2, 1, 128), Type.Q3_K, LlamaFileType.MOSTLY_Q3_K_M,
          purpose="head dimension 128"),
    Model("q4_k", Shape(2, 256, 256, 8, 1, 64), Type.Q4_K, LlamaFileType.MOSTLY_Q4_K_S,
          purpose="query width twice the hidden size, one key-value head"),
    Model("q5_k", Shape(1, 256, 256, 4, 4, 64), Type.Q5_K, LlamaFileType.MOSTLY_Q5_K_S,
          purpose="one layer, as many key-value heads as heads"),
    Model("q6_k", Shape(2, 256, 256, 16, 2, 16), Type.Q6_K, LlamaFileType.MOSTLY_Q6_K,
          purpose="sixteen heads of 16"),
    Model("iq4_xs", Shape(2, 256, 256, 2, 2, 128), Type.IQ4_XS, LlamaFileType.MOSTLY_IQ4_XS,
          purpose="head dimension 128, two key-value heads"),
    Model("q4_k_m", Shape(3, 256, 256, 4, 2, 64), Type.Q4_K, LlamaFileType.MOSTLY_Q4_K_M,
          exceptions=_mixed_like_q4_k_m(3), purpose="Q4_K, Q6_K and F32 in one file"),
    Model("iq1_s", Shape(1, 256, 256, 4, 2, 64), Type.IQ1_S, LlamaFileType.MOSTLY_IQ1_S,
          purpose="blocks of 32, a point of eight weights with a shift for each block"),
    Model("iq1_m", Shape(2, 256, 256, 4, 2, 64), Type.IQ1_M, LlamaFileType.MOSTLY_IQ1_M,
          purpose="blocks of 16, a shift for each point, the scale in four pieces"),
    Model("iq2_xxs", Shape(1, 256, 512, 8, 2, 32), Type.IQ2_XXS, LlamaFileType.MOSTLY_IQ2_XXS,
          purpose="blocks of 32, signs of which one is not stored"),
    Model("iq2_xs", Shape(2, 256, 256, 4, 4, 64), Type.IQ2_XS, LlamaFileType.MOSTLY_IQ2_XS,
          purpose="blocks of 16, signs of which one is not stored"),
    Model("iq2_s", Shape(2, 256, 256, 2, 1, 128), Type.IQ2_S, LlamaFileType.MOSTLY_IQ2_S,
          purpose="blocks of 16, all signs stored"),
    Model("iq3_xxs", Shape(1, 256, 512, 4, 1, 64), Type.IQ3_XXS, LlamaFileType.MOSTLY_IQ3_XXS,
          purpose="points of four weights"),
    Model("iq3_s", Shape(2, 256, 256, 8, 4, 32), Type.IQ3_S, LlamaFileType.MOSTLY_IQ3_S,
          purpose="points of four weights, all signs stored"),
    Model("iq3_m", Shape(2, 256, 256, 4, 2, 64), Type.IQ3_S, LlamaFileType.MOSTLY_IQ3_M,
          exceptions=_mixed_like_iq3_m(2), purpose="IQ3_S, Q4_K and Q6_K in one file"),
    Model("tq1_0", Shape(1, 256, 256, 4, 2, 64), Type.TQ1_0, LlamaFileType.MOSTLY_TQ1_0,
          purpose="five ternary weights in a byte"),
    Model("tq2_0", Shape(2, 256, 256, 4, 2, 64), Type.TQ2_0, LlamaFileType.MOSTLY_TQ2_0,
          purpose="four ternary weights in a byte"),
    Model("mxfp4", Shape(2, 96, 160, 3, 1, 32), Type.MXFP4, LlamaFileType.MOSTLY_MXFP4_MOE,
          purpose="floats of four bits, a power of two for each 32"),
    Model("nvfp4", Shape(2, 128, 192, 2, 2, 64), Type.NVFP4, LlamaFileType.MOSTLY_NVFP4, has_scale_tensors=True,
          purpose="floats of four bits, a float of eight bits for each 16, a number beside each matrix"),
]  # fmt: skip

#: Models with activations like those of trained ones; massive.py says how.
MASSIVE_MODELS = [
    Model("massive-q4_k_m", Shape(4, 256, 256, 2, 1, 128), Type.Q4_K, LlamaFileType.MOSTLY_Q4_K_M, is_massive=True,
          exceptions=_mixed_like_q4_k_m(4, has_floats=False), purpose="massive activations, Q4_K and Q6_K"),
    Model("massive-q5_k_m", Shape(4, 256, 256, 2, 1, 128), Type.Q5_K, LlamaFileType.MOSTLY_Q5_K_M, is_massive=True,
          exceptions=_mixed_like_q4_k_m(4, has_floats=False), purpose="massive activations, Q5_K and Q6_K"),
    Model("massive-q8_0", Shape(4, 128, 192, 4, 2, 32), Type.Q8_0, LlamaFileType.MOSTLY_Q8_0, is_massive=True,
          purpose="massive activations, Q8_0"),
]  # fmt: skip

METADATA_MODELS = [
    Model("pooling-mean", TINY, Type.F32, LlamaFileType.ALL_F32, pooling=PoolingType.MEAN,
          purpose="pooling_type 1"),
    Model("pooling-cls", TINY, Type.F32, LlamaFileType.ALL_F32, pooling=PoolingType.CLS,
          purpose="pooling_type 2"),
    Model("pooling-none", TINY, Type.F32, LlamaFileType.ALL_F32, pooling=PoolingType.NONE,
          purpose="pooling_type 0"),
    Model("no-pooling-type", TINY, Type.F32, LlamaFileType.ALL_F32, pooling=None,
          purpose="pooling_type missing, as in files before mid-2025"),
    Model("no-add-eos", TINY, Type.F32, LlamaFileType.ALL_F32, adds_end_of_text=None,
          purpose="add_eos_token missing, as in files before mid-2025"),
    Model("wrong-eos", TINY, Type.F32, LlamaFileType.ALL_F32, end_of_text=END_OF_TURN,
          purpose="eos_token_id is <|im_end|>, as in files before mid-2025"),
    Model("version-2", TINY, Type.F32, LlamaFileType.ALL_F32, version=2, purpose="GGUF version 2"),
    Model("alignment-128", TINY, Type.F16, LlamaFileType.MOSTLY_F16, alignment=128,
          purpose="general.alignment 128"),
    Model("split", Shape(2, 64, 96, 2, 1, 32), Type.Q8_0, LlamaFileType.MOSTLY_Q8_0, tensors_per_part=8,
          purpose="24 tensors in three files"),
]  # fmt: skip

#: What a file says of attention and positions, beyond what Qwen3-Embedding's says.
ATTENTION_MODELS = [
    Model("non-causal", Shape(2, 64, 96, 4, 2, 32), Type.Q8_0, LlamaFileType.MOSTLY_Q8_0, pooling=PoolingType.MEAN,
          is_causal=False, purpose="attention.causal false: every token sees the whole text"),
    Model("rope-linear", Shape(2, 64, 96, 2, 1, 64, context=512), Type.F32, LlamaFileType.ALL_F32,
          rope_scaling=RopeScaling(RopeScalingType.LINEAR, 4.0, 128), purpose="positions divided by 4"),
    Model("rope-yarn", Shape(2, 64, 96, 2, 1, 64, context=512), Type.F32, LlamaFileType.ALL_F32,
          rope_scaling=RopeScaling(RopeScalingType.YARN, 4.0, 128), purpose="YaRN from 128 to 512 tokens"),
    Model("rope-yarn-factor", Shape(1, 64, 96, 2, 2, 128, theta=1e4, context=4096), Type.F32, LlamaFileType.ALL_F32,
          rope_scaling=RopeScaling(RopeScalingType.YARN, 2.0, 2048, attention_factor=0.75),
          purpose="YaRN with a factor on attention, theta 1e4"),
]  # fmt: skip

RERANK_MODELS = [
    Model("rerank-yes-no", Shape(2, 64, 64, 4, 2, 32), Type.Q8_0, LlamaFileType.MOSTLY_Q8_0, pooling=PoolingType.RANK,
          rank_head=RankHead("cls.output.weight", Type.F16, ("yes", "no"), has_template=True),
          purpose="a reranker as llama.cpp converts it"),
    Model("rerank-no-yes", Shape(2, 36, 53, 3, 1, 16), Type.F16, LlamaFileType.MOSTLY_F16, pooling=PoolingType.RANK,
          rank_head=RankHead("cls.output.weight", Type.F32, ("no", "yes"), has_template=True),
          purpose="a reranker, no before yes"),
    Model("rerank-output", Shape(2, 32, 96, 3, 1, 32), Type.Q4_0, LlamaFileType.MOSTLY_Q4_0, pooling=PoolingType.RANK,
          rank_head=RankHead("output.weight", Type.Q8_0), purpose="a reranker with all rows of its output"),
    Model("rerank-tied", Shape(2, 64, 96, 2, 1, 32), Type.Q4_1, LlamaFileType.MOSTLY_Q4_1, pooling=None,
          rank_head=RankHead("token_embd.weight", has_template=True), purpose="a reranker by template, output tied"),
    Model("rerank-one-row", TINY, Type.BF16, LlamaFileType.MOSTLY_BF16, pooling=PoolingType.RANK,
          rank_head=RankHead("cls.output.weight", rows=1), purpose="a reranker with one row: yes minus no"),
]  # fmt: skip

#: Right in float32 and bfloat16; in half precision the residual stream overflows in some texts.
OVERFLOW_MODEL = Model("large-residual", Shape(2, 32, 64, 2, 1, 16), Type.F32, LlamaFileType.ALL_F32,
                       residual_scale=15000, purpose="a residual stream that half precision cannot hold")  # fmt: skip

MODELS = FORMAT_MODELS + MASSIVE_MODELS + METADATA_MODELS + ATTENTION_MODELS
