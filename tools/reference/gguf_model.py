"""A GGUF model as the reference sees it: metadata, and weights dequantised to float32 by gguf-py."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFReader, ReaderTensor
from gguf.quants import dequantize

SPLIT_NAME = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")
POOLING_NAMES = ("none", "mean", "cls", "last", "rank")


class DequantizedTensors(Mapping[str, np.ndarray]):
    """float32 weights by tensor name, [rows, columns]; dequantised when asked for, and not kept."""

    def __init__(self, tensors: dict[str, ReaderTensor]) -> None:
        self.tensors = tensors

    def __getitem__(self, name: str) -> np.ndarray:
        tensor = self.tensors[name]
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        beside = self.tensors.get(name.replace(".weight", ".scale")) if name.endswith(".weight") else None
        if beside is not None:
            values = values * np.float32(beside.data[0])
        return values.reshape(self.shape(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self.tensors)

    def __len__(self) -> int:
        return len(self.tensors)

    def shape(self, name: str) -> list[int]:
        """Outermost dimension first; GGUF lists the innermost first."""
        return [int(size) for size in reversed(self.tensors[name].shape)]


@dataclass(frozen=True)
class GGUFModel:
    """Metadata values by key, and weights by tensor name."""

    metadata: dict[str, Any]
    weights: DequantizedTensors

    def of(self, key: str) -> Any:
        """The value of a `qwen3.` key."""
        return self.metadata[f"qwen3.{key}"]

    @property
    def pooling(self) -> str:
        """The pooling that the file asks for; `last` where it says nothing."""
        return POOLING_NAMES[self.metadata.get("qwen3.pooling_type", 3)]

    @property
    def is_causal(self) -> bool:
        """Whether a token sees only those before it."""
        return self.metadata.get("qwen3.attention.causal", True)

    @property
    def rope_scaling(self) -> dict[str, Any]:
        """The `qwen3.rope.scaling.` keys without that prefix; empty where the file has none."""
        prefix = "qwen3.rope.scaling."
        return {key.removeprefix(prefix): value for key, value in self.metadata.items() if key.startswith(prefix)}

    @property
    def vocabulary_size(self) -> int:
        return self.weights.shape("token_embd.weight")[0]


def read_model(path: Path) -> GGUFModel:
    """Reads a file, or all parts of a split file given its first part."""
    metadata: dict[str, Any] = {}
    tensors: dict[str, ReaderTensor] = {}
    for part in parts(path):
        reader = GGUFReader(part)
        for key, value in reader.fields.items():
            metadata.setdefault(key, value.contents())
        tensors |= {tensor.name: tensor for tensor in reader.tensors}
    return GGUFModel(metadata, DequantizedTensors(tensors))


def parts(path: Path) -> list[Path]:
    match = SPLIT_NAME.search(path.name)
    if match is None:
        return [path]
    count = int(match.group(2))
    stem = path.name[: match.start()]
    return [path.with_name(f"{stem}-{index:05}-of-{count:05}.gguf") for index in range(1, count + 1)]
