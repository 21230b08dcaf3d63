"""Compare Touchstone with llama.cpp, OpenVINO and PyTorch on the same work, alternately, in one run.

    python tools/compare_peers set-up --peers .build-peers              build llama.cpp, install the packages
    .build-peers/venv/bin/python tools/compare_peers run --peers .build-peers   measure; Markdown on the output

`run` needs a model; without --model it writes a random-weight file of the 0.6B shape. An engine that is absent is
reported as not measured, with its reason. Close other programs first: two builds in the background halve it all.
The sections `4b`, `long` and `avx2` are not among the default ones: the first writes a file of 2.5 GB, the second takes
about 20 minutes. The Python engines hold their models at the same time: about 12 GB for the 0.6B shape; --engines
takes some.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from compare_peers.set_up import set_up

SECTIONS = ("speed", "accuracy", "start-up", "tokenizers", "rerank", "4b", "long", "avx2")
DEFAULT_SECTIONS = SECTIONS[:5]
REPOSITORY = Path(__file__).resolve().parents[2]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="compare_peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    preparing = commands.add_parser("set-up", help="build llama.cpp and install the Python engines")
    running = commands.add_parser("run", help="measure and print the tables")
    for command in (preparing, running):
        command.add_argument("--peers", type=Path, default=Path(".build-peers"), help="folder (default: %(default)s)")
    running.add_argument("--model", type=Path, help="GGUF file (default: random weights, 0.6B shape, Q4_K_M)")
    running.add_argument("--reranker", type=Path, help="GGUF file of a reranker (default: random weights likewise)")
    running.add_argument(
        "--touchstone", type=Path, default=REPOSITORY / ".build" / "release" / "touchstone",
        help="the command (default: %(default)s)",
    )  # fmt: skip
    running.add_argument("--llama", type=Path, help="folder of llama.cpp's programs (default: the built one)")
    running.add_argument(
        "--engines", nargs="*", default=[], metavar="WORD", help="only engines named like one of these"
    )
    running.add_argument(
        "--sections", nargs="*", default=list(DEFAULT_SECTIONS), choices=SECTIONS,
        help="default: speed accuracy start-up tokenizers rerank",
    )  # fmt: skip
    running.add_argument("--rounds", type=int, default=5, help="counted runs of each engine (default: %(default)s)")
    running.add_argument("--threads", type=int, default=2, help="threads of every engine (default: %(default)s)")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    if arguments.command == "set-up":
        set_up(arguments.peers)
        return
    # The measurements need the packages that set-up installs.
    from compare_peers.sections import run_sections

    run_sections(arguments)


if __name__ == "__main__":
    main()
