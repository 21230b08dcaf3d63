"""Kills `kb add`, `kb compact` and `kb add --reembed` at random moments; the base must open and be whole each time.

python3 tools/test_knowledge_kills.py --kills 200
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
MODEL = ROOT / "testdata/demo/demo-q4_k_m.gguf"


def main() -> None:
    """Ends with 1 at the first damage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--executable", default=str(ROOT / ".build/release/touchstone"))
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    numbers = random.Random(arguments.seed)
    environment = dict(os.environ, TOUCHSTONE_MODEL=str(MODEL))

    def command(*words: str) -> list[str]:
        return [arguments.executable, "kb", *words]

    def run(*words: str) -> subprocess.CompletedProcess:
        return subprocess.run(command(*words), capture_output=True, text=True, env=environment, check=False)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        documents = folder / "documents"
        documents.mkdir()
        base = str(folder / "base")

        def write(index: int) -> None:
            words = " ".join(str(numbers.randrange(10_000)) for _ in range(60))
            (documents / f"{index}.md").write_text(f"# Report {index}\n\n{words}.\n\n## Results\n\n{words[::-1]}.\n")

        for index in range(40):
            write(index)
        run("add", base, str(documents), "--no-progress")
        # How long each kind of job takes when it is left alone: the moments lie within.
        seconds = {"add": 0.3, "compact": 0.1}
        rounds = 0
        killed = 0
        while killed < arguments.kills:
            for _ in range(10):
                write(numbers.randrange(60))
            job = numbers.choice([("add", base, str(documents), "--prune", "--no-progress")] * 3 + [("compact", base)])
            process = subprocess.Popen(
                command(*job), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            # A second writer is refused, whatever the first one does.
            rival = run("remove", base, "no-such-document") if numbers.random() < 0.1 else None
            if rival is not None and rival.returncode == 0:
                sys.exit("a second writer was let in")
            start = time.monotonic()
            rounds += 1
            try:
                process.wait(timeout=numbers.random() * seconds[job[0]])
                seconds[job[0]] = max(0.02, time.monotonic() - start)
            except subprocess.TimeoutExpired:
                process.send_signal(numbers.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM]))
                process.wait()
                killed += 1
            check = run("check", base, "--json")
            if check.returncode != 0 or json.loads(check.stdout)["findings"]:
                sys.exit(f"after kill {killed}, round {rounds}: {check.stdout}{check.stderr}")
            for index in numbers.sample(range(60), 3):
                (documents / f"{index}.md").unlink(missing_ok=True)
        last = run("add", base, str(documents), "--prune", "--json", "--no-progress")
        if last.returncode != 0:
            sys.exit(f"the last add failed: {last.stderr}")
        sample = run("check", base, "--samples", "20", "--json")
        print(f"{killed} kills while the command ran, in {rounds} rounds; every check found nothing")
        print(sample.stdout.strip())
        sys.exit(sample.returncode)


if __name__ == "__main__":
    main()
