"""Texts to ids under settings, with the tokenizers package."""

from typing import Any

from gguf import TokenType
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

from reference.tokenizer import SPLIT_PATTERN

from .catalogue import prompt
from .settings import Settings


class WrongTokenizer:
    """The published tokenizer with the mistakes of `settings`."""

    def __init__(self, metadata: dict[str, Any], settings: Settings) -> None:
        self.settings = settings
        self.tokens: list[str] = metadata["tokenizer.ggml.tokens"]
        types = metadata["tokenizer.ggml.token_type"]
        merges = [tuple(merge.split(" ")) for merge in metadata["tokenizer.ggml.merges"]]
        vocabulary = {token: index for index, token in enumerate(self.tokens)}
        self.tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
        if settings.normalizes:
            self.tokenizer.normalizer = normalizers.NFC()
        self.tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(settings.split or SPLIT_PATTERN), behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        self.tokenizer.decoder = decoders.ByteLevel()
        kinds = (TokenType.CONTROL, TokenType.USER_DEFINED)
        added = [token for token, kind in zip(self.tokens, types, strict=True) if kind in kinds]
        if settings.parses_added_tokens:
            self.tokenizer.add_tokens([AddedToken(token, special=False, normalized=False) for token in added])
        self.end = vocabulary["<|endoftext|>"]
        self.turn = vocabulary["<|im_end|>"]

    def ids(self, probe: dict[str, Any]) -> list[int]:
        """The complete ids of a line of the probing set."""
        settings = self.settings
        if "tokens" in probe:
            given: list[int] = probe["tokens"]
            if settings.token_input == "without-end":
                return given
            if settings.token_input == "retokenized":
                return self.finished(self.body(self.tokenizer.decode(given, skip_special_tokens=False)))
            return self.finished(given)
        if settings.template is None:
            text = prompt(probe["query"], probe["task"]) if "query" in probe else probe["text"]
        else:
            text = settings.template(probe.get("query", probe["text"]), probe.get("task"))
        return self.finished(self.body(text))

    def body(self, text: str) -> list[int]:
        return self.tokenizer.encode(self.settings.change_text(text)).ids

    def finished(self, ids: list[int]) -> list[int]:
        """Puts the end there, and cuts."""
        ends = {
            "once": [self.end],
            "missing": [],
            "turn": [self.turn],
            "twice": [self.end, self.end],
            "after-turn": [self.turn, self.end],
            "in-front": [self.end],
        }
        end = ends[self.settings.ending]
        body = [self.end, *ids] if self.settings.ending == "in-front" else ids
        if self.settings.limit is None or len(body) + len(end) <= self.settings.limit[0]:
            return body + end
        count, kind = self.settings.limit
        return body[: count - len(end)] + end if kind == "keeps-end" else (body + end)[:count]
