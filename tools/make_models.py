#!/usr/bin/env python3
"""Write the small random-weight models of testdata/models, the same bytes on every run.

    python tools/make_models.py                 all of them
    python tools/make_models.py q4_k split      some

Each has the tensor names and metadata of a Qwen3-Embedding conversion. The catalogue with the shapes and what
each model is for: tools/synthetic/catalogue.py. Needs numpy and gguf (tools/requirements.txt).
"""

import missing_packages  # noqa: F401

# isort: split
import argparse
from pathlib import Path

from synthetic.catalogue import METADATA_MODELS, MODELS, OVERFLOW_MODEL, RERANK_MODELS
from synthetic.model import Model, write_model
from synthetic.vocabulary import Vocabulary, first_merges

TESTDATA = Path(__file__).resolve().parent.parent / "testdata"
#: Enough merges for common words to be one token, few enough for the tables to stay small.
MERGE_COUNT = 300
MERGE_COUNT_OF_TINY = 40
#: The tokens that a reranker answers with.
ANSWERS = ("yes", "no")
EVERY_MODEL = [*MODELS, *RERANK_MODELS, OVERFLOW_MODEL]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [model.name for model in EVERY_MODEL]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"models to write: {', '.join(names)}")
    parser.add_argument("--output", type=Path, default=TESTDATA / "models", help="folder (default: %(default)s)")
    parser.add_argument(
        "--vocabulary", type=Path, default=TESTDATA / "qwen2-vocab.gguf",
        help="GGUF file whose first merges are taken (default: %(default)s)",
    )  # fmt: skip
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(names))
    if unknown:
        parser.error(f"no model named {', '.join(unknown)}; known: {', '.join(names)}")
    return arguments


def chosen(names: list[str]) -> list[Model]:
    return [model for model in EVERY_MODEL if not names or model.name in names]


def main() -> None:
    arguments = parse_arguments()
    arguments.output.mkdir(parents=True, exist_ok=True)
    vocabularies: dict[tuple[int, tuple[str, ...]], Vocabulary] = {}
    total = 0
    for model in chosen(arguments.names):
        key = (
            MERGE_COUNT_OF_TINY if model in [*METADATA_MODELS, OVERFLOW_MODEL] else MERGE_COUNT,
            ANSWERS if model.rank_head else (),
        )
        if key not in vocabularies:
            vocabularies[key] = first_merges(arguments.vocabulary, *key)
        paths = write_model(model, vocabularies[key], arguments.output)
        size = sum(path.stat().st_size for path in paths)
        total += size
        print(f"{model.name:16} {size:9,} bytes  {model.purpose}")
    print(f"{'total':16} {total:9,} bytes")


if __name__ == "__main__":
    main()
