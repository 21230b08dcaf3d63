#!/usr/bin/env python3
"""Write the numbers that the exercises of the course compare with: testdata/course/golden.json.

    python tools/make_course_golden.py

Integers of GGUF files are gguf-py's, pieces and their tokens the tokenizers package's, norms' weights and a block of
Q4_K have their places from gguf-py, and the integer product is NumPy's. Everything else that the exercises compare with
is in testdata already. Needs the packages gguf, numpy and tokenizers of tools/requirements.txt.
"""

import missing_packages  # noqa: F401

# isort: split
import json
from pathlib import Path

import numpy as np
from gguf import GGUFReader, ReaderTensor
from gguf.quants import dequantize

from reference.tokenizer import ReferenceTokenizer

TESTDATA = Path(__file__).resolve().parent.parent / "testdata"
DEMO = "demo/demo-q4_k_m.gguf"
INTEGERS = {
    "models/f32.gguf": ["qwen3.block_count", "qwen3.attention.key_length", "tokenizer.ggml.eos_token_id"],
    "models/alignment-128.gguf": ["general.alignment", "qwen3.embedding_length", "general.file_type"],
    "models/version-2.gguf": ["qwen3.context_length", "tokenizer.ggml.padding_token_id"],
}
PIECES = ["The", " file", " was", " found", " embedding", " Passwort", "Übermut", "密码", " 🚀", "aaaaaaa", "x"]
NORMS = ["blk.0.attn_norm.weight", "blk.1.ffn_norm.weight", "output_norm.weight"]
#: The row of `blk.0.attn_k.weight` that is multiplied: a row of this matrix is one block.
ROWS = [0, 77]


def main() -> None:
    demo = GGUFReader(TESTDATA / DEMO)
    golden = {
        "integers": [
            {"file": file, "values": {key: integer(reader, key) for key in keys}}
            for file, keys in INTEGERS.items()
            for reader in [GGUFReader(TESTDATA / file)]
        ],
        "pieces": pieces(demo),
        "norms": norms(GGUFReader(TESTDATA / "models/f32.gguf")),
        "products": [product(demo, row) for row in ROWS],
    }
    folder = TESTDATA / "course"
    folder.mkdir(exist_ok=True)
    text = json.dumps(golden, ensure_ascii=False, indent=1)
    (folder / "golden.json").write_text(text + "\n", encoding="utf-8")


def integer(reader: GGUFReader, key: str) -> int:
    return int(reader.fields[key].contents())


def pieces(demo: GGUFReader) -> list[dict]:
    """Pieces with their tokens, and the merges that can occur in them: [left, right, rank], spelled."""
    metadata = {name: field.contents() for name, field in demo.fields.items()}
    tokenizer = ReferenceTokenizer(metadata).tokenizer
    merges = [tuple(merge.split(" ")) for merge in metadata["tokenizer.ggml.merges"]]
    rows = []
    for piece in PIECES:
        encoding = tokenizer.encode(piece, add_special_tokens=False)
        spelled = "".join(encoding.tokens)
        possible = [[left, right, rank] for rank, (left, right) in enumerate(merges) if left + right in spelled]
        rows.append({"piece": spelled, "tokens": encoding.tokens, "merges": possible})
    return rows


def norms(reader: GGUFReader) -> dict:
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    return {
        "file": "models/f32.gguf",
        "epsilon": float(reader.fields["qwen3.attention.layer_norm_rms_epsilon"].contents()),
        "theta": float(reader.fields["qwen3.rope.freq_base"].contents()),
        "headCount": integer(reader, "qwen3.attention.head_count"),
        "keyValueHeadCount": integer(reader, "qwen3.attention.head_count_kv"),
        "headDimension": integer(reader, "qwen3.attention.key_length"),
        "weights": {name: place(tensors[name]) for name in NORMS},
    }


def place(tensor: ReaderTensor) -> dict:
    return {"byteOffset": int(tensor.data_offset), "count": int(tensor.n_elements)}


def product(demo: GGUFReader, row: int) -> dict:
    """A row of weights by the state of a golden text, with 8-bit activations, a scale for each 32."""
    case = next(
        case
        for case in json.loads((TESTDATA / "golden/demo.json").read_text(encoding="utf-8"))["cases"]
        if case["name"] == "english"
    )
    numbers = np.fromfile(TESTDATA / "golden/demo.f32", dtype="<f4")
    first = case["state"]["offset"]
    activations = numbers[first : first + 256].reshape(8, 32)
    tensor = next(tensor for tensor in demo.tensors if tensor.name == "blk.0.attn_k.weight")
    weights = dequantize(tensor.data[row : row + 1], tensor.tensor_type).astype(np.float64).ravel()

    largest = np.abs(activations).max(axis=1, keepdims=True)
    integers = np.rint(activations * (np.float32(127) / largest)).astype(int)
    rounded = integers * (largest / np.float32(127)).astype(np.float64)
    exact = float(weights @ activations.astype(np.float64).ravel())
    quantised = float(weights @ rounded.ravel())
    if abs(exact - quantised) < 1e-4 * abs(exact):
        raise ValueError(f"row {row}: the product with 8 bits is too near the exact one to tell them apart")
    return {
        "blockByteOffset": int(tensor.data_offset) + 144 * row,
        "activationsOffset": first,
        "integers": integers.ravel().tolist(),
        "exact": exact,
        "eightBit": quantised,
    }


if __name__ == "__main__":
    main()
