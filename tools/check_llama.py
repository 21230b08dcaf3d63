#!/usr/bin/env python3
"""Have `touchstone check` judge llama.cpp's server in right and wrong settings: docs/reports/check-llama.md.

    python tools/check_llama.py --llama BIN [--large FILE] [--sections mean large]
                                [--output docs/reports/check-llama.md]

BIN is the folder with `llama-server`. FILE is a large model, Qwen3-Embedding-0.6B say: with it there are sections with
times. Without --output the sections are printed. Needs nothing but Python, and a built command.
"""

import argparse
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
DEMO = "testdata/demo/demo-q4_k_m.gguf"
LARGE = "LARGE"
#: The port in the page; the true one is whichever is free.
PORT = 8080
START_SECONDS = 120


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    text: str
    model: str
    server: tuple[str, ...] = ("--embedding",)
    check: tuple[str, ...] = ()


HEAD = """# `touchstone check` against llama.cpp's server

Unedited output, written by `python3 tools/check_llama.py` with llama-server {version}, on
a CPU. The server's dialect (OpenAI) was detected.

Three findings appear in every verdict, by design of llama.cpp or because the feature is missing there: Unicode is not
normalized to NFC, token ids run unchanged, and `dimensions` is ignored. The rounding is named too: activations of 8
bits wherever the weights are quantized. None of them hides another mistake.

The findings on statuses are about llama.cpp's server: it answers 500 to faulty requests.
"""

MEAN = """\
The mean is named, and with it every vector agrees. With this pooling the server also fails above its batch size, and
the check finds that size to the token."""

NO_END = """\
`no-add-eos.gguf` lacks `tokenizer.ggml.add_eos_token`, as conversions from before mid-2025 do. It is a very small file
with random weights in float32; llama.cpp keeps keys and values in F16 by default."""

NO_YES = """\
Four differences at once: llama.cpp takes the first row of the head for yes, reads special tokens in documents, has the
instruction in the file's template, and does not normalize. `rerank-no-yes.gguf` is a very small file with random
weights in F16."""

YES_NO = """\
`rerank-yes-no.gguf` is a very small file with random weights in Q8_0. llama.cpp's scores are off by 0.01 to 0.36 of a
logit, more than the emulated rounding of 8-bit activations predicts in this model. The cause is unknown, and so the
verdict is open. A combination of mistakes must explain every score to be named, and none does."""

SECTIONS = [
    Section("default", "As it starts", "", DEMO),
    Section("mean", "With `--pooling mean`", MEAN, DEMO, ("--embedding", "--pooling", "mean")),
    Section(
        "context",
        "With a small context, `-c 256`",
        "The text above 512 tokens is refused with status 400 and a sentence: a note, not a mistake.",
        DEMO,
        ("--embedding", "-c", "256"),
    ),
    Section("end", "With a file that does not ask for the end of text", NO_END, "testdata/models/no-add-eos.gguf"),
    Section(
        "no-yes", "A reranker whose first label is no", NO_YES, "testdata/models/rerank-no-yes.gguf", ("--reranking",)
    ),
    Section(
        "yes-no",
        "A reranker whose first label is yes",
        YES_NO,
        "testdata/models/rerank-yes-no.gguf",
        ("--reranking",),
        ("--search-seconds", "60"),
    ),
    Section(
        "one-row",
        "A reranker whose head has one row",
        "A softmax over one number is 1, whatever the number.",
        "testdata/models/rerank-one-row.gguf",
        ("--reranking",),
    ),
    Section("large", "A large model", "", LARGE, ("--embedding", "--pooling", "last")),
    Section("large-mean", "A large model with `--pooling mean`", "", LARGE, ("--embedding", "--pooling", "mean")),
]


@contextmanager
def serving(binary: Path, model: Path, options: list[str]) -> Iterator[str]:
    """The address of a server that has loaded its model."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [binary, *options, "-m", model, "--host", "127.0.0.1", "--port", str(port)]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait(server, address)
            yield address
        finally:
            server.kill()


def wait(server: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"llama-server ended with status {server.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"llama-server has not loaded its model within {START_SECONDS} seconds")


def written(section: Section, arguments: argparse.Namespace) -> str:
    """Runs a section."""
    is_large = section.model == LARGE
    model = arguments.large if is_large else REPOSITORY / section.model
    shown = f"{model.name}" if is_large else section.model
    server = [*section.server, *(["--threads", str(arguments.server_threads)] if arguments.server_threads else [])]
    with serving(arguments.llama / "llama-server", model, server) as address:
        command = [arguments.command, "check", address, *section.check, "--model", model]
        start = time.monotonic()
        verdict = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - start
    timing = f"Exit status {verdict.returncode}" + (f", after {seconds:.0f} s of wall time." if is_large else ".")
    text = "\n".join(part for part in (section.text, timing) if part)
    options = " ".join([f"http://127.0.0.1:{PORT}", *section.check])
    return f"""## {section.title}

{text}

```
$ llama-server {" ".join(section.server)} -m {shown} --port {PORT} &
$ touchstone check {options} --model {shown}
{verdict.stdout}{verdict.stderr}```
"""


def main() -> None:
    arguments = parse_arguments()
    chosen = [
        section
        for section in SECTIONS
        if (not arguments.sections or section.name in arguments.sections)
        and (section.model != LARGE or arguments.large)
    ]
    server = subprocess.run(
        [arguments.llama / "llama-server", "--version"], capture_output=True, text=True, check=False
    )
    lines = [line for line in (server.stdout + server.stderr).splitlines() if line.startswith("version")]
    parts = [HEAD.format(version=lines[0].removeprefix("version: ") if lines else "of an unknown version")]
    for section in chosen:
        print(section.title, file=sys.stderr, flush=True)
        parts.append(written(section, arguments))
        if not arguments.output:
            print(parts[-1], flush=True)
    if arguments.output:
        arguments.output.write_text("\n".join(parts), encoding="utf-8")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--llama", type=Path, required=True, help="the folder with llama-server")
    parser.add_argument("--server-threads", type=int, help="its threads: fewer than cores on a busy machine")
    parser.add_argument("--large", type=Path, help="a large model, for the sections with times")
    parser.add_argument("--command", type=Path, default=REPOSITORY / ".build" / "release" / "touchstone")
    parser.add_argument("--output", type=Path, help="write the page instead of printing the sections")
    parser.add_argument("--sections", nargs="+", choices=[section.name for section in SECTIONS], metavar="NAME")
    return parser.parse_args()


if __name__ == "__main__":
    main()
