"""A GGUF model as the reference sees it: metadata, and weights dequantised to float32 by gguf-py."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize

SPLIT_NAME = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")
POOLING_NAMES = ("none", "mean", "cls", "last", "rank")


@dataclass(frozen=True)
class GGUFModel:
    """Metadata values by key, and float32 weights by tensor name, [rows, columns]."""

    metadata: dict[str, Any]
    weights: dict[str, np.ndarray]

    def of(self, key: str) -> Any:
        """The value of a `qwen3.` key."""
        return self.metadata[f"qwen3.{key}"]

    @property
    def pooling(self) -> str:
        """The pooling that the file asks for; `last` where it says nothing."""
        return POOLING_NAMES[self.metadata.get("qwen3.pooling_type", 3)]


def read_model(path: Path) -> GGUFModel:
    """Reads a file, or all parts of a split file given its first part."""
    metadata: dict[str, Any] = {}
    weights: dict[str, np.ndarray] = {}
    for part in parts(path):
        reader = GGUFReader(part)
        for key, value in reader.fields.items():
            metadata.setdefault(key, value.contents())
        for tensor in reader.tensors:
            values = dequantize(tensor.data, tensor.tensor_type)
            shape = [int(size) for size in reversed(tensor.shape)]
            weights[tensor.name] = values.astype(np.float32).reshape(shape)
    return GGUFModel(metadata, weights)


def parts(path: Path) -> list[Path]:
    match = SPLIT_NAME.search(path.name)
    if match is None:
        return [path]
    count = int(match.group(2))
    stem = path.name[: match.start()]
    return [path.with_name(f"{stem}-{index:05}-of-{count:05}.gguf") for index in range(1, count + 1)]
