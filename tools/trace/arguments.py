"""The arguments that the scripts of this folder have in common."""

import argparse
from pathlib import Path


def add_common_arguments(parser: argparse.ArgumentParser, text: str) -> None:
    """What is traced, where from, where to and how much; `text` says what becomes of the text."""
    parser.add_argument("text", nargs="?", help=f"{text}; or --ids, or --like")
    parser.add_argument("--model", type=Path, required=True, help="the GGUF file")
    parser.add_argument("--output", "-o", type=Path, required=True, help="the safetensors file to write")
    parser.add_argument("--like", type=Path, metavar="TRACE", help="run the token ids of another trace")
    parser.add_argument("--ids", help="run these token ids, complete, separated by spaces or commas")
    parser.add_argument("--layers", help="only these: 0,3-5,last (default: all)")
    parser.add_argument("--names", help="only these: query,key_rotated (default: all)")
    parser.add_argument("--threads", type=int, default=2, help="default: %(default)s")
