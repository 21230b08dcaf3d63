#!/usr/bin/env python3
"""Make every mistake of `faults.py` in transformers and see whether `touchstone diff` names it.

    python tools/trace/check_faults.py --touchstone .build/release/touchstone --model testdata/demo/demo-q4_k_m.gguf

Prints a table for docs/reference/trace.md; ends with 1 where a mistake is not named, or where transformers without one
is accused of any. Needs tools/requirements.txt.
"""

import tools_path  # noqa: F401

# isort: split
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
from faults import FAULTS, Fault
from trace_file import Trace, token_ids
from trace_transformers import trace

from reference import hugging_face
from reference.gguf_model import GGUFModel, read_model

TEXT = "The file was not found on this disk."


def faulty_trace(model: GGUFModel, ids: list[int], fault: Fault) -> Trace:
    network = hugging_face.build(model)
    with torch.no_grad():
        fault.change(network)
    network = network.to(fault.precision)
    with fault.patched():
        result = trace(model, network, fault.ids(ids), "f32")
    for name, values in result.tensors.items():
        if values.dtype == np.uint16:  # bfloat16, stored as the float32 that it is
            result.tensors[name] = (values.astype(np.uint32) << 16).view(np.float32)
        elif values.dtype == np.float16:
            result.tensors[name] = values.astype(np.float32)
    fault.finish(result)
    return result


def verdict(touchstone: Path, ours: Path, theirs: Path) -> dict:
    command = [touchstone, "diff", "--json", ours, theirs]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise SystemExit(f"touchstone diff failed: {done.stderr}")
    return json.loads(done.stdout)


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(2)
    model = read_model(arguments.model)
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours.safetensors", Path(folder) / "theirs.safetensors"
        command = [arguments.touchstone, "trace", TEXT, "--activations", "f32", "--model", arguments.model, "-o", ours]
        subprocess.run(command, check=True, capture_output=True)
        ids = token_ids(ours)
        print("| mistake | named | at | what `diff` says |\n|---|---|---|---|")
        for fault in (Fault("none", "", None), *FAULTS):
            faulty_trace(model, ids, fault).write(theirs)
            found = verdict(arguments.touchstone, ours, theirs)
            first = found["findings"][0] if found["findings"] else {"kind": "", "at": None, "sentence": "they agree"}
            print(f"| {fault.name} | {first['kind']} | {first['at'] or ''} | {first['sentence']} |")
            if (first["kind"], first["at"]) != (fault.kind, fault.place):
                failed.append(fault.name)
    if failed:
        raise SystemExit(f"not named as they should be: {', '.join(failed)}")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touchstone", type=Path, required=True, help="the command")
    parser.add_argument("--model", type=Path, required=True, help="a GGUF file; a small one will do")
    return parser.parse_args()


if __name__ == "__main__":
    main()
