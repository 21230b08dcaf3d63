"""A child process that holds one in-process engine: a work as a JSON line in, its seconds as a JSON line out.

Each engine has a process of its own, because thread pools and allocators of several frameworks in one process
disturb one another. Run by `workers.Worker`.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from reference.gguf_model import GGUFModel, read_model

from .work import Work, best_of_tries

Run = Callable[[], object]


def openvino_runner(model: GGUFModel, variant: str, threads: int) -> Callable[[Work], Run]:
    """Variants: float32; int8 and int4 weights with activations rounded to bytes, and bfloat16 elsewhere."""
    import numpy as np
    import openvino as ov

    from .openvino_graph import COMPRESSIONS, GraphBuilder

    options: dict[str, object] = {
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32" if variant == "float32" else "bf16",
    }
    if variant != "float32":
        options["DYNAMIC_QUANTIZATION_GROUP_SIZE"] = 128
    core = ov.Core()

    def prepare(work: Work) -> Run:
        graph = GraphBuilder(model, COMPRESSIONS[variant], work.sequences, work.tokens).build()
        request = core.compile_model(graph, "CPU", options).create_infer_request()
        ids = np.array(work.ids(model.vocabulary_size))
        return lambda: request.infer([ids])

    return prepare


def torch_runner(model: GGUFModel, variant: str, threads: int) -> Callable[[Work], Run]:
    """Variants: float32, bfloat16, bfloat16-compiled. transformers' own model, fused attention."""
    import torch

    from reference import hugging_face

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    network = hugging_face.build(model)
    network.set_attn_implementation("sdpa")
    if variant != "float32":
        network = network.bfloat16()

    def embed(ids: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.normalize(network(input_ids=ids).last_hidden_state[:, -1], dim=-1)

    def prepare(work: Work) -> Run:
        ids = torch.tensor(work.ids(model.vocabulary_size))
        run = torch.compile(embed, dynamic=False) if variant.endswith("compiled") else embed
        return lambda: run(ids)

    return prepare


RUNNERS = {"openvino": openvino_runner, "pytorch": torch_runner}


def serve(prepare: Callable[[Work], Run]) -> None:
    prepared: tuple[Work, Run] | None = None
    for line in sys.stdin:
        work = Work(**json.loads(line))
        try:
            if prepared is None or prepared[0] != work:
                # Only one at a time: a compiled graph may hold a copy of the weights.
                prepared = None
                prepared = (work, prepare(work))
                prepared[1]()
            answer: dict[str, object] = {"seconds": best_of_tries(prepared[1], work.tries)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=sorted(RUNNERS))
    parser.add_argument("variant")
    parser.add_argument("model", type=Path)
    parser.add_argument("threads", type=int)
    arguments = parser.parse_args()
    serve(RUNNERS[arguments.engine](read_model(arguments.model), arguments.variant, arguments.threads))


if __name__ == "__main__":
    main()
