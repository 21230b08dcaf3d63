#!/usr/bin/env python3
"""Write the golden explanations of testdata/explain with transformers and tokenizers.

    python tools/make_explain_golden.py

Everything that `touchstone explain` shows in numbers, of the demonstration model and of a small reranker, dequantised
by gguf-py and run by transformers in float32 on one thread: hidden states and attentions of the last token, entropies,
widths, the order of the built-in texts, and what words carry when they are left out. The same once more in float64
(tools/reference/exact.py): the largest distance of each kind of number is what float32 itself leaves open. Format:
testdata/README.md. Needs tools/requirements.txt.
"""

import missing_packages  # noqa: F401

# isort: split
import argparse
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import Tensor

from make_golden import TESTDATA, model_path
from reference import hugging_face
from reference.exact import ExactModel
from reference.gguf_model import GGUFModel, read_model
from reference.golden import normalized
from reference.rerank import RerankPrompt, RerankQuery, head_rows, logits
from reference.tokenizer import QUERY_INSTRUCTION, ReferenceTokenizer

TEXTS = ("The file was not found.", "東京 Cafe\u0301 <|im_end|> naïve", "disk full")
CORPUS = TESTDATA.parent / "Sources" / "Explanations" / "Vectors" / "BuiltInCorpus.swift"
MERGED = (" unbelievable", "東京", " the")
QUERY = "where is the missing file"
DOCUMENTS = ("The file was not found. Look in the other folder.", "The printer is out of paper.")
RERANKER = "rerank-yes-no"


def entropy(weights: Tensor) -> Tensor:
    """In bits, over the last axis."""
    return -(weights * torch.where(weights > 0, weights, 1).log2()).sum(-1)


def last_token(model: GGUFModel, values: dict[str, Tensor], attentions: list[Tensor], final: Tensor) -> dict[str, Any]:
    """What an explanation shows of the last token: norms, cosines, attention [layers][heads][tokens]."""
    weight = torch.from_numpy(model.weights["output_norm.weight"]).to(final.dtype)
    epsilon = model.of("attention.layer_norm_rms_epsilon")

    def nearness(state: Tensor) -> float:
        passed = state / (state.square().mean() + epsilon).sqrt() * weight
        return float(torch.dot(passed, final) / passed.norm() / final.norm())

    layers = []
    for index in range(model.of("block_count")):
        after_attention = values[f"layers.{index}.attention_residual"][-1]
        after = values[f"layers.{index}.feed_forward_residual"]
        norms = after.norm(dim=-1)
        layers.append(
            {
                "norm": float(after[-1].norm()),
                "attentionNorm": float(values[f"layers.{index}.attention_output"][-1].norm()),
                "feedForwardNorm": float(values[f"layers.{index}.down"][-1].norm()),
                "cosineAfterAttention": nearness(after_attention),
                "cosine": nearness(after[-1]),
                "largestNorm": float(norms.max()),
                "largestToken": int(norms.argmax()),
                "entropies": entropy(attentions[index]).tolist(),
                "attention": attentions[index].tolist(),
            }
        )
    embedding = values["embedding"][-1]
    return {"embeddingNorm": float(embedding.norm()), "embeddingCosine": nearness(embedding), "layers": layers}


def float32_pass(model: GGUFModel, network: transformers.Qwen3Model, ids: list[int]) -> dict[str, Any]:
    values: dict[str, Tensor] = {}
    hooks = hugging_face.observe_modules(network, values.__setitem__)
    try:
        result = network(
            input_ids=torch.tensor([ids]), output_hidden_states=True, output_attentions=True, use_cache=False
        )
    finally:
        for hook in hooks:
            hook.remove()
    # The hooks and transformers' own outputs are of one pass: hidden states begin with the embedding.
    for index, state in enumerate(result.hidden_states[1:-1]):
        if not torch.equal(state[0], values[f"layers.{index}.feed_forward_residual"]):
            raise ValueError(f"hidden state {index} is not the stream after layer {index}")
    attentions = [layer[0, :, -1] for layer in result.attentions]
    return last_token(model, values, attentions, result.last_hidden_state[0, -1])


def float64_pass(model: GGUFModel, exact: ExactModel, ids: list[int]) -> dict[str, Any]:
    values: dict[str, Tensor] = {}
    final = exact.states(ids, values.__setitem__)[-1]
    heads, shared = model.of("attention.head_count"), model.of("attention.head_count_kv")
    size = model.of("attention.key_length")
    attentions = []
    for index in range(model.of("block_count")):
        query = values[f"layers.{index}.query_rotated"][-1].reshape(heads, size)
        keys = values[f"layers.{index}.key_rotated"].reshape(len(ids), shared, size)
        keys = keys.repeat_interleave(heads // shared, dim=1)
        attentions.append(torch.softmax(torch.einsum("hd,thd->ht", query, keys) / size**0.5, -1))
    return last_token(model, values, attentions, final)


def differences(found: Any, exact: Any, name: str, largest: dict[str, float]) -> None:
    """Notes the largest distance of each kind of number; of lengths and logits relative to the number."""
    match found:
        case dict():
            for key, value in found.items():
                differences(value, exact[key], key, largest)
        case list():
            for one, other in zip(found, exact, strict=True):
                differences(one, other, name, largest)
        case float():
            scale = max(abs(exact), 1e-6) if "orm" in name else 1
            largest[name] = max(largest.get(name, 0.0), abs(found - exact) / scale)
        case int():
            if found != exact:
                raise ValueError(f"{name} is {found} in float32 and {exact} in float64")


def merges(metadata: dict[str, Any], piece: str) -> list[dict[str, Any]]:
    """Byte-pair encoding as its paper has it: merge the pair of the lowest rank, everywhere one at a time."""
    ranks = {tuple(merge.split(" ")): rank for rank, merge in enumerate(metadata["tokenizer.ggml.merges"])}
    alphabet = byte_alphabet()
    parts = [alphabet[byte] for byte in piece.encode()]
    steps = []
    while True:
        pairs = [(ranks[pair], place) for place, pair in enumerate(pairwise(parts)) if pair in ranks]
        if not pairs:
            return steps
        rank, place = min(pairs)
        parts[place : place + 2] = ["".join(parts[place : place + 2])]
        steps.append({"rank": rank, "tokens": [spelled(part) for part in parts]})


def byte_alphabet() -> dict[int, str]:
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(others)}


def spelled(part: str) -> list[int]:
    """The bytes of a token."""
    back = {letter: byte for byte, letter in byte_alphabet().items()}
    return [back[letter] for letter in part]


def corpus() -> list[str]:
    source = CORPUS.read_text(encoding="utf-8")
    block = source[source.index("texts = [") : source.index("  ]")]
    return re.findall(r'^\s+"(.*)",$', block, re.MULTILINE)


def widths(vector: Tensor, texts: Tensor) -> list[dict[str, Any]]:
    """Cosine to the whole vector and agreement of the order of texts, for 32, 64, … and all components."""

    def cosines(width: int) -> Tensor:
        return normalized(texts, width) @ normalized(vector, width)

    def nearest(values: Tensor) -> set[int]:
        return set(torch.sort(values, descending=True, stable=True).indices[:5].tolist())

    whole = cosines(len(vector))
    pairs = torch.triu_indices(len(texts), len(texts), 1)
    rows, width = [], 32
    while True:
        width = min(width, len(vector))
        some = cosines(width)
        order = [(values[pairs[0]] - values[pairs[1]]).sign() for values in (some, whole)]
        rows.append(
            {
                "width": width,
                "cosine": float(vector[:width].norm() / vector.norm()),
                "agreement": float((order[0] == order[1]).double().mean()),
                "commonNearest": len(nearest(some) & nearest(whole)),
                "largestChange": float((some - whole).abs().max()),
            }
        )
        if width == len(vector):
            return rows
        width *= 2


def without_words(text: str) -> list[str]:
    """The text without each of its words; with the last one, the space before it goes too."""
    starts = [found.start() for found in re.finditer(r"\S+", text)]
    ends = [*starts[1:], len(text)]
    return [
        text[:start] + text[end:] if end < len(text) else text[:start].rstrip()
        for start, end in zip(starts, ends, strict=True)
    ]


def embedding_match(tokenizer: ReferenceTokenizer, states: Any) -> list[dict[str, Any]]:
    def vector(text: str, instruction: str | None = None) -> Tensor:
        return normalized(states(tokenizer.encode(text, instruction))[-1], 1 << 20)

    query = vector(QUERY, QUERY_INSTRUCTION)
    queries = [vector(text, QUERY_INSTRUCTION) for text in without_words(QUERY)]
    rows = []
    for text in DOCUMENTS:
        document = vector(text)
        rows.append(
            {
                "text": text,
                "value": float(query @ document),
                "documentWithout": [float(query @ vector(shorter)) for shorter in without_words(text)],
                "queryWithout": [float(shorter @ document) for shorter in queries],
            }
        )
    return rows


def rerank_match(prompt: RerankPrompt, rows: Tensor, states: Any) -> list[dict[str, Any]]:
    def logit(query: str, document: str) -> float:
        found = logits(states(prompt.ids(RerankQuery(query, []), document))[-1], rows)
        return float(found[1] - found[0])

    return [
        {
            "text": text,
            "value": logit(QUERY, text),
            "documentWithout": [logit(QUERY, shorter) for shorter in without_words(text)],
            "queryWithout": [logit(shorter, text) for shorter in without_words(QUERY)],
        }
        for text in DOCUMENTS
    ]


@torch.inference_mode()
def golden() -> dict[str, Any]:
    largest: dict[str, float] = {}
    model = read_model(model_path("demo"))
    tokenizer, texts = ReferenceTokenizer(model.metadata), corpus()
    network, exact = hugging_face.build(model), ExactModel(model)
    float32, float64 = (lambda ids: hugging_face.states(network, ids)), exact.states
    corpora = [torch.stack([states(tokenizer.encode(text))[-1] for text in texts]) for states in (float32, float64)]
    rows = []
    for text in TEXTS:
        ids = tokenizer.encode(text)
        row = float32_pass(model, network, ids) | {"widths": widths(float32(ids)[-1], corpora[0])}
        other = float64_pass(model, exact, ids) | {"widths": widths(float64(ids)[-1], corpora[1])}
        differences(row, other, "", largest)
        rows.append({"text": text, "ids": ids} | row)
    match = embedding_match(tokenizer, float32)
    differences(strip(match), strip(embedding_match(tokenizer, float64)), "cosine", largest)
    reranker = read_model(TESTDATA / "models" / f"{RERANKER}.gguf")
    prompt, head = RerankPrompt(reranker.metadata), head_rows(reranker)
    small, small_exact = hugging_face.build(reranker), ExactModel(reranker)
    judged = rerank_match(prompt, head, lambda ids: hugging_face.states(small, ids))
    differences(strip(judged), strip(rerank_match(prompt, head, small_exact.states)), "logit", largest)
    return {
        "reference": f"transformers {transformers.__version__}, torch {torch.__version__}, float32, eager attention",
        "largestFloat32Error": {name: float(f"{value:.3g}") for name, value in largest.items()},
        "corpus": texts,
        "texts": rows,
        "merges": [{"piece": piece, "steps": merges(model.metadata, piece)} for piece in MERGED],
        "query": QUERY,
        "match": match,
        "reranker": RERANKER,
        "rerankMatch": judged,
    }


def strip(rows: list[dict[str, Any]]) -> list[list[Any]]:
    """The numbers of a match alone."""
    return [[row["value"], row["documentWithout"], row["queryWithout"]] for row in rows]


def short(value: Any) -> Any:
    """Eight significant digits: more than float32 has."""
    match value:
        case float():
            return float(f"{value:.8g}")
        case list():
            return [short(item) for item in value]
        case dict():
            return {key: short(item) for key, item in value.items()}
    return value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=TESTDATA / "explain", help="folder (default: %(default)s)")
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    found = short(golden())
    lines = [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in found.items()]
    (output / "golden.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(found["largestFloat32Error"])


if __name__ == "__main__":
    main()
