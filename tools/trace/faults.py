"""Mistakes that people make when they port the model, made on purpose in transformers.

Each says which kind of finding `touchstone diff` must give, and at which tensor.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import torch
from torch import Tensor, nn
from trace_file import Trace
from transformers import Qwen3Model
from transformers.models.qwen3 import modeling_qwen3


def unchanged(*_: Any) -> None:
    """Nothing is patched, nothing is changed."""


@dataclass(frozen=True)
class Fault:
    name: str
    #: What `touchstone diff` must say: the kind of the first finding, and where.
    kind: str
    place: str | None
    #: Changes the network, which is a fresh one for each fault.
    change: Callable[[Qwen3Model], object] = unchanged
    #: Replacements in the module modeling_qwen3.
    patches: tuple[tuple[str, Callable[..., Any]], ...] = ()
    ids: Callable[[list[int]], list[int]] = list
    #: Changes the trace afterwards: what happens after the network.
    finish: Callable[[Trace], object] = unchanged
    precision: torch.dtype = torch.float32

    @contextmanager
    def patched(self) -> Iterator[None]:
        with mock.patch.multiple(modeling_qwen3, **dict(self.patches)) if self.patches else mock.MagicMock():
            yield


def rotate_interleaved(query: Tensor, key: Tensor, cos: Tensor, sin: Tensor, *_: Any) -> tuple[Tensor, Tensor]:
    half = cos.shape[-1] // 2
    cosine, sine = cos[..., None, :, :half], sin[..., None, :, :half]

    def turned(x: Tensor) -> Tensor:
        even, odd = x[..., 0::2], x[..., 1::2]
        return torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), dim=-1).flatten(-2)

    return turned(query), turned(key)


def rotate_not(query: Tensor, key: Tensor, *_: Any) -> tuple[Tensor, Tensor]:
    return query.clone(), key.clone()


def repeat_in_turn(states: Tensor, count: int) -> Tensor:
    return states.repeat(1, count, 1, 1)


def no_mask(**_: Any) -> None:
    return None


def for_layers(change: Callable[[nn.Module], object]) -> Callable[[Qwen3Model], object]:
    return lambda network: [change(layer) for layer in network.layers]


def replace(path: str, module: Callable[[], nn.Module]) -> Callable[[nn.Module], None]:
    def change(layer: nn.Module) -> None:
        owner, _, name = path.rpartition(".")
        setattr(layer.get_submodule(owner), name, module())

    return change


def swap_gate_and_up(layer: nn.Module) -> None:
    layer.mlp.gate_proj, layer.mlp.up_proj = layer.mlp.up_proj, layer.mlp.gate_proj


def interleave_key_rows(layer: nn.Module) -> None:
    """What converters do for models that rotate pairs side by side."""
    weight, size = layer.self_attn.k_proj.weight, layer.self_attn.head_dim
    weight.data = weight.data.unflatten(0, (-1, 2, size // 2)).transpose(1, 2).reshape(weight.shape).contiguous()


def set_theta(network: Qwen3Model, theta: float) -> None:
    rotary = network.rotary_emb
    size = 2 * rotary.inv_freq.shape[0]
    rotary.inv_freq = 1 / theta ** (torch.arange(0, size, 2).float() / size)


def shift_positions(network: Qwen3Model) -> None:
    network.rotary_emb.register_forward_pre_hook(lambda _, values: (values[0], values[1] + 1))


def scale_embeddings(network: Qwen3Model) -> None:
    network.embed_tokens.weight.data *= network.config.hidden_size**0.5


def overflow(network: Qwen3Model) -> None:
    network.layers[1].mlp.down_proj.register_forward_hook(lambda _, __, value: value * 1e38 * 1e3)


def add_to_normed(layer: nn.Module) -> None:
    """The residual is taken after the norm."""

    def forward(states: Tensor, **options: Any) -> Tensor:
        normed = layer.input_layernorm(states)
        states = normed + layer.self_attn(hidden_states=normed, **options)[0]
        return states + layer.mlp(layer.post_attention_layernorm(states))

    layer.forward = forward


def as_float32(trace: Trace) -> None:
    """A program that says nothing of its precision and stores everything as float32."""
    trace.metadata.pop("precision")


def pool_mean(trace: Trace) -> None:
    set_pooled(trace, trace.tensors["final_norm"].mean(axis=0, keepdims=True))


def pool_before_end(trace: Trace) -> None:
    set_pooled(trace, trace.tensors["final_norm"][-2:-1])


def pool_before_norm(trace: Trace) -> None:
    last = max(int(name.split(".")[1]) for name in trace.tensors if name.startswith("layers."))
    set_pooled(trace, trace.tensors[f"layers.{last}.feed_forward_residual"][-1:])


def set_pooled(trace: Trace, state: Any) -> None:
    trace.tensors["pooled"] = state
    trace.tensors["vector"] = state / (state**2).sum() ** 0.5


def leave_vector(trace: Trace) -> None:
    trace.tensors["vector"] = trace.tensors["pooled"]


FAULTS = (
    Fault("end of text not appended", "token-ids", None, ids=lambda ids: ids[:-1]),
    Fault("end of text appended twice", "token-ids", None, ids=lambda ids: [*ids, ids[-1]]),
    Fault("embeddings scaled by √hidden", "scale", "embedding", scale_embeddings),
    Fault(
        "1 + weight in the norm",
        "norm",
        "layers.0.attention_norm",
        for_layers(lambda layer: layer.input_layernorm.weight.data.add_(1)),
    ),
    Fault(
        "epsilon 1e-5",
        "norm",
        "layers.0.attention_norm",
        for_layers(lambda layer: setattr(layer.input_layernorm, "variance_epsilon", 1e-5)),
    ),
    Fault("key rows interleaved", "pair-permutation", "layers.0.key", for_layers(interleave_key_rows)),
    Fault(
        "query norm left out",
        "other-tensor",
        "layers.0.query_norm",
        for_layers(replace("self_attn.q_norm", nn.Identity)),
    ),
    Fault(
        "interleaved rotation",
        "rotation",
        "layers.0.query_rotated",
        patches=(("apply_rotary_pos_emb", rotate_interleaved),),
    ),
    Fault("no rotation", "other-tensor", "layers.0.query_rotated", patches=(("apply_rotary_pos_emb", rotate_not),)),
    Fault("theta 10000", "rotation", "layers.0.query_rotated", lambda network: set_theta(network, 10_000)),
    Fault("positions from 1", "rotation", "layers.0.query_rotated", shift_positions),
    Fault("no causal mask", "attention", "layers.0.attention", patches=(("create_causal_mask", no_mask),)),
    Fault(
        "scores not scaled",
        "attention",
        "layers.0.attention",
        for_layers(lambda layer: setattr(layer.self_attn, "scaling", 1.0)),
    ),
    Fault("key-value heads in turn", "attention", "layers.0.attention", patches=(("repeat_kv", repeat_in_turn),)),
    Fault("residual after the norm", "residual", "layers.0.attention_residual", for_layers(add_to_normed)),
    Fault("gate and up swapped", "other-tensor", "layers.0.gate", for_layers(swap_gate_and_up)),
    Fault("gelu for silu", "activation", "layers.0.activated", for_layers(replace("mlp.act_fn", nn.GELU))),
    Fault("overflow", "not-finite", "layers.1.down", overflow),
    Fault(
        "sign turned in layer 2",
        "sign",
        "layers.2.attention_output",
        lambda network: network.layers[2].self_attn.o_proj.weight.data.neg_(),
    ),
    Fault("mean pooling", "pooling", "pooled", finish=pool_mean),
    Fault("the token before the end pooled", "pooling", "pooled", finish=pool_before_end),
    Fault("pooled before the final norm", "pooling", "pooled", finish=pool_before_norm),
    Fault("vector not normalised", "scale", "vector", finish=leave_vector),
    Fault("bfloat16, not said", "precision", "embedding", precision=torch.bfloat16, finish=as_float32),
    Fault("half precision, not said", "precision", "embedding", precision=torch.float16, finish=as_float32),
    Fault(
        "bfloat16, not said, and gelu",
        "activation",
        "layers.0.activated",
        for_layers(replace("mlp.act_fn", nn.GELU)),
        precision=torch.bfloat16,
        finish=as_float32,
    ),
)
