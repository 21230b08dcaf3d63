"""What can be wrong: one field for each decision on the way from a text to a vector."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch

TextChange = Callable[[str], str]


@dataclass(frozen=True)
class Settings:
    """The defaults are what Qwen3-Embedding was trained with."""

    change_text: TextChange = str
    #: of query and task; documents have no task
    template: Callable[[str, str | None], str] | None = None
    normalizes: bool = True
    split: str | None = None
    parses_added_tokens: bool = True
    ending: str = "once"
    token_input: str = "with-end"
    limit: tuple[int, str] | None = None
    pads_right: bool = False
    is_causal: bool = True
    head_norm: str = "before"
    pairs: str = "halves"
    theta: float | None = None
    scale_from_hidden: bool = False
    rotation_from_hidden: bool = False
    pooling: str = "last"
    final_norm: bool = True
    #: "slice-normalise", "normalise-slice", "ignored" or "none"
    finish: str = "slice-normalise"
    #: the same text again comes out otherwise
    depends_on_batch: bool = False
    dtype: torch.dtype = field(default=torch.float32)
