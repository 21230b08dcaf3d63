"""The model of transformers with mistakes injected: attributes, hooks and replaced functions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch
from torch import Tensor, nn
from transformers import Qwen3Model
from transformers.models.qwen3 import modeling_qwen3

from reference import hugging_face
from reference.gguf_model import GGUFModel

from .settings import Settings


def build(model: GGUFModel, settings: Settings) -> Qwen3Model:
    """A network with everything wrong that needs no replaced function."""
    if settings.theta is not None:
        model = replace(model, metadata={**model.metadata, "qwen3.rope.freq_base": settings.theta})
    network = hugging_face.build(model).to(settings.dtype)
    for layer in network.layers:
        attention = layer.self_attn
        if settings.scale_from_hidden:
            attention.scaling = hidden_per_head(model) ** -0.5
        if settings.head_norm != "before":
            attention.norms = (attention.q_norm, attention.k_norm)
            attention.q_norm = attention.k_norm = nn.Identity()
    if not settings.final_norm:
        network.norm = nn.Identity()
    return network


def is_own(settings: Settings) -> bool:
    """Whether a network is changed by `build`: all others can share one."""
    usual = Settings()
    names = ("theta", "scale_from_hidden", "head_norm", "final_norm")
    return any(getattr(settings, name) != getattr(usual, name) for name in names)


def hidden_per_head(model: GGUFModel) -> int:
    return model.of("embedding_length") // model.of("attention.head_count")


def rotated_halves(heads: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    first, second = heads.chunk(2, dim=-1)
    return torch.cat((first * cosine - second * sine, second * cosine + first * sine), dim=-1)


def rotated_interleaved(heads: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    first, second = heads[..., 0::2], heads[..., 1::2]
    turned = torch.stack((first * cosine - second * sine, second * cosine + first * sine), dim=-1)
    return turned.flatten(-2)


@contextmanager
def wrong_rotation(network: Qwen3Model, model: GGUFModel, settings: Settings) -> Iterator[None]:
    """Replaces the rotation of transformers where the settings ask for another."""
    original = modeling_qwen3.apply_rotary_pos_emb
    rotate = rotated_interleaved if settings.pairs == "interleaved" else rotated_halves
    dimension = model.of("attention.key_length")
    width = hidden_per_head(model) if settings.rotation_from_hidden else dimension
    theta = settings.theta or model.of("rope.freq_base")
    frequencies = 1.0 / (theta ** (torch.arange(0, width, 2).float() / width))
    calls = [0]

    def turned(heads: Tensor) -> Tensor:
        angles = torch.arange(heads.shape[2])[:, None].float() * frequencies
        cosine, sine = angles.cos().to(heads.dtype), angles.sin().to(heads.dtype)
        return torch.cat((rotate(heads[..., :width], cosine, sine), heads[..., width:]), dim=-1)

    def apply(query: Tensor, key: Tensor, *_: Tensor, **__: int) -> tuple[Tensor, Tensor]:
        layer = network.layers[calls[0] % len(network.layers)]
        calls[0] += 1
        query, key = turned(query), turned(key)
        if settings.head_norm == "after":
            query_norm, key_norm = layer.self_attn.norms
            query, key = query_norm(query), key_norm(key)
        return query, key

    modeling_qwen3.apply_rotary_pos_emb = apply
    try:
        yield
    finally:
        modeling_qwen3.apply_rotary_pos_emb = original


@torch.inference_mode()
def states(network: Qwen3Model, ids: list[int], padded: int, end: int, settings: Settings) -> Tensor:
    """The states [tokens, hidden] of ids that are padded on the right to `padded` tokens."""
    sequence = torch.tensor([ids + [end] * (padded - len(ids))])
    mask = torch.tensor([[1] * len(ids) + [0] * (padded - len(ids))])
    if not settings.is_causal:
        open_mask = torch.zeros(1, 1, padded, padded, dtype=settings.dtype)
        return network(input_ids=sequence, attention_mask=open_mask).last_hidden_state[0]
    return network(input_ids=sequence, attention_mask=mask).last_hidden_state[0]
