#!/usr/bin/env python3
"""Write every named intermediate of one small model's forward pass: testdata/golden/states.json and .f32.

    python tools/make_states.py

When a vector is wrong, the first of these states that differs names the operation. The states come from
transformers in float32 (hooks on its modules); each must agree with the float64 forward pass of
tools/reference/exact.py, and their distance is written beside it. Needs tools/requirements.txt.
"""

import missing_packages  # noqa: F401

# isort: split
import argparse
from pathlib import Path

import torch
import transformers
from torch import Tensor

from make_golden import TESTDATA, model_path
from reference import hugging_face
from reference.exact import ExactModel
from reference.gguf_model import read_model
from reference.golden import FloatFile, write_json
from reference.tokenizer import ReferenceTokenizer

TEXTS = ("Hello, world!", "東京 2024")
#: States are of the order of 1; float32 keeps them to about 1e-6 through a few layers.
TOLERANCE = 2e-5


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(1)
    path = model_path(arguments.model)
    model = read_model(path)
    tokenizer = ReferenceTokenizer(model.metadata)
    network, exact_model, floats = hugging_face.build(model), ExactModel(model), FloatFile()
    rows = []
    for text in TEXTS:
        ids = tokenizer.encode(text)
        states: dict[str, Tensor] = {}
        exact: dict[str, Tensor] = {}
        hugging_face.observed_states(network, ids, states.__setitem__)
        exact_model.states(ids, exact.__setitem__)
        rows.append({"text": text, "ids": ids, "states": described(states, exact, floats)})
    head = {
        "model": str(path.relative_to(TESTDATA)),
        "floats": "golden/states.f32",
        "reference": f"transformers {transformers.__version__}, torch {torch.__version__}, float32, eager attention",
    }
    write_json(arguments.output / "states.json", head, "texts", rows)
    floats.write(arguments.output / "states.f32")
    print(f"{sum(len(row['states']) for row in rows)} states, {floats.length * 4:,} bytes")


def described(states: dict[str, Tensor], exact: dict[str, Tensor], floats: FloatFile) -> list[dict]:
    """One entry for each state in the order of computation: name, shape, where its numbers are, its error."""
    if states.keys() != exact.keys():
        raise ValueError(f"states named by one implementation only: {states.keys() ^ exact.keys()}")
    entries = []
    for name, exact_value in exact.items():
        difference = float((states[name].double() - exact_value).abs().max())
        if difference > TOLERANCE:
            raise ValueError(f"state '{name}' differs by {difference:.2g} between the two implementations")
        span = floats.append(states[name])
        entries.append(
            {"name": name, "shape": list(states[name].shape), **span, "float32Error": float(f"{difference:.3g}")}
        )
    return entries


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="f32", help="a model of testdata/models (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=TESTDATA / "golden", help="folder (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
