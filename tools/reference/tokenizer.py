"""The Hugging Face tokenizer of a Qwen3-Embedding model, rebuilt from a GGUF file's metadata."""

from typing import Any

from gguf import TokenType
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

#: The split pattern of Qwen2 and Qwen3 (tokenizer.json of the published models).
SPLIT_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QUERY_INSTRUCTION = "Given a web search query, retrieve relevant passages that answer the query"


class ReferenceTokenizer:
    """Text to ids as the published model does it: NFC, split, byte-level BPE, end of text appended."""

    def __init__(self, metadata: dict[str, Any], *, recognises_added_tokens: bool = True) -> None:
        tokens: list[str] = metadata["tokenizer.ggml.tokens"]
        types: list[int] = metadata["tokenizer.ggml.token_type"]
        merges = [tuple(merge.split(" ")) for merge in metadata["tokenizer.ggml.merges"]]
        self.tokenizer = Tokenizer(
            models.BPE(vocab={token: index for index, token in enumerate(tokens)}, merges=merges)
        )
        self.tokenizer.normalizer = normalizers.NFC()
        self.tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(SPLIT_PATTERN), behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        self.tokenizer.decoder = decoders.ByteLevel()
        added = [
            AddedToken(token, special=kind == TokenType.CONTROL, normalized=False)
            for token, kind in zip(tokens, types, strict=True)
            if recognises_added_tokens and kind in (TokenType.CONTROL, TokenType.USER_DEFINED)
        ]
        self.tokenizer.add_tokens(added)
        self.end_of_text: int = metadata["tokenizer.ggml.eos_token_id"]

    def encode(self, text: str, instruction: str | None = None) -> list[int]:
        """The ids of a document, or of a query when there is an instruction."""
        return [*self.tokenizer.encode(prompt(text, instruction)).ids, self.end_of_text]


def prompt(text: str, instruction: str | None) -> str:
    """The text that is tokenized: the published template, with no space after `Query:`."""
    return text if instruction is None else f"Instruct: {instruction}\nQuery:{text}"
