"""The model in transformers, float32, on the CPU: the implementation that Touchstone is tested against."""

from collections.abc import Callable
from math import log
from typing import Any

import torch
from torch import Tensor
from transformers import Qwen3Config, Qwen3Model
from transformers.models.qwen3 import modeling_qwen3

from .gguf_model import GGUFModel

Observe = Callable[[str, Tensor], None]

#: Where a transformers parameter is found in the GGUF file; `{}` is the layer.
PARAMETERS = {
    "layers.{}.input_layernorm.weight": "blk.{}.attn_norm.weight",
    "layers.{}.self_attn.q_proj.weight": "blk.{}.attn_q.weight",
    "layers.{}.self_attn.k_proj.weight": "blk.{}.attn_k.weight",
    "layers.{}.self_attn.v_proj.weight": "blk.{}.attn_v.weight",
    "layers.{}.self_attn.o_proj.weight": "blk.{}.attn_output.weight",
    "layers.{}.self_attn.q_norm.weight": "blk.{}.attn_q_norm.weight",
    "layers.{}.self_attn.k_norm.weight": "blk.{}.attn_k_norm.weight",
    "layers.{}.post_attention_layernorm.weight": "blk.{}.ffn_norm.weight",
    "layers.{}.mlp.gate_proj.weight": "blk.{}.ffn_gate.weight",
    "layers.{}.mlp.up_proj.weight": "blk.{}.ffn_up.weight",
    "layers.{}.mlp.down_proj.weight": "blk.{}.ffn_down.weight",
}


def configuration(model: GGUFModel) -> Qwen3Config:
    return Qwen3Config(
        vocab_size=model.vocabulary_size,
        hidden_size=model.of("embedding_length"),
        intermediate_size=model.of("feed_forward_length"),
        num_hidden_layers=model.of("block_count"),
        num_attention_heads=model.of("attention.head_count"),
        num_key_value_heads=model.of("attention.head_count_kv"),
        head_dim=model.of("attention.key_length"),
        max_position_embeddings=model.of("context_length"),
        rms_norm_eps=model.of("attention.layer_norm_rms_epsilon"),
        rope_parameters=rope_parameters(model),
        attention_bias=False,
        use_cache=False,
        attn_implementation="eager",
    )


def rope_parameters(model: GGUFModel) -> dict[str, Any]:
    """The file's rotation in transformers' words."""
    theta, scaling = model.of("rope.freq_base"), model.rope_scaling
    match scaling.get("type"):
        case None:
            return {"rope_type": "default", "rope_theta": theta}
        case "linear":
            return {"rope_type": "linear", "rope_theta": theta, "factor": scaling["factor"]}
        case "yarn":
            parameters = {
                "rope_type": "yarn",
                "rope_theta": theta,
                "factor": scaling["factor"],
                "original_max_position_embeddings": scaling["original_context_length"],
            }
            # llama.cpp multiplies what the factor calls for; transformers takes the product.
            if "attn_factor" in scaling:
                parameters["attention_factor"] = (0.1 * log(scaling["factor"]) + 1) * scaling["attn_factor"]
            return parameters
    raise ValueError(f"rope scaling '{scaling['type']}' is not one of linear, yarn")


def build(model: GGUFModel) -> Qwen3Model:
    """A Qwen3Model with the file's weights; a missing or unknown parameter is an error."""
    network = Qwen3Model(configuration(model)).float().eval()
    names = {"embed_tokens.weight": "token_embd.weight", "norm.weight": "output_norm.weight"}
    for layer in range(model.of("block_count")):
        names |= {ours.format(layer): theirs.format(layer) for ours, theirs in PARAMETERS.items()}
    network.load_state_dict({ours: torch.from_numpy(model.weights[theirs]) for ours, theirs in names.items()})
    if not model.is_causal:
        network.register_forward_pre_hook(see_everything, with_kwargs=True)
    return network


def see_everything(
    _network: torch.nn.Module, arguments: tuple[Any, ...], options: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A mask that hides nothing, in place of the causal one."""
    count = options["input_ids"].shape[1]
    return arguments, options | {"attention_mask": {"full_attention": torch.zeros(1, 1, count, count)}}


@torch.inference_mode()
def states(network: Qwen3Model, ids: list[int]) -> Tensor:
    """The states after the final norm, [tokens, hidden]."""
    return network(input_ids=torch.tensor([ids])).last_hidden_state[0]


def observed_states(network: Qwen3Model, ids: list[int], observe: Observe) -> Tensor:
    """As `states`, reporting every intermediate under the names of `exact.ExactModel`."""
    original = modeling_qwen3.apply_rotary_pos_emb
    layer_of_rotation = iter(range(len(network.layers)))

    def rotated(query: Tensor, key: Tensor, *rest: Tensor, **options: int) -> tuple[Tensor, Tensor]:
        turned_query, turned_key = original(query, key, *rest, **options)
        layer = next(layer_of_rotation)
        for name, value in (("query_rotated", turned_query), ("key_rotated", turned_key)):
            observe(f"layers.{layer}.{name}", value[0].transpose(0, 1).flatten(1))
        return turned_query, turned_key

    hooks = observe_modules(network, observe)
    modeling_qwen3.apply_rotary_pos_emb = rotated
    try:
        return states(network, ids)
    finally:
        modeling_qwen3.apply_rotary_pos_emb = original
        for hook in hooks:
            hook.remove()


def observe_modules(network: Qwen3Model, observe: Observe) -> list[torch.utils.hooks.RemovableHandle]:
    """Hooks that report the output, or the input, of every module with a name in the README."""

    def output(module: torch.nn.Module, name: str) -> torch.utils.hooks.RemovableHandle:
        return module.register_forward_hook(lambda _, __, value: observe(name, matrix(value)))

    def entering(module: torch.nn.Module, name: str) -> torch.utils.hooks.RemovableHandle:
        return module.register_forward_pre_hook(lambda _, values: observe(name, matrix(values[0])))

    hooks = [output(network.embed_tokens, "embedding"), output(network.norm, "final_norm")]
    for index, layer in enumerate(network.layers):
        attention, feed_forward, prefix = layer.self_attn, layer.mlp, f"layers.{index}"
        hooks += [
            output(layer.input_layernorm, f"{prefix}.attention_norm"),
            output(attention.q_proj, f"{prefix}.query"),
            output(attention.k_proj, f"{prefix}.key"),
            output(attention.v_proj, f"{prefix}.value"),
            output(attention.q_norm, f"{prefix}.query_norm"),
            output(attention.k_norm, f"{prefix}.key_norm"),
            entering(attention.o_proj, f"{prefix}.attention"),
            output(attention.o_proj, f"{prefix}.attention_output"),
            entering(layer.post_attention_layernorm, f"{prefix}.attention_residual"),
            output(layer.post_attention_layernorm, f"{prefix}.feed_forward_norm"),
            output(feed_forward.gate_proj, f"{prefix}.gate"),
            output(feed_forward.up_proj, f"{prefix}.up"),
            entering(feed_forward.down_proj, f"{prefix}.activated"),
            output(feed_forward.down_proj, f"{prefix}.down"),
            output(layer, f"{prefix}.feed_forward_residual"),
        ]
    return hooks


def matrix(value: Tensor | tuple[Tensor, ...]) -> Tensor:
    """The one sequence of the batch as [tokens, features]."""
    tensor = value[0] if isinstance(value, tuple) else value
    return tensor[0].flatten(1).clone()
