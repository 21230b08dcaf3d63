"""Traces as `touchstone trace` writes and `touchstone diff` reads them: safetensors files, docs/reference/trace.md."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

LAYER_NAMES = (
    "attention_norm",
    "query",
    "key",
    "value",
    "query_norm",
    "key_norm",
    "query_rotated",
    "key_rotated",
    "attention",
    "attention_output",
    "attention_residual",
    "feed_forward_norm",
    "gate",
    "up",
    "activated",
    "down",
    "feed_forward_residual",
)
SAFETENSORS_TYPES = {"float32": "F32", "float16": "F16", "uint16": "BF16"}
OTHER_NAMES = ("embedding", "final_norm", "pooled", "vector")


@dataclass(frozen=True)
class Selection:
    """Which layers and names are wanted; None is all."""

    layers: frozenset[int] | None = None
    names: frozenset[str] | None = None

    @classmethod
    def parse(cls, layers: str | None, names: str | None, layer_count: int) -> "Selection":
        """`0,3-5,last` and `query,key_rotated`, as the command takes them."""
        wanted = None if names is None else frozenset(names.split(","))
        if wanted is not None and (unknown := wanted - {*LAYER_NAMES, *OTHER_NAMES}):
            raise SystemExit(f"unknown names: {', '.join(sorted(unknown))}")
        return cls(None if layers is None else frozenset(layer_numbers(layers, layer_count)), wanted)

    def __contains__(self, full_name: object) -> bool:
        parts = str(full_name).split(".")
        is_named = self.names is None or parts[-1] in self.names
        return is_named and (len(parts) == 1 or self.layers is None or int(parts[1]) in self.layers)


def layer_numbers(text: str, layer_count: int) -> Iterable[int]:
    def number(word: str) -> int:
        return layer_count - 1 if word == "last" else int(word)

    for item in text.split(","):
        first, _, last = item.partition("-")
        yield from range(number(first), number(last or first) + 1)


@dataclass
class Trace:
    """Tensors [tokens, size] by name, and what is known of how they were computed."""

    metadata: dict[str, str]
    selection: Selection = field(default_factory=Selection)
    tensors: dict[str, np.ndarray] = field(default_factory=dict)

    def add(self, name: str, values: np.ndarray) -> None:
        """float32, float16, or the 16-bit words of bfloat16, which numpy does not know."""
        if name in self.selection:
            self.tensors[name] = np.ascontiguousarray(values)

    def write(self, path: Path) -> str:
        """Length of the header, header, values: that is safetensors. Returns what was written, in words."""
        header: dict[str, Any] = {"__metadata__": {"trace": "1", **self.metadata}}
        end = 0
        for name, values in self.tensors.items():
            begin, end = end, end + values.nbytes
            dtype = SAFETENSORS_TYPES[values.dtype.name]
            header[name] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": [begin, end]}
        encoded = json.dumps(header, ensure_ascii=False).encode()
        encoded += b" " * (-len(encoded) % 8)
        with path.open("wb") as file:
            file.write(len(encoded).to_bytes(8, "little") + encoded)
            for values in self.tensors.values():
                file.write(values.tobytes())
        return f"{path}: {len(self.tensors)} tensors, {end:,} bytes of values"


def model_metadata(metadata: dict[str, Any], ids: list[int]) -> dict[str, str]:
    """The sizes that `touchstone diff` needs to understand a row, from a GGUF file's `qwen3.` keys."""
    keys = {
        "layer_count": "block_count",
        "hidden_size": "embedding_length",
        "feed_forward_size": "feed_forward_length",
        "head_count": "attention.head_count",
        "key_value_head_count": "attention.head_count_kv",
        "head_dimension": "attention.key_length",
        "rope_theta": "rope.freq_base",
    }
    sizes = {ours: str(metadata[f"qwen3.{theirs}"]) for ours, theirs in keys.items()}
    return {"token_ids": json.dumps(ids, separators=(",", ":")), **sizes}


def token_ids(path: Path) -> list[int]:
    """The ids that another trace is of, so that two traces are of the same."""
    with path.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return json.loads(header["__metadata__"]["token_ids"])
