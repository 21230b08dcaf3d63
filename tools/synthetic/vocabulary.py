"""The vocabulary of a synthetic model: the first merges of Qwen's byte-level BPE and its special tokens."""

from dataclasses import dataclass
from pathlib import Path

from gguf import GGUFReader, TokenType

END_OF_TEXT = "<|endoftext|>"
END_OF_TURN = "<|im_end|>"

#: Special tokens in the order of their ids in the Qwen3 vocabulary, from 151643.
CONTROL_TOKENS = (
    END_OF_TEXT, "<|im_start|>", END_OF_TURN, "<|object_ref_start|>", "<|object_ref_end|>",
    "<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>",
    "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>",
)  # fmt: skip
USER_DEFINED_TOKENS = (
    "<tool_call>", "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>",
    "<|repo_name|>", "<|file_sep|>", "<tool_response>", "</tool_response>", "<think>", "</think>",
)  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """What `tokenizer.ggml.*` holds."""

    tokens: list[str]
    token_types: list[TokenType]
    merges: list[str]

    def id_of(self, token: str) -> int:
        return self.tokens.index(token)


def first_merges(source: Path, merge_count: int | None = None, words: tuple[str, ...] = ()) -> Vocabulary:
    """256 bytes, the first `merge_count` merges of `source` (all for None), and Qwen3's special tokens.

    The order of the merges is kept, so every prefix of the list is a working vocabulary: a merge only joins
    bytes and products of earlier merges. `words` become tokens too, by merges from further down the list.
    """
    reader = GGUFReader(source)
    tokens = reader.fields["tokenizer.ggml.tokens"].contents()
    merges = chosen_merges(reader.fields["tokenizer.ggml.merges"].contents(), merge_count, words)
    known = list(tokens[:256])
    seen = set(known)
    for merge in merges:
        left, right = merge.split(" ")
        if left not in seen or right not in seen:
            raise ValueError(f"merge '{merge}' joins a token that no earlier merge makes")
        if left + right not in seen:
            seen.add(left + right)
            known.append(left + right)
    types = [TokenType.NORMAL] * len(known)
    types += [TokenType.CONTROL] * len(CONTROL_TOKENS) + [TokenType.USER_DEFINED] * len(USER_DEFINED_TOKENS)
    return Vocabulary([*known, *CONTROL_TOKENS, *USER_DEFINED_TOKENS], types, merges)


def chosen_merges(merges: list[str], count: int | None, words: tuple[str, ...]) -> list[str]:
    """The first `count` merges, and in their order those that the tokens `words` need."""
    makers = {merge.replace(" ", ""): merge for merge in reversed(merges)}
    needed: set[str] = set()
    parts = list(words)
    while parts:
        part = parts.pop()
        if len(part) > 1:
            needed.add(makers[part])
            parts += makers[part].split(" ")
    return [merge for index, merge in enumerate(merges) if count is None or index < count or merge in needed]
