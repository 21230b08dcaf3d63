"""A reranker that makes mistakes: lines of the probing set in, scores out."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from gguf import TokenType
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from torch import Tensor

from reference.gguf_model import GGUFModel
from reference.rerank import CLOSING, OPENING, head_rows
from reference.tokenizer import QUERY_INSTRUCTION, SPLIT_PATTERN

from . import network
from .catalogue import CASE, GPT2
from .settings import Settings

Probe = dict[str, Any]
END = "<|endoftext|>"
Lines = Callable[[str, str, str], list[str]]


def lines(query: str, document: str, instruction: str) -> list[str]:
    """What stands between opening and closing, in parts that are tokenized on their own."""
    return [f"<Instruct>: {instruction}\n<Query>: {query}\n<Document>: {document}"]


@dataclass(frozen=True)
class RerankSettings:
    """The defaults are those of Qwen3-Reranker's model card; special tokens of strangers are text."""

    opening: str = OPENING
    lines: Lines = lines
    closing: str = CLOSING
    #: nil: as the request says, else the default
    instruction: str | None = None
    parses_added_tokens: bool = False
    end_between: bool = False
    end_after: bool = False
    normalizes: bool = True
    split: str = SPLIT_PATTERN
    change_text: Callable[[str], str] = str
    limit: tuple[int, str] | None = None
    #: of the logits of no and yes, and of the state
    score: Callable[[Tensor, Tensor], float] = lambda logits, _: float(torch.softmax(logits, 0)[1])
    network: Settings = field(default_factory=Settings)


def squared(logits: Tensor, _: Tensor) -> float:
    return float(torch.softmax(torch.softmax(logits, 0), 0)[1])


MISTAKES: dict[str, RerankSettings] = {
    "reranker-no-template": RerankSettings("", lambda q, d, _: [f"{q}\n{d}"], ""),
    "reranker-no-template-space": RerankSettings("", lambda q, d, _: [f"{q} {d}"], ""),
    "reranker-no-template-ends": RerankSettings("", lambda q, d, _: [q, d], "", end_between=True, end_after=True),
    "reranker-no-template-direct": RerankSettings("", lambda q, d, _: [q, d], ""),
    "reranker-no-turns": RerankSettings("", lines, ""),
    "reranker-no-system": RerankSettings("<|im_start|>user\n"),
    "reranker-line-ends-lost": RerankSettings(
        OPENING.replace("\n", " "),
        lambda q, d, i: [f"<Instruct>: {i} <Query>: {q} <Document>: {d}"],
        CLOSING.replace("\n", " "),
    ),
    "reranker-line-ends-spelled": RerankSettings(
        OPENING.replace("\n", "\\n"),
        lambda q, d, i: [f"<Instruct>: {i}\\n<Query>: {q}\\n<Document>: {d}"],
        CLOSING.replace("\n", "\\n"),
    ),
    "reranker-blank-lines-lost": RerankSettings(closing=CLOSING.replace("\n\n", "\n")),
    "reranker-spaces-lost": RerankSettings(lines=lambda q, d, i: [f"<Instruct>:{i}\n<Query>:{q}\n<Document>:{d}"]),
    "reranker-pair-swapped": RerankSettings(lines=lambda q, d, i: lines(d, q, i)),
    "reranker-no-think": RerankSettings(closing="<|im_end|>\n<|im_start|>assistant\n"),
    "reranker-no-suffix": RerankSettings(closing=""),
    "reranker-instruction-fixed": RerankSettings(instruction=QUERY_INSTRUCTION),
    "reranker-instruction-empty": RerankSettings(lines=lambda q, d, _: lines(q, d, "")),
    "reranker-instruction-missing": RerankSettings(lines=lambda q, d, _: [f"<Query>: {q}\n<Document>: {d}"]),
    "reranker-special-tokens": RerankSettings(parses_added_tokens=True),
    "reranker-end-of-text": RerankSettings(end_after=True),
    "reranker-labels-swapped": RerankSettings(score=lambda logits, _: float(torch.softmax(logits, 0)[0])),
    "reranker-softmax-twice": RerankSettings(score=squared),
    "reranker-sigmoid-twice": RerankSettings(score=lambda logits, _: float(torch.sigmoid(torch.softmax(logits, 0)[1]))),
    "reranker-sigmoid-of-yes": RerankSettings(score=lambda logits, _: float(torch.sigmoid(logits[1]))),
    "reranker-raw-difference": RerankSettings(score=lambda logits, _: float(logits[1] - logits[0])),
    "reranker-raw-yes": RerankSettings(score=lambda logits, _: float(logits[1])),
    "reranker-log-probability": RerankSettings(score=lambda logits, _: float(torch.log_softmax(logits, 0)[1])),
    "reranker-always-one": RerankSettings(score=lambda logits, _: float(torch.softmax(logits[1:], 0)[0])),
    "reranker-head-missing": RerankSettings(score=lambda _, state: float(torch.softmax(state, 0)[0])),
    "reranker-truncation": RerankSettings(limit=(512, "keeps-suffix")),
    "reranker-truncation-drops-suffix": RerankSettings(limit=(512, "drops-suffix")),
    "no-nfc": RerankSettings(normalizes=False),
    "split-gpt2": RerankSettings(split=GPT2),
    "split-case-sensitive": RerankSettings(split=CASE),
    "white-space-stripped": RerankSettings(change_text=str.strip),
    "line-ends-replaced": RerankSettings(change_text=lambda text: text.replace("\n", " ")),
    "lower-case": RerankSettings(change_text=str.lower),
    "no-causal-mask": RerankSettings(network=Settings(is_causal=False)),
    "rope-theta": RerankSettings(network=Settings(theta=1e4)),
    "rotation-interleaved": RerankSettings(network=Settings(pairs="interleaved")),
    "head-norm-missing": RerankSettings(network=Settings(head_norm="none")),
    "last-index-padding": RerankSettings(network=Settings(pads_right=True)),
    "pooling-mean": RerankSettings(network=Settings(pooling="mean")),
}

#: Mistakes that are made together.
PAIRS: dict[str, RerankSettings] = {
    "reranker-labels-swapped + reranker-no-think": RerankSettings(
        closing="<|im_end|>\n<|im_start|>assistant\n", score=MISTAKES["reranker-labels-swapped"].score
    ),
    "reranker-special-tokens + reranker-instruction-fixed + no-nfc": RerankSettings(
        parses_added_tokens=True, instruction=QUERY_INSTRUCTION, normalizes=False
    ),
    "reranker-sigmoid-of-yes + reranker-no-system": RerankSettings(
        "<|im_start|>user\n", score=MISTAKES["reranker-sigmoid-of-yes"].score
    ),
}


class WrongReranker:
    def __init__(self, model: GGUFModel, settings: RerankSettings) -> None:
        self.model, self.settings = model, settings
        self.network = network.build(model, settings.network)
        self.own = self.tokenizer(parses_added_tokens=True)
        self.strangers = self.tokenizer(parses_added_tokens=settings.parses_added_tokens)
        self.end: int = model.metadata["tokenizer.ggml.tokens"].index(END)

    def tokenizer(self, *, parses_added_tokens: bool) -> Tokenizer:
        metadata = self.model.metadata
        tokens: list[str] = metadata["tokenizer.ggml.tokens"]
        merges = [tuple(merge.split(" ")) for merge in metadata["tokenizer.ggml.merges"]]
        tokenizer = Tokenizer(models.BPE(vocab={token: index for index, token in enumerate(tokens)}, merges=merges))
        if self.settings.normalizes:
            tokenizer.normalizer = normalizers.NFC()
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(self.settings.split), behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        tokenizer.decoder = decoders.ByteLevel()
        kinds = (TokenType.CONTROL, TokenType.USER_DEFINED)
        types = metadata["tokenizer.ggml.token_type"]
        if parses_added_tokens:
            added = [token for token, kind in zip(tokens, types, strict=True) if kind in kinds]
            tokenizer.add_tokens([AddedToken(token, special=False, normalized=False) for token in added])
        return tokenizer

    def ids(self, probe: Probe) -> list[int]:
        settings = self.settings
        instruction = settings.instruction or probe.get("instruction") or QUERY_INSTRUCTION
        query, document = settings.change_text(probe["query"]), settings.change_text(probe["document"])
        parts = [self.strangers.encode(text).ids for text in settings.lines(query, document, instruction)]
        body = self.own.encode(settings.opening).ids
        for index, part in enumerate(parts):
            body = [*body, *([self.end] if index and settings.end_between else []), *part]
        suffix = [*self.own.encode(settings.closing).ids, *([self.end] if settings.end_after else [])]
        if settings.limit is None or len(body) + len(suffix) <= settings.limit[0]:
            return body + suffix
        count, kind = settings.limit
        return body[: count - len(suffix)] + suffix if kind == "keeps-suffix" else (body + suffix)[:count]

    def scores(self, probes: list[Probe]) -> dict[str, float]:
        """Scores by id; a probe that leaves no token has none."""
        ids = {probe["id"]: self.ids(probe) for probe in probes}
        short = [len(found) for name, found in ids.items() if not name.startswith("above-")]
        padded = max(short) if self.settings.network.pads_right else 0
        with network.wrong_rotation(self.network, self.model, self.settings.network):
            scores = {name: self.score(found, padded) for name, found in ids.items() if found}
        return {name: score for name, score in scores.items() if math.isfinite(score)}

    @torch.inference_mode()
    def score(self, ids: list[int], padded: int) -> float:
        settings = self.settings
        states = network.states(self.network, ids, max(padded, len(ids)), self.end, settings.network).float()
        state = states.mean(dim=0) if settings.network.pooling == "mean" else states[-1]
        logits = head_rows(self.model).to(settings.network.dtype).float() @ state
        return settings.score(logits, state)
