#!/usr/bin/env python3
"""Write the golden vectors of testdata/golden with transformers and tokenizers.

    python tools/make_golden.py                 the demonstration model and every model of testdata/models
    python tools/make_golden.py demo q8_0       some

Each model is dequantised by gguf-py and run by transformers in float32 on one thread of the CPU; the same case
is run in float64 by tools/reference/exact.py, and the distance between the two is written beside the vectors:
the tests' tolerances come from it. Format: testdata/README.md. Needs tools/requirements.txt.
"""

import missing_packages  # noqa: F401

# isort: split
import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import transformers

from reference import hugging_face
from reference.exact import ExactModel
from reference.gguf_model import GGUFModel, read_model
from reference.golden import FloatFile, error, normalized, pool, write_json
from reference.texts import text_cases
from reference.tokenizer import ReferenceTokenizer
from synthetic.catalogue import METADATA_MODELS, MODELS

TESTDATA = Path(__file__).resolve().parent.parent / "testdata"
LENGTHS = (1, 2, 7, 33, 130, 500)
#: The models with a case of over 4,000 tokens.
LONG_LENGTH = 4200
LONG_MODELS = ("f32", "q8_0", "q4_k_m", "iq4_nl")
#: Lengths for the models whose metadata, not whose arithmetic, is odd.
METADATA_LENGTHS = (1, 7, 33)


@dataclass(frozen=True)
class Case:
    """Ids to run (complete: the end of text is in them), and what is made of the states."""

    name: str
    ids: list[int]
    pooling: str
    dimensions: int
    text: str | None = None
    instruction: str | None = None


def model_path(name: str) -> Path:
    """The file of a model, or the first part of a split one."""
    if name == "demo":
        return TESTDATA / "demo" / "demo-q4_k_m.gguf"
    parts = sorted((TESTDATA / "models").glob(f"{name}-00001-of-*.gguf"))
    return parts[0] if parts else TESTDATA / "models" / f"{name}.gguf"


def demo_cases(model: GGUFModel) -> Iterator[Case]:
    """Texts in many languages; and one of them again with Matryoshka dimensions and other poolings."""
    tokenizer = ReferenceTokenizer(model.metadata)
    hidden = model.of("embedding_length")
    for item in text_cases(lambda text: len(tokenizer.encode(text))):
        ids = tokenizer.encode(item.text, item.instruction)
        yield Case(item.name, ids, model.pooling, hidden, item.text, item.instruction)
        if item.name in ("english", "query"):
            for dimensions in (32, 64, 128):
                name = f"{item.name}-{dimensions}-dimensions"
                yield Case(name, ids, model.pooling, dimensions, item.text, item.instruction)
        if item.name == "english":
            for pooling in ("mean", "cls", "none"):
                yield Case(f"{item.name}-pooling-{pooling}", ids, pooling, hidden, item.text)


def random_cases(name: str, model: GGUFModel, lengths: tuple[int, ...]) -> Iterator[Case]:
    """Random ids, ended by the end of text; and one length with the other poolings."""
    vocabulary_size, hidden = model.vocabulary_size, model.of("embedding_length")
    generator = np.random.default_rng([ord(letter) for letter in name])
    for length in lengths:
        ids = generator.integers(0, vocabulary_size, length - 1).tolist()
        ids.append(model.metadata["tokenizer.ggml.eos_token_id"])
        yield Case(f"length-{length}", ids, model.pooling, hidden)
        if length == 7:
            for pooling in sorted({"last", "mean", "cls", "none"} - {model.pooling}):
                yield Case(f"length-{length}-pooling-{pooling}", ids, pooling, hidden)


def cases(name: str, model: GGUFModel) -> list[Case]:
    if name == "demo":
        return list(demo_cases(model))
    lengths = METADATA_LENGTHS if name in {other.name for other in METADATA_MODELS} else LENGTHS
    if name in LONG_MODELS:
        lengths = (*lengths, LONG_LENGTH)
    return sorted(random_cases(name, model, lengths), key=lambda case: (len(case.ids), case.name))


@torch.inference_mode()
def write_golden(name: str, output: Path) -> None:
    path = model_path(name)
    model = read_model(path)
    network, exact_model, floats = hugging_face.build(model), ExactModel(model), FloatFile()
    rows = []
    for case in cases(name, model):
        state = pool(hugging_face.states(network, case.ids), case.pooling)
        exact_state = pool(exact_model.states(case.ids), case.pooling)
        vector, exact = normalized(state, case.dimensions), normalized(exact_state, case.dimensions)
        row = {"name": case.name, "pooling": case.pooling, "dimensions": case.dimensions}
        row |= {"text": case.text} if case.text is not None else {}
        row |= {"instruction": case.instruction} if case.instruction is not None else {}
        row |= {
            "ids": case.ids,
            "state": floats.append(state),
            "vector": floats.append(vector),
            "exact": floats.append(exact),
            "float32Error": error(vector, exact),
        }
        rows.append(row)
    head = {
        "model": str(path.relative_to(TESTDATA)),
        "floats": f"golden/{name}.f32",
        "hiddenSize": model.of("embedding_length"),
        "reference": f"transformers {transformers.__version__}, torch {torch.__version__}, float32, eager attention",
        "largestFloat32Error": largest([row["float32Error"] for row in rows]),
    }
    write_json(output / f"{name}.json", head, "cases", rows)
    floats.write(output / f"{name}.f32")
    print(f"{name:16} {len(rows):3} cases  {head['largestFloat32Error']}")


def largest(errors: list[dict[str, float]]) -> dict[str, float]:
    return {key: max(item[key] for item in errors) for key in errors[0]}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ["demo", *(model.name for model in MODELS)]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"models: {', '.join(names)}")
    parser.add_argument("--output", type=Path, default=TESTDATA / "golden", help="folder (default: %(default)s)")
    arguments = parser.parse_args()
    arguments.names = arguments.names or names
    unknown = sorted(set(arguments.names) - set(names))
    if unknown:
        parser.error(f"no model named {', '.join(unknown)}; known: {', '.join(names)}")
    return arguments


def main() -> None:
    arguments = parse_arguments()
    arguments.output.mkdir(parents=True, exist_ok=True)
    # One thread: the order of the sums, and so the last bit, does not depend on the machine's cores.
    torch.set_num_threads(1)
    for name in arguments.names:
        write_golden(name, arguments.output)


if __name__ == "__main__":
    main()
