#!/usr/bin/env python3
"""Write the intermediates of a text's way through transformers, as `touchstone trace` does.

    touchstone trace "The file was not found." --activations f32 --model MODEL.gguf --output ours.safetensors
    python tools/trace/trace_transformers.py --model MODEL.gguf --like ours.safetensors --output theirs.safetensors
    touchstone diff ours.safetensors theirs.safetensors

The weights are those of the GGUF file, dequantised by gguf-py, so that nothing but the computation differs. To trace
a port of your own, put its hooks where `tools/reference/hugging_face.py` has them. Needs tools/requirements.txt.
"""

import tools_path  # noqa: F401

# isort: split
import argparse

import torch
import transformers
from arguments import add_common_arguments
from torch import Tensor
from trace_file import Selection, Trace, model_metadata, token_ids
from transformers import Qwen3Model

from reference import golden, hugging_face
from reference.gguf_model import GGUFModel, read_model
from reference.tokenizer import QUERY_INSTRUCTION, ReferenceTokenizer

DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}


def trace(
    model: GGUFModel, network: Qwen3Model, ids: list[int], precision: str, selection: Selection | None = None
) -> Trace:
    """All selected intermediates of one sequence; `network` is of that precision."""
    engine = f"transformers {transformers.__version__}, torch {torch.__version__}"
    result = Trace(
        {"engine": engine, "precision": precision, "pooling": model.pooling, **model_metadata(model.metadata, ids)},
        selection or Selection(),
    )

    def add(name: str, value: Tensor) -> None:
        values = value.detach().contiguous()
        result.add(name, (values.view(torch.uint16) if values.dtype == torch.bfloat16 else values).numpy())

    states = hugging_face.observed_states(network, ids, add)
    pooled = golden.pool(states, model.pooling).reshape(-1, states.shape[-1])
    add("pooled", pooled)
    add("vector", golden.normalized(pooled, pooled.shape[-1]))
    return result


def sequence(arguments: argparse.Namespace, model: GGUFModel) -> list[int]:
    if arguments.like is not None:
        return token_ids(arguments.like)
    if arguments.ids is not None:
        return [int(word) for word in arguments.ids.replace(",", " ").split()]
    if arguments.text is None:
        raise SystemExit("pass a text, --ids, or --like TRACE")
    instruction = QUERY_INSTRUCTION if arguments.query else arguments.instruct
    return ReferenceTokenizer(model.metadata).encode(arguments.text, instruction)


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    model = read_model(arguments.model)
    ids = sequence(arguments, model)
    network = hugging_face.build(model).to(DTYPES[arguments.precision])
    selection = Selection.parse(arguments.layers, arguments.names, model.of("block_count"))
    print(trace(model, network, ids, arguments.precision, selection).write(arguments.output))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser, "the text")
    parser.add_argument("--query", action="store_true", help="put the web-search instruction in front")
    parser.add_argument("--instruct", metavar="TASK", help="put this task's instruction in front")
    parser.add_argument("--precision", choices=list(DTYPES), default="f32", help="default: %(default)s")
    return parser.parse_args()


if __name__ == "__main__":
    main()
