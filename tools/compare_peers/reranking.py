"""Reranking: the same documents to every engine, how fast, and how far the scores are from float32."""

import json
import math
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from reference import hugging_face
from reference.gguf_model import GGUFModel
from reference.rerank import CLOSING, OPENING, RerankPrompt, RerankQuery, head_rows, logits, pair
from reference.texts import LANGUAGES

from .commands import output_of
from .llama_server import LlamaServer, llama_server
from .work import EngineError, attempt, best_of_tries

QUERY = "why can the file not be opened"
#: Of one prompt, and a little more.
CONTEXT = 1024
SLOTS = 8


@dataclass(frozen=True)
class RerankWork:
    """A query's documents."""

    name: str
    documents: tuple[str, ...]


def works() -> list[RerankWork]:
    """Sentences of some 15 tokens, and paragraphs of some 80; the prompt and the query around them have 79."""
    sentences = list(LANGUAGES.values())[:16]
    paragraphs = [" ".join(sentences[index : index + 5]) for index in range(8)]
    return [
        RerankWork("16 sentences", tuple(sentences)),
        RerankWork("8 paragraphs", tuple(paragraphs)),
        RerankWork("1 paragraph", (paragraphs[0],)),
    ]


@contextmanager
def texts_file(texts: Iterable[str]) -> Iterator[str]:
    """A JSON Lines file of texts."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write("".join(json.dumps({"text": text}) + "\n" for text in texts))
        file.flush()
        yield file.name


class TouchstoneReranker:
    """`touchstone rerank` in one of its precisions; the time includes its start."""

    def __init__(self, program: Path, model: Path, threads: int, activations: str) -> None:
        self.name = f"Touchstone {activations}"
        self.command = [
            program, "rerank", "--model", model, "--threads", threads, "--activations", activations, "--query", QUERY,
        ]  # fmt: skip

    def seconds(self, work: RerankWork) -> float:
        with texts_file(work.documents) as path:
            return best_of_tries(lambda: output_of([*self.command, "--documents", path]))

    def logits(self, documents: tuple[str, ...]) -> list[float]:
        answer = output_of([*self.command, "--raw-scores", *documents])
        found = {row["index"]: row["score"] for row in map(json.loads, answer.splitlines())}
        return [found[index] for index in range(len(documents))]

    def close(self) -> None:
        pass


class WholePrompts:
    """The same prompts, each from its first token, as `touchstone embed` runs them: what sharing the query saves."""

    def __init__(self, program: Path, model: Path, threads: int, activations: str) -> None:
        self.name = f"Touchstone {activations}, nothing shared"
        self.command = [program, "embed", "--model", model, "--threads", threads, "--activations", activations]

    def seconds(self, work: RerankWork) -> float:
        query = RerankQuery(QUERY, list(work.documents))
        prompts = [OPENING + pair(query, text) + CLOSING for text in work.documents]
        with texts_file(prompts) as path:
            return best_of_tries(lambda: output_of([*self.command, "--dimensions", 1, "--input", path]))

    def close(self) -> None:
        pass


class LlamaReranker:
    """llama.cpp's server with `--pooling rank`; the time includes its answer as JSON."""

    name = "llama.cpp (llama-server)"

    def __init__(self, program: Path, model: Path, threads: int) -> None:
        self.arguments = (program, model, threads)
        self.stack = ExitStack()
        self.server: LlamaServer | None = None

    def seconds(self, work: RerankWork) -> float:
        try:
            server = self._running()
            return best_of_tries(lambda: server.rerank(QUERY, list(work.documents)))
        except (RuntimeError, OSError) as error:
            raise EngineError(str(error)) from None

    def logits(self, documents: tuple[str, ...]) -> list[float]:
        try:
            scores = self._running().rerank(QUERY, list(documents))
        except (RuntimeError, OSError) as error:
            raise EngineError(str(error)) from None
        return [math.log(score / (1 - score)) if 0 < score < 1 else math.nan for score in scores]

    def _running(self) -> LlamaServer:
        if self.server is None:
            program, model, threads = self.arguments
            running = llama_server(program, model, threads=threads, context=CONTEXT, sequences=SLOTS, pooling="rank")
            self.server = self.stack.enter_context(running)
        return self.server

    def close(self) -> None:
        self.stack.close()


@torch.inference_mode()
def reference_logits(model: GGUFModel, documents: tuple[str, ...]) -> list[float]:
    """Of yes minus no, by transformers in float32."""
    network, rows, prompt = hugging_face.build(model), head_rows(model), RerankPrompt(model.metadata)
    query = RerankQuery(QUERY, list(documents))
    found = [logits(hugging_face.states(network, prompt.ids(query, text))[-1], rows) for text in documents]
    return [float(no_and_yes[1] - no_and_yes[0]) for no_and_yes in found]


def errors(found: list[float], expected: list[float]) -> dict[str, float]:
    """The largest differences of logits and of scores."""
    return {
        "logit": max(abs(left - right) for left, right in zip(found, expected, strict=True)),
        "score": max(abs(sigmoid(left) - sigmoid(right)) for left, right in zip(found, expected, strict=True)),
    }


def accuracy(
    expected: list[float], documents: tuple[str, ...], engines: dict[str, Callable[[tuple[str, ...]], list[float]]]
) -> dict[str, dict[str, float] | str]:
    """For each engine its errors, or why there are none."""
    return {name: attempt(name, lambda run=run: errors(run(documents), expected)) for name, run in engines.items()}


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))
