#!/usr/bin/env python3
"""Every known mistake, made with transformers, and what `touchstone check` says: docs/mistakes/confusion.md.

    python tools/confusion.py --output docs/mistakes/confusion.md      all models, mistakes and precisions: some minutes
    python tools/confusion.py --models f32 --mistakes no-nfc           a part, printed only

Vectors are computed by transformers with the mistake injected (package `mistakes`), written as a file, and judged by
the command. A mistake that changes no vector of a model (a base of 10000 in a model that has it) is skipped there.
Every cell is kept as it is found (`--cells`): the same command given again goes on where it was stopped, unless the
command under test or these scripts have changed. Exits with 1 where a verdict is wrong. Needs tools/requirements.txt
and a built command.
"""

import missing_packages  # noqa: F401

# isort: split
import argparse
import hashlib
import json
import multiprocessing
import sys
from dataclasses import asdict
from functools import cache, lru_cache
from pathlib import Path

import torch

from make_golden import model_path
from mistakes import page
from mistakes.checker import Checker
from mistakes.column import CORRECT, EVERY, Cell, Column

REPOSITORY = Path(__file__).resolve().parent.parent
MODELS = ("demo", "f32", "q5_1", "q4_k_m")
#: Its residual stream overflows in half precision.
LARGE = "large-residual"

#: Model, precision, mistake.
Key = tuple[str, str, str]


def keys(models: list[str], mistakes: list[str]) -> list[Key]:
    """The cells that are asked for, a column after the other."""
    found = [(model, precision, name) for model in models for precision in ("float32", "bfloat16") for name in mistakes]
    if CORRECT in mistakes:
        found += [(model, "float16", CORRECT) for model in models]
        found += [(LARGE, precision, CORRECT) for precision in ("float32", "bfloat16", "float16")]
    return found


@lru_cache(maxsize=1)
def column(model: str, precision: str, command: Path) -> Column:
    """The column that this process works on."""
    torch.set_num_threads(1)
    return Column(model_path(model), precision, Checker(command, "--threads", "1"))


def judged(task: tuple[Key, Path]) -> tuple[Key, Cell]:
    (model, precision, name), command = task
    return (model, precision, name), column(model, precision, command).cell(name)


@cache
def state(command: Path) -> str:
    """A hash of all that the cells depend on and that is likely to change: the command and these scripts."""
    digest = hashlib.sha256(command.read_bytes())
    for path in sorted((REPOSITORY / "tools" / "mistakes").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def known(path: Path, command: Path) -> dict[Key, Cell]:
    """The cells of an earlier run with the same command and scripts."""
    if not path.exists():
        return {}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {tuple(line["key"]): Cell(**line["cell"]) for line in lines if line["state"] == state(command)}


def run(arguments: argparse.Namespace, wanted: list[Key]) -> dict[Key, Cell]:
    cells = known(arguments.cells, arguments.command)
    tasks = [(key, arguments.command) for key in wanted if key not in cells]
    arguments.cells.parent.mkdir(parents=True, exist_ok=True)
    # Not by fork: torch has threads.
    processes = multiprocessing.get_context("spawn").Pool(arguments.jobs)
    with processes, arguments.cells.open("a", encoding="utf-8") as file:
        for index, (key, cell) in enumerate(processes.imap_unordered(judged, tasks), start=1):
            cells[key] = cell
            line = {"state": state(arguments.command), "key": key, "cell": asdict(cell)}
            print(json.dumps(line, ensure_ascii=False), file=file, flush=True)
            print(f"{index}/{len(tasks)} {' '.join(key)}: {cell.text}", file=sys.stderr, flush=True)
    return {key: cells[key] for key in wanted}


def main() -> None:
    arguments = parse_arguments()
    names = arguments.mistakes or list(EVERY)
    cells = run(arguments, keys(list(arguments.models), names))
    print(page.tables(cells))
    if arguments.output:
        arguments.output.write_text(page.page(cells), encoding="utf-8")
    sys.exit(0 if all(cell.is_right for cell in cells.values()) else 1)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=MODELS, metavar="NAME", help="default: %(default)s")
    parser.add_argument("--mistakes", nargs="+", metavar="ID", choices=list(EVERY))
    parser.add_argument("--command", type=Path, default=REPOSITORY / ".build" / "release" / "touchstone")
    parser.add_argument("--output", type=Path, help="write the page, docs/mistakes/confusion.md say")
    parser.add_argument("--jobs", type=int, default=2, help="processes, one thread each (default: %(default)s)")
    parser.add_argument(
        "--cells", type=Path, default=REPOSITORY / ".build" / "confusion.jsonl",
        help="where cells are kept (default: %(default)s)",
    )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    main()
