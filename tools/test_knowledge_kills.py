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
        start = time.monotonic()
        run("add", base, str(documents), "--no-progress")
        whole = time.monotonic() - start
        killed = 0
        inside = 0
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
            time.sleep(numbers.random() * whole)
            if process.poll() is None:
                process.send_signal(numbers.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM]))
                inside += 1
            process.wait()
            killed += 1
            check = run("check", base, "--json")
            if check.returncode != 0 or json.loads(check.stdout)["findings"]:
                sys.exit(f"after kill {killed}: {check.stdout}{check.stderr}")
            for index in numbers.sample(range(60), 3):
                (documents / f"{index}.md").unlink(missing_ok=True)
        last = run("add", base, str(documents), "--prune", "--json", "--no-progress")
        if last.returncode != 0:
            sys.exit(f"the last add failed: {last.stderr}")
        sample = run("check", base, "--samples", "20", "--json")
        print(f"{killed} rounds, {inside} of them killed while the command ran; every check found nothing")
        print(sample.stdout.strip())
        sys.exit(sample.returncode)


if __name__ == "__main__":
    main()
