"""A backend that makes mistakes: lines of the probing set in, vectors out."""

from typing import Any

import torch
from torch import Tensor
from transformers import Qwen3Model

from reference.gguf_model import GGUFModel

from . import network
from .settings import Settings
from .tokenizing import WrongTokenizer

Probe = dict[str, Any]


class WrongBackend:
    def __init__(self, model: GGUFModel, settings: Settings, shared: Qwen3Model | None = None) -> None:
        """`shared`: a network of the same model and precision, used where the settings change nothing in it."""
        self.model, self.settings = model, settings
        self.tokenizer = WrongTokenizer(model.metadata, settings)
        usable = shared is not None and not network.is_own(settings)
        self.network = shared if usable else network.build(model, settings)

    def vectors(self, probes: list[Probe]) -> dict[str, Tensor]:
        """Vectors by id; a probe that leaves nothing to pool has none."""
        ids = {probe["id"]: self.tokenizer.ids(probe) for probe in probes}
        short = [len(ids[probe["id"]]) for probe in probes if not probe["id"].startswith("above-")]
        padded = max(short) if self.settings.pads_right else 0
        with network.wrong_rotation(self.network, self.model, self.settings):
            return {probe["id"]: self.vector(probe, ids[probe["id"]], padded) for probe in probes if ids[probe["id"]]}

    def vector(self, probe: Probe, ids: list[int], padded: int) -> Tensor:
        end = self.tokenizer.end
        if self.settings.depends_on_batch and probe["id"].endswith("-again"):
            ids = [end, *ids]
        states = network.states(self.network, ids, max(padded, len(ids)), end, self.settings).float()
        state = self.pooled(states, ids)
        size = probe.get("dimensions", state.shape[0])
        match self.settings.finish:
            case "slice-normalise":
                return torch.nn.functional.normalize(state[:size], dim=0)
            case "normalise-slice":
                return torch.nn.functional.normalize(state, dim=0)[:size]
            case "ignored":
                return torch.nn.functional.normalize(state, dim=0)
            case "none":
                return state[:size]
        raise ValueError(self.settings.finish)

    def pooled(self, states: Tensor, ids: list[int]) -> Tensor:
        match self.settings.pooling:
            case "last":
                return states[-1]
            case "mean":
                return states.mean(dim=0)
            case "cls":
                return states[0]
            case "before-end":
                kept = [index for index, token in enumerate(ids) if token != self.tokenizer.end]
                return states[kept[-1] if kept else -1]
        raise ValueError(self.settings.pooling)
