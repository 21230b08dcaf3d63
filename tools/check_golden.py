#!/usr/bin/env python3
"""Compare the golden vectors with a third implementation: llama.cpp on the same files.

    python tools/check_golden.py --llama-server llama.cpp/build/bin/llama-server
    python tools/check_golden.py --llama-server PATH q8_0 demo

llama.cpp rounds activations (to 8 bits for quantised weights, keys and values to 16-bit floats), so it is not
close: expect 1 − cosine of 1e-6 for F32 files, and up to a few thousandths for the coarsest formats. A case
above the limit means that a golden file, or llama.cpp, computes something else. Each case is sent as token ids.
"""

import missing_packages  # noqa: F401

# isort: split
import argparse
import json
from pathlib import Path

import numpy as np

from compare_peers.llama_server import LlamaServer, llama_server

TESTDATA = Path(__file__).resolve().parent.parent / "testdata"
#: Far above any rounding of llama.cpp's, far below the distance of unrelated vectors.
LIMIT = 0.02


def one_minus_cosine(left: np.ndarray, right: np.ndarray) -> float:
    left, right = left.astype(np.float64), right.astype(np.float64)
    return float(1 - left @ right / (np.linalg.norm(left) * np.linalg.norm(right)))


def comparable(cases: list[dict], hidden_size: int) -> list[dict]:
    """The cases that the server computes: the file's own pooling to one vector, all dimensions."""
    own = cases[0]["pooling"]
    return [case for case in cases if case["pooling"] == own != "none" and case["dimensions"] == hidden_size]


def check(server: LlamaServer, golden: dict, floats: np.ndarray) -> list[float]:
    errors = []
    for case in comparable(golden["cases"], golden["hiddenSize"]):
        span = case["vector"]
        expected = floats[span["offset"] : span["offset"] + span["count"]]
        errors.append(one_minus_cosine(server.embed([case["ids"]])[0], expected))
    return errors


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="golden files (default: all)")
    parser.add_argument("--llama-server", type=Path, required=True, help="path of llama.cpp's llama-server")
    parser.add_argument("--threads", type=int, default=2, help="default: %(default)s")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    files = sorted(path for path in (TESTDATA / "golden").glob("*.json") if path.stem != "states")
    failed = []
    for path in files:
        if arguments.names and path.stem not in arguments.names:
            continue
        golden = json.loads(path.read_text(encoding="utf-8"))
        floats = np.fromfile(TESTDATA / golden["floats"], "<f4")
        model = TESTDATA / golden["model"]
        pooling = golden["cases"][0]["pooling"]
        with llama_server(
            arguments.llama_server, model, threads=arguments.threads, context=8192, pooling=pooling
        ) as server:
            errors = check(server, golden, floats)
        if not errors:
            print(f"{path.stem:16} nothing to compare: its pooling is none")
            continue
        print(
            f"{path.stem:16} {len(errors):3} cases  1 − cosine: median {np.median(errors):.1e}, "
            f"largest {max(errors):.1e}"
        )
        failed += [path.stem] if max(errors) > LIMIT else []
    if failed:
        raise SystemExit(f"too far from llama.cpp (above {LIMIT}): {', '.join(failed)}")


if __name__ == "__main__":
    main()
