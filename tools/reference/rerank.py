"""Qwen3-Reranker as its model card runs it: the prompt's ids, and the score of a state."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from .gguf_model import GGUFModel
from .tokenizer import QUERY_INSTRUCTION, ReferenceTokenizer

OPENING = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct "
    'provided. Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n'
)
CLOSING = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"


@dataclass(frozen=True)
class RerankQuery:
    """A query with its documents."""

    query: str
    documents: list[str]
    instruction: str = QUERY_INSTRUCTION
    #: Of a whole prompt; the document is cut at its end to fit.
    maximum_tokens: int = 8192


def pair(query: RerankQuery, document: str) -> str:
    """What stands between prefix and suffix."""
    return f"<Instruct>: {query.instruction}\n<Query>: {query.query}\n<Document>: {document}"


class RerankPrompt:
    """The ids of prompts: prefix, pair of query and document as one text, suffix, each tokenized on its own."""

    def __init__(self, metadata: dict[str, Any]) -> None:
        template = ReferenceTokenizer(metadata).tokenizer
        self.prefix = template.encode(OPENING, add_special_tokens=False).ids
        self.suffix = template.encode(CLOSING, add_special_tokens=False).ids
        # What strangers write has no special tokens: the one thing in which Touchstone differs from the card's code.
        self.plain = ReferenceTokenizer(metadata, recognises_added_tokens=False).tokenizer

    def ids(self, query: RerankQuery, document: str) -> list[int]:
        room = query.maximum_tokens - len(self.prefix) - len(self.suffix)
        return [
            *self.prefix,
            *self.plain.encode(pair(query, document), add_special_tokens=False).ids[:room],
            *self.suffix,
        ]


def head_rows(model: GGUFModel) -> Tensor:
    """The rows of no and yes, [2, hidden], float32; of a head with one row, zeros and that row."""
    weights, tokens = model.weights, model.metadata["tokenizer.ggml.tokens"]
    if "cls.output.weight" not in weights:
        name = "output.weight" if "output.weight" in weights else "token_embd.weight"
        rows = [weights[name][tokens.index(answer)] for answer in ("no", "yes")]
        return torch.stack([torch.from_numpy(row) for row in rows])
    head = torch.from_numpy(weights["cls.output.weight"])
    if head.shape[0] == 1:
        return torch.cat((torch.zeros_like(head), head))
    labels = model.metadata["qwen3.classifier.output_labels"]
    return torch.stack([head[labels.index(answer)] for answer in ("no", "yes")])


def logits(state: Tensor, rows: Tensor) -> Tensor:
    """Of no and yes."""
    return rows.to(state.dtype) @ state


def probability(logits: Tensor) -> float:
    """P(yes), as the model card's `compute_logits`."""
    return float(torch.nn.functional.log_softmax(logits, dim=0)[1].exp())
