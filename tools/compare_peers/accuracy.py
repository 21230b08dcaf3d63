"""How far each engine's vectors are from float32 on the same file and the same texts."""

import json
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import torch

from reference import hugging_face
from reference.gguf_model import GGUFModel
from reference.texts import LANGUAGES
from reference.tokenizer import ReferenceTokenizer

from .commands import output_of
from .llama_server import llama_server
from .work import EngineError, attempt

#: Texts of about 20, 60, 180 … tokens; about 50, 120, 600 and 2,050 where the vocabulary is one of bytes.
TEXTS = [
    *LANGUAGES.values(),
    " ".join(list(LANGUAGES.values())[:4]),
    " ".join(list(LANGUAGES.values())[8:18]),
    " ".join(LANGUAGES.values()),
]

Embed = Callable[[list[str]], np.ndarray]


def errors(vectors: np.ndarray, expected: np.ndarray) -> dict[str, float]:
    """Median and largest 1 − cosine of the rows."""
    left = vectors / np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    right = expected / np.linalg.norm(expected.astype(np.float64), axis=1, keepdims=True)
    each = np.square(left - right).sum(axis=1) / 2
    return {"median": float(median(each)), "largest": float(each.max())}


def accuracy(model: GGUFModel, engines: dict[str, Embed]) -> dict[str, dict[str, float] | str]:
    """For each engine its errors against transformers in float32, or why there are none."""
    tokenizer = ReferenceTokenizer(model.metadata)
    network = hugging_face.build(model)
    states = [hugging_face.states(network, tokenizer.encode(text))[-1] for text in TEXTS]
    expected = torch.nn.functional.normalize(torch.stack(states), dim=-1).numpy()
    return {name: attempt(name, lambda embed=embed: errors(embed(TEXTS), expected)) for name, embed in engines.items()}


def context_for(inputs: list[list[int]]) -> int:
    """A context in which the longest input has room: a multiple of 256, as llama.cpp makes it."""
    return (max(map(len, inputs)) // 256 + 1) * 256


def llama_embed(program: Path, path: Path, model: GGUFModel, threads: int) -> Embed:
    """llama.cpp, given the reference's token ids: its tokenizer is not what is measured."""
    tokenizer = ReferenceTokenizer(model.metadata)

    def embed(texts: list[str]) -> np.ndarray:
        inputs = [tokenizer.encode(text) for text in texts]
        try:
            with llama_server(program, path, threads=threads, context=context_for(inputs)) as server:
                return np.concatenate([server.embed([ids]) for ids in inputs])
        except (RuntimeError, OSError) as error:
            raise EngineError(str(error)) from None

    return embed


def touchstone_embed(program: Path, path: Path, activations: str, threads: int) -> Embed:
    def embed(texts: list[str]) -> np.ndarray:
        command = [program, "embed", "--model", path, "--threads", threads, "--activations", activations]
        answer = output_of([*command, "--format", "jsonl", *texts])
        return np.array([json.loads(line)["embedding"] for line in answer.splitlines()], np.float32)

    return embed
