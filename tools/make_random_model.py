#!/usr/bin/env python3
"""Write a full-size Qwen3-Embedding file with random weights, to measure speed without a download.

    python tools/make_random_model.py models                        models/0.6b-q4_k_m.gguf
    python tools/make_random_model.py models --shape 4b --type Q8_0

Shape, tensor formats, vocabulary and metadata are those of the published files; the vectors mean nothing. The
whole model is held in memory while it is written. Needs numpy and gguf (tools/requirements.txt).
"""

import argparse
import time
from pathlib import Path

from synthetic.full_size import PLAIN, SHAPES, full_size
from synthetic.model import write_model
from synthetic.vocabulary import first_merges

VOCABULARY = Path(__file__).resolve().parent.parent / "testdata" / "qwen2-vocab.gguf"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path, help="folder to write into")
    parser.add_argument("--shape", choices=sorted(SHAPES), default="0.6b", help="model size (default: %(default)s)")
    parser.add_argument(
        "--type", choices=["Q4_K_M", *PLAIN], default="Q4_K_M", help="block formats (default: %(default)s)"
    )
    parser.add_argument("--vocabulary", type=Path, default=VOCABULARY, help="GGUF file with the vocabulary")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    arguments.output.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    vocabulary = first_merges(arguments.vocabulary)
    (path,) = write_model(full_size(arguments.shape, arguments.type), vocabulary, arguments.output)
    print(f"{path}: {path.stat().st_size:,} bytes in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
