"""Adds many documents to a knowledge base: memory must stay bounded, progress be shown, an interruption cost nothing.

python3 tools/knowledge_scale.py --documents 10000 --pieces 10
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def resident(process: int) -> float:
    """Anonymous memory of a process in MiB; mapped files are not counted."""
    try:
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0


def main() -> None:
    """Ends with 1 where memory grew beyond the limit, or work was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--executable", default=str(ROOT / ".build/release/touchstone"))
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--pieces", type=int, default=10, help="of each document")
    parser.add_argument("--limit", type=int, default=600, help="MiB of anonymous memory")
    arguments = parser.parse_args()
    environment = dict(os.environ, TOUCHSTONE_MODEL=str(ROOT / "testdata/demo/demo-q4_k_m.gguf"))
    numbers = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for index in range(arguments.documents):
            path = folder / "documents" / str(index // 1000) / f"{index}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            parts = [
                f"# Part {part}\n\nStation {numbers.randrange(10**6)} is open." for part in range(arguments.pieces)
            ]
            path.write_text("\n\n".join(parts) + "\n")
        base = str(folder / "base")
        words = [arguments.executable, "kb", "add", base, str(folder / "documents"), "--json", "--progress"]
        log = (folder / "progress").open("w+")
        start = time.monotonic()
        peak = 0
        embedded = 0
        interrupted = False
        while True:
            process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
            begun = time.monotonic()
            while process.poll() is None:
                peak = max(peak, resident(process.pid))
                if not interrupted and time.monotonic() - begun > 10:
                    process.send_signal(signal.SIGINT)
                    interrupted = True
                time.sleep(0.2)
            if process.returncode == 0:
                counts = json.loads(process.stdout.read())
                embedded = counts["chunksEmbedded"]
                break
            if not interrupted:
                sys.exit(f"kb add ended with status {process.returncode}")
        seconds = time.monotonic() - start
        status = json.loads(
            subprocess.run(
                [arguments.executable, "kb", "status", base, "--json"], capture_output=True, check=True
            ).stdout
        )
        log.seek(0)
        shown = [line for line in log.read().replace("\r", "\n").splitlines() if "left" in line]
        print(f"{status['chunks']} pieces of {status['documents']} documents in {seconds:.0f} s")
        print(f"peak of anonymous memory {peak:.0f} MiB; the run behind the interruption embedded {embedded}")
        print(f"progress, for example: {shown[len(shown) // 2] if shown else 'none'}")
        if peak > arguments.limit or not shown or status["chunks"] != arguments.documents * arguments.pieces:
            sys.exit(1)
        if interrupted and embedded >= status["chunks"]:
            sys.exit("the interruption lost work")


if __name__ == "__main__":
    main()
