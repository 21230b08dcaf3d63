"""mteb: models that its tasks run with, `TouchstoneEncoder`, `TouchstoneCrossEncoder` and a whole knowledge base,
`TouchstoneKnowledgeBase`. Needs mteb.

import mteb
from touchstone_embeddings.mteb import TouchstoneEncoder

mteb.evaluate(TouchstoneEncoder("Qwen3-Embedding-0.6B-Q8_0.gguf"), mteb.get_tasks(["SciFact"]))
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from mteb.models.model_meta import ModelMeta

from .__main__ import command_path
from ._embedding import EmbeddingModel
from ._errors import OptionError, TouchstoneError
from ._rerank import RerankModel


def _meta(name: str, path: str, model: EmbeddingModel | RerankModel, dimensions: int | None, **facts: Any) -> ModelMeta:
    values: dict[str, Any] = dict.fromkeys(ModelMeta.model_fields)
    values |= {
        "loader": None,
        "name": name,
        "revision": facts.pop("revision"),
        "languages": None,
        "memory_usage_mb": Path(path).stat().st_size / (1 << 20),
        "max_tokens": model.max_seq_length,
        "embed_dim": dimensions,
        "license": "apache-2.0",
        "open_weights": True,
        "framework": ["GGUF"],
        "similarity_fn_name": "cosine",
        "use_instructions": True,
    } | facts
    defaults = {
        name: field.get_default(call_default_factory=True)
        for name, field in ModelMeta.model_fields.items()
        if not field.is_required() and values.get(name) is None
    }
    return ModelMeta(**(values | defaults))


def _texts(inputs: Any) -> list[str]:
    return [text for batch in inputs for text in batch["text"]]


class TouchstoneEncoder:
    """An `EncoderProtocol`. Queries carry the task's instruction, documents none.

    Args:
        model: a GGUF file.
        name: what results are filed under.
        options: those of `EmbeddingModel`; `truncate="right"` unless told otherwise, as tasks have long texts.
    """

    def __init__(self, model: str, name: str | None = None, **options: Any) -> None:
        self.model = EmbeddingModel(model, **({"truncate": "right"} | options))
        self.mteb_model_meta = _meta(
            name or f"touchstone/{Path(model).stem}", model, self.model, self.model.get_embedding_dimension(),
            revision=self.model.fingerprint(),
        )  # fmt: skip

    def encode(
        self,
        inputs: Any,
        *,
        task_metadata: Any,
        hf_split: str,
        hf_subset: str,
        prompt_type: Any = None,
        **kwargs: Any,
    ) -> np.ndarray:
        texts = _texts(inputs)
        kind = getattr(prompt_type, "value", prompt_type)
        if kind == "document":
            return self.model.encode_document(texts)
        return self.model.encode(texts, instruct=self._instruction(task_metadata, kind))

    @staticmethod
    def _instruction(task_metadata: Any, kind: str | None) -> str | None:
        """What the task says of itself. Without an instruction of its own a retrieval query gets the model card's."""
        from ._embedding import default_task

        prompt = getattr(task_metadata, "prompt", None)
        if isinstance(prompt, dict):
            prompt = prompt.get(kind or "query")
        return prompt or (default_task() if kind == "query" else None)

    def similarity(self, embeddings1: Any, embeddings2: Any) -> np.ndarray:
        return self.model.similarity(embeddings1, embeddings2)

    def similarity_pairwise(self, embeddings1: Any, embeddings2: Any) -> np.ndarray:
        return self.model.similarity_pairwise(embeddings1, embeddings2)


class TouchstoneCrossEncoder:
    """A `CrossEncoderProtocol`, of a GGUF file of Qwen3-Reranker."""

    def __init__(self, model: str, name: str | None = None, **options: Any) -> None:
        self.model = RerankModel(model, **({"truncate": "right"} | options))
        self.mteb_model_meta = _meta(
            name or f"touchstone/{Path(model).stem}", model, self.model, None, revision="1", is_cross_encoder=True
        )

    def predict(
        self,
        inputs1: Any,
        inputs2: Any,
        *,
        task_metadata: Any,
        hf_split: str,
        hf_subset: str,
        prompt_type: Any = None,
        **kwargs: Any,
    ) -> np.ndarray:
        pairs = list(zip(_texts(inputs1), _texts(inputs2), strict=True))
        prompt = getattr(task_metadata, "prompt", None)
        if isinstance(prompt, dict):
            prompt = prompt.get("query")
        return np.asarray(self.model.predict(pairs, prompt=prompt))


class TouchstoneKnowledgeBase:
    """A `SearchProtocol`: what is judged is `touchstone kb`, its pieces, keywords, fusion and reranker included.

    Needs the command with knowledge bases, as in the wheel. Documents become Markdown files, the title as heading.

    Args:
        model: a GGUF file.
        name: what results are filed under.
        rerank: a GGUF file of Qwen3-Reranker that reads the best passages again.
        add_options: further options of `touchstone kb add`, such as `["--chunk-tokens", "256"]`.
        search_options: further options of `touchstone kb search`, such as `["--vectors"]`.
    """

    #: Queries of one command: each command opens the base once.
    _queries_per_run = 64
    #: Passages for each document that is asked for: a document has several.
    _passages_per_document = 4

    def __init__(
        self,
        model: str,
        name: str | None = None,
        *,
        rerank: str | None = None,
        add_options: Sequence[str] = (),
        search_options: Sequence[str] = (),
    ) -> None:
        self.path = model
        self.add_options = list(add_options)
        self.search_options = [*search_options, *(["--rerank", rerank] if rerank else [])]
        with EmbeddingModel(model) as opened:
            self.mteb_model_meta = _meta(
                name or f"touchstone-kb/{Path(model).stem}", model, opened, opened.get_embedding_dimension(),
                revision=opened.fingerprint(),
            )  # fmt: skip
        self._folder: Path | None = None
        self._ids: list[str] = []

    def index(self, corpus: Any, *, task_metadata: Any, hf_split: str, hf_subset: str, **kwargs: Any) -> None:
        """Makes a base of the corpus, in a temporary folder, in place of an earlier one."""
        self.close()
        self._folder = Path(tempfile.mkdtemp(prefix="touchstone-kb-"))
        documents = self._folder / "documents"
        documents.mkdir()
        self._ids = []
        for number, row in enumerate(corpus):
            title = " ".join((row.get("title") or "").split())
            text = row.get("text") or row.get("body") or ""
            (documents / f"{number}.md").write_text(f"# {title}\n\n{text}\n" if title else f"{text}\n")
            self._ids.append(row["id"])
        # Status 1: a document failed, such as an empty one. It is found by nobody.
        self._run("add", str(documents), *self.add_options, statuses={0, 1})

    def search(
        self,
        queries: Any,
        *,
        task_metadata: Any,
        hf_split: str,
        hf_subset: str,
        top_k: int,
        top_ranked: Any = None,
        **kwargs: Any,
    ) -> dict[str, dict[str, float]]:
        """The documents of the best passages; a document's score is 1 / its rank."""
        if top_ranked is not None:
            raise OptionError("a knowledge base searches its whole corpus; run reranking tasks with a cross encoder")
        rows = list(queries)
        found: dict[str, dict[str, float]] = {}
        for start in range(0, len(rows), self._queries_per_run):
            batch = rows[start : start + self._queries_per_run]
            for row, documents in zip(batch, self._answers([row["text"] for row in batch], top_k), strict=True):
                found[row["id"]] = {identifier: 1 / rank for rank, identifier in enumerate(documents, 1)}
        return found

    def _answers(self, texts: list[str], top_k: int) -> Iterator[list[str]]:
        passages = min(top_k, len(self._ids)) * self._passages_per_document
        options = ["--top", str(max(1, passages)), *self.search_options, "--json", "--"]
        for line in self._run("search", *options, *texts).splitlines():
            numbers = dict.fromkeys(int(Path(hit["path"]).stem) for hit in json.loads(line)["hits"])
            yield [self._ids[number] for number in numbers][:top_k]

    def _run(self, subcommand: str, *arguments: str, statuses: set[int] = frozenset({0})) -> str:
        if self._folder is None:
            raise OptionError("the corpus has to be indexed before it is searched")
        command = [command_path(), "kb", subcommand, str(self._folder / "base"), "--model", self.path, *arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode not in statuses:
            raise TouchstoneError(result.stderr.strip().splitlines()[-1] if result.stderr.strip() else "kb failed")
        return result.stdout

    def close(self) -> None:
        """Removes the base."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __del__(self) -> None:
        if getattr(self, "_folder", None) is not None:
            self.close()
