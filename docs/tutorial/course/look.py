"""Readers for the lessons of the course: GGUF files and traces, with Python's standard library alone.

Small and plain rather than safe: it trusts its files. Sources/GGUF is the reader that trusts none.
"""

import array
import json
import mmap
import struct
from pathlib import Path

MODEL = "testdata/demo/demo-q4_k_m.gguf"
TRACE = ".build/course/trace.safetensors"

#: Of a metadata type, by its id: how `struct` spells it. 8 is a string, 9 an array.
SPELLINGS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}


class GGUF:
    """`metadata` by key; `tensors` by name: shape (outermost first), type, place in the file."""

    def __init__(self, path: str = MODEL) -> None:
        with Path(path).open("rb") as file:
            self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.position = 4
        _version, tensor_count, metadata_count = self.take("IQQ")
        self.metadata = {self.string(): self.value(*self.take("I")) for _ in range(metadata_count)}
        found = [self.description() for _ in range(tensor_count)]
        alignment = self.metadata.get("general.alignment", 32)
        data = -(-self.position // alignment) * alignment
        self.tensors = {name: (shape, kind, data + offset) for name, shape, kind, offset in found}

    def take(self, spelling: str) -> tuple:
        """The next numbers of the file, little-endian, without gaps."""
        values = struct.unpack_from("<" + spelling, self.bytes, self.position)
        self.position += struct.calcsize("<" + spelling)
        return values

    def string(self) -> str:
        (count,) = self.take("Q")
        self.position += count
        return self.bytes[self.position - count : self.position].decode()

    def value(self, kind: int) -> object:
        if kind == 8:
            return self.string()
        if kind == 9:
            element, count = self.take("IQ")
            return [self.value(element) for _ in range(count)]
        return self.take(SPELLINGS[kind])[0]

    def description(self) -> tuple:
        name = self.string()
        (dimension_count,) = self.take("I")
        shape = self.take("Q" * dimension_count)[::-1]
        kind, offset = self.take("IQ")
        return name, shape, kind, offset

    def floats(self, name: str) -> list[float]:
        """The numbers of a tensor of type 0: float32."""
        (count,), _kind, place = self.tensors[name]
        return list(struct.unpack_from(f"<{count}f", self.bytes, place))


def trace(name: str, path: str = TRACE) -> list[list[float]]:
    """A tensor of a trace: a row for each token."""
    with Path(path).open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        entry = json.loads(file.read(size))[name]
        first, end = entry["data_offsets"]
        file.seek(8 + size + first)
        numbers = array.array("f", file.read(end - first))
    width = entry["shape"][-1]
    return [list(numbers[row : row + width]) for row in range(0, len(numbers), width)]


def dot(a: list[float], b: list[float]) -> float:
    """The sum of the products."""
    return sum(x * y for x, y in zip(a, b, strict=True))


def show(label: str, values: list[float]) -> None:
    """A label and numbers of four decimals."""
    print(f"{label:<16}", *(f"{value:8.4f}" for value in values))
