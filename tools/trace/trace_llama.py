#!/usr/bin/env python3
"""Write the intermediates of a text's way through llama.cpp, as `touchstone trace` does.

    touchstone trace "The file was not found." --activations f32 --model MODEL.gguf --output ours.safetensors
    python tools/trace/trace_llama.py --model MODEL.gguf --like ours.safetensors --output theirs.safetensors
    touchstone diff ours.safetensors theirs.safetensors

Through the evaluation callback of llama.cpp, with the Python package llama-cpp-python, of which only the C interface
is used. LLAMA_CPP_LIB_PATH names the folder of another build of the library. docs/reports/traces.md maps its tensors to
ours and lists what it computes differently.
"""

import tools_path  # noqa: F401

# isort: split
import argparse
import ctypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np
from arguments import add_common_arguments
from trace_file import Selection, Trace, model_metadata, token_ids

from reference.gguf_model import GGUFModel, read_model

#: llama.cpp's names in a layer, as `name-LAYER`, and ours. Where it uses a name twice, the first and the last.
LAYER_TENSORS = {
    "attn_norm": ("attention_norm",),
    "Qcur": ("query", "query_rotated"),
    "Kcur": ("key", "key_rotated"),
    "Vcur": ("value",),
    "Qcur_normed": ("query_norm",),
    "Kcur_normed": ("key_norm",),
    "kqv_out": ("attention",),
    "ffn_inp": ("attention_residual",),
    "ffn_norm": ("feed_forward_norm",),
    "ffn_gate": ("gate",),
    "ffn_up": ("up",),
    "ffn_swiglu": ("activated",),
    "ffn_out": ("down",),
    "l_out": ("feed_forward_residual",),
}
#: Without pooling, the states after the final norm are called pooled all the same.
OTHER_TENSORS = {"embd": "embedding", "result_norm": "final_norm", "result_embd_pooled": "final_norm"}
#: The product that follows kqv_out has no name of its own: ggml calls it node_N.
UNNAMED = "node_"
GGML_TYPE_F32, GGML_TYPE_F16 = 0, 1


class TensorHead(ctypes.Structure):
    """The first fields of a ggml_tensor (ggml.h)."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("buffer", ctypes.c_void_p),
        ("sizes", ctypes.c_int64 * 4),
        ("strides", ctypes.c_size_t * 4),
    )


class GGML:
    """The functions of ggml that read a tensor, which llama-cpp-python does not declare."""

    def __init__(self) -> None:
        folders = [Path(os.environ["LLAMA_CPP_LIB_PATH"])] if "LLAMA_CPP_LIB_PATH" in os.environ else []
        folders.append(Path(llama.__file__).parent / "lib")
        found = [path for folder in folders for path in folder.glob("*ggml-base*") if path.is_file()]
        if not found:
            raise SystemExit(f"no ggml-base library in {', '.join(map(str, folders))}; set LLAMA_CPP_LIB_PATH")
        self.library = ctypes.CDLL(str(found[0]))
        self.library.ggml_get_name.restype = ctypes.c_char_p
        self.library.ggml_get_name.argtypes = (ctypes.c_void_p,)
        self.library.ggml_nbytes.restype = ctypes.c_size_t
        self.library.ggml_nbytes.argtypes = (ctypes.c_void_p,)
        self.library.ggml_backend_tensor_get.argtypes = (
            ctypes.c_void_p,
            ctypes.c_void_p,
            ctypes.c_size_t,
            ctypes.c_size_t,
        )

    def name(self, tensor: int) -> str:
        return self.library.ggml_get_name(tensor).decode()

    def values(self, tensor: int) -> np.ndarray:
        """[tokens, size]: the innermost dimensions together; the tokens are the last dimension that is not 1."""
        head = TensorHead.from_address(tensor)
        if head.type not in (GGML_TYPE_F32, GGML_TYPE_F16):
            raise SystemExit(f"tensor {self.name(tensor)} has the ggml type {head.type}; only F32 and F16 are read")
        buffer = np.empty(self.library.ggml_nbytes(tensor), np.uint8)
        self.library.ggml_backend_tensor_get(tensor, buffer.ctypes.data, 0, buffer.size)
        sizes, strides = list(head.sizes), list(head.strides)
        values = np.lib.stride_tricks.as_strided(
            buffer.view(np.float32 if head.type == GGML_TYPE_F32 else np.float16), sizes[::-1], strides[::-1]
        ).astype(np.float32)
        # [1, 1, tokens, size] or [1, tokens, heads, dimension]
        return values.reshape(sizes[2] if sizes[2] > 1 else sizes[1], -1)


class Collector:
    """Sees every tensor that llama.cpp computes, and keeps those that a trace has."""

    def __init__(self, ggml: GGML, trace: Trace, token_count: int) -> None:
        self.ggml = ggml
        self.trace = trace
        self.token_count = token_count
        #: How often a name was seen.
        self.seen: dict[str, int] = {}
        #: The layer whose kqv_out was computed, until its output projection is.
        self.projected_layer: str | None = None

    def __call__(self, tensor: int, is_question: bool, _: Any) -> bool:
        """llama.cpp asks first whether the tensor is wanted, and calls again when it is computed."""
        name = self.ggml.name(tensor)
        base, _, layer = name.partition("-")
        is_wanted = name in OTHER_TENSORS or (base in LAYER_TENSORS and layer.isdigit())
        is_wanted |= name.startswith(UNNAMED) and self.projected_layer is not None
        if is_question or not is_wanted:
            return is_wanted
        if name in OTHER_TENSORS:
            self.add(OTHER_TENSORS[name], tensor)
        elif name.startswith(UNNAMED):
            self.add(f"layers.{self.projected_layer}.attention_output", tensor)
            self.projected_layer = None
        else:
            self.seen[name] = self.seen.get(name, 0) + 1
            ours = LAYER_TENSORS[base]
            self.add(f"layers.{layer}.{ours[0] if self.seen[name] == 1 else ours[-1]}", tensor)
            if base == "kqv_out":
                self.projected_layer = layer
        return True

    def add(self, name: str, tensor: int) -> None:
        self.trace.add(name, self.ggml.values(tensor).reshape(self.token_count, -1))


def precision(model: GGUFModel, cache: str) -> str:
    """What llama.cpp makes of activations that meet the weights of most matrices."""
    kind = model.weights.tensors["blk.0.attn_q.weight"].tensor_type.name
    match kind:
        case "F32":
            return "f32" if cache == "f32" else "f16"
        case "F16" | "BF16":
            return kind.lower()
        case _:
            return "q8_k" if "_K" in kind or kind.startswith("IQ4_XS") else "i8"


@contextmanager
def quiet() -> Iterator[None]:
    callback = llama.llama_log_callback(lambda level, text, data: None)
    llama.llama_log_set(callback, ctypes.c_void_p(0))
    yield
    llama.llama_log_set(ctypes.cast(None, llama.llama_log_callback), ctypes.c_void_p(0))


def tokenize(vocabulary: ctypes.c_void_p, text: str) -> list[int]:
    encoded = text.encode()
    ids = (llama.llama_token * (len(encoded) + 8))()
    count = llama.llama_tokenize(vocabulary, encoded, len(encoded), ids, len(ids), True, True)
    return list(ids[:count])


def run(model: ctypes.c_void_p, ids: list[int], arguments: argparse.Namespace, callback: Callable) -> None:
    """One pass over the sequence, every token an output."""
    parameters = llama.llama_context_default_params()
    parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = max(len(ids), 32)
    parameters.n_threads = parameters.n_threads_batch = arguments.threads
    parameters.embeddings = True
    parameters.pooling_type = llama.LLAMA_POOLING_TYPE_NONE
    parameters.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    kind = GGML_TYPE_F32 if arguments.cache == "f32" else GGML_TYPE_F16
    parameters.type_k = parameters.type_v = kind
    # The pointer must live as long as the context.
    evaluation = llama.ggml_backend_sched_eval_callback(callback)
    parameters.cb_eval = evaluation
    context = llama.llama_init_from_model(model, parameters)
    if not context:
        raise SystemExit("llama.cpp makes no context of this model")
    batch = llama.llama_batch_init(len(ids), 0, 1)
    batch.n_tokens = len(ids)
    for index, token in enumerate(ids):
        batch.token[index], batch.pos[index] = token, index
        batch.n_seq_id[index], batch.seq_id[index][0], batch.logits[index] = 1, 0, 1
    status = llama.llama_decode(context, batch)
    llama.llama_batch_free(batch)
    llama.llama_free(context)
    if status != 0:
        raise SystemExit(f"llama_decode failed with {status}")


def main() -> None:
    arguments = parse_arguments()
    described = read_model(arguments.model)
    with quiet():
        model = llama.llama_model_load_from_file(str(arguments.model).encode(), llama.llama_model_default_params())
        if not model:
            raise SystemExit(f"llama.cpp cannot load {arguments.model}")
        if arguments.like is not None:
            ids = token_ids(arguments.like)
        elif arguments.ids is not None:
            ids = [int(word) for word in arguments.ids.replace(",", " ").split()]
        elif arguments.text is not None:
            ids = tokenize(llama.llama_model_get_vocab(model), arguments.text)
        else:
            raise SystemExit("pass a text, --ids, or --like TRACE")
        selection = Selection.parse(arguments.layers, arguments.names, described.of("block_count"))
        result = Trace(
            {
                "engine": "llama.cpp",
                "precision": precision(described, arguments.cache),
                "pooling": described.pooling,
                **model_metadata(described.metadata, ids),
            },
            selection,
        )
        run(model, ids, arguments, Collector(GGML(), result, len(ids)))
        llama.llama_model_free(model)
    states = result.tensors.get("final_norm")
    if states is not None and described.pooling == "last":
        # As its server does: the last state, divided by its length.
        result.add("pooled", states[-1:])
        result.add("vector", states[-1:] / np.linalg.norm(states[-1:]))
    print(result.write(arguments.output))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser, "the text, tokenized by llama.cpp")
    parser.add_argument("--cache", choices=["f16", "f32"], default="f16", help="keys and values (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
