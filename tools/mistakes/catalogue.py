"""Mistakes by their ids in docs/mistakes, as settings."""

import re

from .settings import Settings

TASK = "Given a web search query, retrieve relevant passages that answer the query"
CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
TAIL = r"\s*[\r\n]+|\s+(?!\S)|\s+"
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
PUNCTUATION = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|"
THREE_DIGITS = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + PUNCTUATION + TAIL
MARKS = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + TAIL
CASE = r"(?:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + PUNCTUATION + TAIL


def prompt(query: str, task: str | None) -> str:
    return f"Instruct: {task}\nQuery:{query}"


def on_documents(text: str, task: str | None) -> str:
    return prompt(text, task or TASK)


def spaced(text: str, task: str | None) -> str:
    return f"Instruct: {task}\nQuery: {text}" if task else text


def joined(text: str, task: str | None) -> str:
    return f"Instruct: {task} Query:{text}" if task else text


def twice(text: str, task: str | None) -> str:
    return prompt(prompt(text, task), task) if task else text


def everywhere(text: str, task: str | None) -> str:
    return prompt(prompt(text, task), TASK) if task else prompt(text, TASK)


def bare(text: str, task: str | None) -> str:
    return text


MISTAKES: dict[str, Settings] = {
    "end-of-text-missing": Settings(ending="missing"),
    "end-of-text-wrong": Settings(ending="turn"),
    "end-of-text-twice": Settings(ending="twice"),
    "end-of-text-after-end-of-turn": Settings(ending="after-turn"),
    "token-in-front": Settings(ending="in-front"),
    "pooling-mean": Settings(pooling="mean"),
    "pooling-cls": Settings(pooling="cls"),
    "last-index-before-end": Settings(pooling="before-end"),
    "last-index-padding": Settings(pads_right=True),
    "no-causal-mask": Settings(is_causal=False),
    "depends-on-batch": Settings(depends_on_batch=True),
    "pooled-before-norm": Settings(final_norm=False),
    "head-dimension-scale": Settings(scale_from_hidden=True),
    "head-dimension-rotation": Settings(rotation_from_hidden=True),
    "head-dimension-scale-and-rotation": Settings(scale_from_hidden=True, rotation_from_hidden=True),
    "head-norm-missing": Settings(head_norm="none"),
    "head-norm-after-rotation": Settings(head_norm="after"),
    "rotation-interleaved": Settings(pairs="interleaved"),
    "rope-theta": Settings(theta=1e4),
    "instruction-space": Settings(template=spaced),
    "instruction-on-documents": Settings(template=on_documents),
    "instruction-twice": Settings(template=twice),
    "instruction-on-everything": Settings(template=everywhere),
    "instruction-missing": Settings(template=bare),
    "instruction-line-end": Settings(template=joined),
    "slice-not-normalised": Settings(finish="normalise-slice"),
    "dimensions-ignored": Settings(finish="ignored"),
    "vector-not-normalised": Settings(finish="none"),
    "truncation-silent": Settings(limit=(512, "keeps-end")),
    "truncation-drops-end": Settings(limit=(512, "drops-end")),
    "white-space-stripped": Settings(change_text=str.strip),
    "white-space-collapsed": Settings(change_text=lambda text: " ".join(text.split())),
    "white-space-stripped-end": Settings(change_text=str.rstrip),
    "white-space-stripped-start": Settings(change_text=str.lstrip),
    "line-ends-replaced": Settings(change_text=lambda text: text.replace("\n", " ")),
    "carriage-returns-removed": Settings(change_text=lambda text: text.replace("\r", "")),
    "space-in-front": Settings(change_text=lambda text: " " + text),
    "lower-case": Settings(change_text=str.lower),
    "token-ids-without-end": Settings(token_input="without-end"),
    "token-ids-retokenized": Settings(token_input="retokenized"),
    "no-nfc": Settings(normalizes=False),
    "split-gpt2": Settings(split=GPT2),
    "split-three-digits": Settings(split=THREE_DIGITS),
    "split-marks": Settings(split=MARKS),
    "split-case-sensitive": Settings(split=CASE),
    "added-tokens-as-text": Settings(parses_added_tokens=False),
}

#: Mistakes that are made together.
PAIRS: dict[str, Settings] = {
    "end-of-text-missing + pooling-mean": Settings(ending="missing", pooling="mean"),
    "end-of-text-wrong + no-nfc": Settings(ending="turn", normalizes=False),
    "rope-theta + white-space-stripped": Settings(theta=1e4, change_text=str.strip),
    "head-norm-missing + rotation-interleaved": Settings(head_norm="none", pairs="interleaved"),
    "no-causal-mask + pooling-mean": Settings(is_causal=False, pooling="mean"),
    "instruction-on-everything + pooling-mean": Settings(template=everywhere, pooling="mean"),
    "end-of-text-twice + vector-not-normalised": Settings(ending="twice", finish="none"),
    "no-nfc + white-space-stripped + added-tokens-as-text": Settings(
        normalizes=False, change_text=str.strip, parses_added_tokens=False
    ),
}

assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in MISTAKES)
