"""A synthetic model: its shape, its block formats, and the GGUF file that holds it."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import GGUFWriter, LlamaFileType, PoolingType, RopeScalingType

from .blocks import random_blocks
from .massive import MassiveActivations
from .quantize import quantize
from .vocabulary import END_OF_TEXT, END_OF_TURN, Vocabulary

ARCHITECTURE = "qwen3"
#: The deviation of a head's weights: logits differ by a few units from document to document.
HEAD_DEVIATION = 0.4
#: What llama.cpp's converter writes into a reranker's file, and its server fills in.
RERANK_TEMPLATE = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct "
    'provided. Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n<Instruct>: '
    "Given a web search query, retrieve relevant passages that answer the query\n<Query>: {query}\n"
    "<Document>: {document}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
)


@dataclass(frozen=True)
class Shape:
    """Sizes and constants of a Qwen3 decoder."""

    layers: int
    hidden: int
    feed_forward: int
    heads: int
    key_value_heads: int
    head_dimension: int
    theta: float = 1e6
    epsilon: float = 1e-6
    context: int = 8192


@dataclass(frozen=True)
class RankHead:
    """The head of a reranker: a tensor of its own, or rows of the tokens yes and no in one with all tokens."""

    #: `cls.output.weight`, `output.weight`, or `token_embd.weight`, which is there anyway.
    tensor: str
    kind: Type = Type.F32
    #: `classifier.output_labels`, in the order of the rows.
    labels: tuple[str, ...] = ()
    #: Rows of `cls.output.weight`.
    rows: int = 2
    has_template: bool = False


@dataclass(frozen=True)
class RopeScaling:
    """How the rotation is stretched beyond the context of the first training."""

    kind: RopeScalingType
    factor: float
    original_context: int
    #: On top of what YaRN's factor calls for; None: not stated.
    attention_factor: float | None = None


@dataclass(frozen=True)
class Model:
    """One file: a shape, a block format for every matrix, and what the metadata says or leaves out."""

    name: str
    shape: Shape
    kind: Type
    file_type: LlamaFileType
    #: Formats of single tensors, by name, where they differ from `kind`.
    exceptions: dict[str, Type] = field(default_factory=dict)
    pooling: PoolingType | None = PoolingType.LAST
    adds_end_of_text: bool | None = True
    end_of_text: str = END_OF_TEXT
    version: int = 3
    alignment: int | None = None
    tensors_per_part: int = 0
    #: Centre of the query and key norms' weights: the larger, the sharper is attention.
    attention_norm: float = 1.6
    #: Factor on all that is added to the residual stream. The norms take it out again, but half precision may overflow.
    residual_scale: float = 1.0
    rank_head: RankHead | None = None
    #: False: every token attends to the whole text.
    is_causal: bool = True
    rope_scaling: RopeScaling | None = None
    #: Whether each matrix of a layer has a number beside it, `NAME.scale`, that it is multiplied by.
    has_scale_tensors: bool = False
    #: Whether a few neurons reach thousands and a few residual columns hundreds, as in trained models.
    is_massive: bool = False
    purpose: str = ""

    @property
    def seed(self) -> int:
        return zlib.crc32(self.name.encode())


def write_model(model: Model, vocabulary: Vocabulary, directory: Path) -> list[Path]:
    """Writes the file (or its parts) and returns their paths."""
    path = directory / f"{model.name}.gguf"
    writer = GGUFWriter(path, ARCHITECTURE, split_max_tensors=model.tensors_per_part)
    add_shape(writer, model)
    add_tokenizer(writer, model, vocabulary)
    generator = np.random.default_rng(model.seed)
    for name, data, kind in tensors(model, len(vocabulary.tokens), generator):
        writer.add_tensor(name, data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    paths = sorted(directory.glob(f"{model.name}-0*-of-0*.gguf")) if model.tensors_per_part else [path]
    for part in paths:
        set_version(part, model.version)
    return paths


def add_shape(writer: GGUFWriter, model: Model) -> None:
    """The `general.*` and `qwen3.*` keys."""
    shape = model.shape
    writer.add_name(f"Touchstone test model {model.name}")
    writer.add_license("apache-2.0")
    writer.add_file_type(model.file_type)
    writer.add_quantization_version(2)
    if model.alignment is not None:
        writer.add_custom_alignment(model.alignment)
    writer.add_block_count(shape.layers)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.hidden)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_value_heads)
    writer.add_key_length(shape.head_dimension)
    writer.add_value_length(shape.head_dimension)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_rope_freq_base(shape.theta)
    if model.pooling is not None:
        writer.add_pooling_type(model.pooling)
    if not model.is_causal:
        writer.add_causal_attention(False)
    if model.rope_scaling is not None:
        add_rope_scaling(writer, model.rope_scaling)
    if model.rank_head is not None:
        add_rank_head(writer, model.rank_head)


def add_rope_scaling(writer: GGUFWriter, scaling: RopeScaling) -> None:
    writer.add_rope_scaling_type(scaling.kind)
    writer.add_rope_scaling_factor(scaling.factor)
    if scaling.kind == RopeScalingType.YARN:
        writer.add_rope_scaling_orig_ctx_len(scaling.original_context)
    if scaling.attention_factor is not None:
        writer.add_rope_scaling_attn_factors(scaling.attention_factor)


def add_rank_head(writer: GGUFWriter, head: RankHead) -> None:
    """What a conversion of Qwen3-Reranker says of its answers."""
    if head.labels:
        writer.add_classifier_output_labels(head.labels)
    if head.has_template:
        writer.add_chat_template([{"name": "rerank", "template": RERANK_TEMPLATE}])


def add_tokenizer(writer: GGUFWriter, model: Model, vocabulary: Vocabulary) -> None:
    """The `tokenizer.ggml.*` keys, as a conversion of Qwen3-Embedding has them."""
    end_of_text = vocabulary.id_of(model.end_of_text)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.token_types)
    writer.add_token_merges(vocabulary.merges)
    writer.add_eos_token_id(end_of_text)
    writer.add_pad_token_id(vocabulary.id_of(END_OF_TEXT))
    writer.add_bos_token_id(vocabulary.id_of(END_OF_TEXT))
    writer.add_eot_token_id(vocabulary.id_of(END_OF_TURN))
    writer.add_add_bos_token(False)
    if model.adds_end_of_text is not None:
        writer.add_add_eos_token(model.adds_end_of_text)


def matrix_names(layers: int) -> list[str]:
    parts = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
    return [f"blk.{layer}.{part}.weight" for layer in range(layers) for part in parts]


def tensors(
    model: Model, vocabulary_size: int, generator: np.random.Generator
) -> Iterator[tuple[str, np.ndarray, Type]]:
    """Every tensor of the file in order: name, bytes, format.

    Matrices have the deviation 1/√columns, which keeps the size of what they multiply. The query and key
    norms are above 1, so that attention is far from uniform; the embedding is small beside what the layers
    add, so that a vector depends on all tokens and not only on the last.
    """
    shape = model.shape
    query_width = shape.heads * shape.head_dimension
    key_value_width = shape.key_value_heads * shape.head_dimension

    def matrix(name: str, rows: int, columns: int, deviation: float) -> tuple[str, np.ndarray, Type]:
        kind = model.exceptions.get(name, model.kind)
        if massive is not None:
            weights = generator.standard_normal((rows, columns)).astype(np.float32) * np.float32(deviation)
            return name, quantize(massive.matrix(name, weights), kind), kind
        return name, random_blocks((rows, columns), kind, deviation, generator), kind

    factors: dict[str, float] = {}
    massive = MassiveActivations(shape.hidden, shape.feed_forward, generator) if model.is_massive else None

    def norm(name: str, width: int, centre: float = 1.0) -> tuple[str, np.ndarray, Type]:
        weights = generator.normal(centre, 0.25, width).astype(np.float32)
        return name, massive.norm(name, weights) if massive is not None else weights, Type.F32

    def projection(name: str, rows: int, columns: int, scale: float = 1.0) -> tuple[str, np.ndarray, Type]:
        return matrix(name, rows, columns, scale * columns**-0.5 / factors.get(name, 1.0))

    if model.has_scale_tensors:
        for name in matrix_names(shape.layers):
            factors[name] = float(np.float32(generator.uniform(0.001, 0.1)))
            yield name.replace(".weight", ".scale"), np.array([factors[name]], np.float32), Type.F32

    yield norm("output_norm.weight", shape.hidden)
    yield matrix("token_embd.weight", vocabulary_size, shape.hidden, 0.4 * model.residual_scale)
    if model.rank_head is not None and model.rank_head.tensor != "token_embd.weight":
        head = model.rank_head
        rows = head.rows if head.tensor == "cls.output.weight" else vocabulary_size
        yield head.tensor, random_blocks((rows, shape.hidden), head.kind, HEAD_DEVIATION, generator), head.kind
    for layer in range(shape.layers):
        block = f"blk.{layer}"
        yield norm(f"{block}.attn_norm.weight", shape.hidden)
        yield projection(f"{block}.attn_q.weight", query_width, shape.hidden)
        yield norm(f"{block}.attn_q_norm.weight", shape.head_dimension, model.attention_norm)
        yield projection(f"{block}.attn_k.weight", key_value_width, shape.hidden)
        yield norm(f"{block}.attn_k_norm.weight", shape.head_dimension, model.attention_norm)
        yield projection(f"{block}.attn_v.weight", key_value_width, shape.hidden)
        yield projection(f"{block}.attn_output.weight", shape.hidden, query_width, model.residual_scale)
        yield norm(f"{block}.ffn_norm.weight", shape.hidden)
        yield projection(f"{block}.ffn_gate.weight", shape.feed_forward, shape.hidden)
        yield projection(f"{block}.ffn_up.weight", shape.feed_forward, shape.hidden)
        yield projection(f"{block}.ffn_down.weight", shape.hidden, shape.feed_forward, model.residual_scale)


def set_version(path: Path, version: int) -> None:
    """Overwrites the version in the header: versions 2 and 3 differ in nothing else (little-endian)."""
    with path.open("r+b") as file:
        file.seek(4)
        file.write(version.to_bytes(4, "little"))
