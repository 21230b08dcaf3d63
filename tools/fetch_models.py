#!/usr/bin/env python3
"""Fetch the official Qwen3-Embedding GGUF files from the Hugging Face hub.

    python tools/fetch_models.py --list
    python tools/fetch_models.py 0.6B-Q8_0
    python tools/fetch_models.py 4B-Q4_K_M 8B-Q4_K_M --dir models
    python tools/fetch_models.py OWNER/REPOSITORY/FILE.gguf

An interrupted download continues where it stopped. Size and SHA-256 are compared with what the server announces.
At the end `touchstone verify`, where the command is built or installed, compares the answers with published ones.
Needs Python 3.11 and nothing else.

environment:
  HF_ENDPOINT   another hub or a mirror (default https://huggingface.co)
  HF_TOKEN      a token, for repositories that ask for one

exit codes: 0 done, 1 network, 2 usage, 3 wrong size or hash, 4 refused or missing, 5 disk full,
6 the file's answers are not those that were published of its model
"""

import argparse
import os
import sys
import time
from pathlib import Path

from fetching.catalogue import RemoteFile, find, official_files
from fetching.download import fetch
from fetching.errors import FetchError
from fetching.hub import Hub
from fetching.verification import find_command, verify

EXIT_ANSWERS_DIFFER = 6
DEFAULT_ENDPOINT = "https://huggingface.co"


class ProgressLine:
    """One line on a terminal, rewritten a few times a second; nothing where the output is not a terminal."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.start = time.monotonic()
        self.first: int | None = None
        self.last = 0.0

    def __call__(self, have: int, total: int | None) -> None:
        now = time.monotonic()
        self.first = have if self.first is None else self.first
        if not sys.stderr.isatty() or (now - self.last < 0.2 and have != total):
            return
        self.last = now
        rate = (have - self.first) / max(now - self.start, 1e-3) / 1e6
        share = f"{have / total:6.1%} of {total / 1e6:,.0f} MB" if total else f"{have / 1e6:,.0f} MB"
        end = "\n" if have == total else ""
        print(f"\r{self.name}  {share}  {rate:.1f} MB/s \033[K", end=end, file=sys.stderr, flush=True)


def parse_arguments(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a name of --list, or OWNER/REPOSITORY/FILE.gguf")
    parser.add_argument("--list", action="store_true", help="print the names of the official files")
    parser.add_argument("--dir", type=Path, default=Path("models"), help="folder to write to (default: %(default)s)")
    parser.add_argument("--no-verify", action="store_true", help="do not compare the file's answers at the end")
    arguments = parser.parse_args(words)
    if not arguments.names and not arguments.list:
        parser.error("name a file to fetch, or ask for --list")
    unknown = [name for name in arguments.names if find(name) is None]
    if unknown:
        parser.error(f"no file named {', '.join(unknown)}; --list prints the names")
    return arguments


def print_list() -> None:
    for name, file in official_files().items():
        print(f"{name:10}  {file.repository}/{file.name}")


def fetch_one(hub: Hub, file: RemoteFile, directory: Path) -> Path:
    start = time.monotonic()
    path = fetch(hub, file, directory, ProgressLine(file.name))
    print(f"{path}: {path.stat().st_size:,} bytes, {time.monotonic() - start:.0f} s")
    return path


def main() -> int:
    arguments = parse_arguments()
    if arguments.list:
        print_list()
    hub = Hub(os.environ.get("HF_ENDPOINT") or DEFAULT_ENDPOINT, os.environ.get("HF_TOKEN") or None)
    for name in arguments.names:
        try:
            path = fetch_one(hub, find(name), arguments.dir)
        except FetchError as error:
            print(f"error: {name}: {error}", file=sys.stderr)
            return error.exit_code
        except KeyboardInterrupt:
            print("\ninterrupted; run the command again to continue", file=sys.stderr)
            return 130
        if not arguments.no_verify and not verify(path, find_command()):
            return EXIT_ANSWERS_DIFFER
    return 0


if __name__ == "__main__":
    sys.exit(main())
