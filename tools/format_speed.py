"""Times every block format: a page with a table, tokens a second of processor time and beside Q8_0.

    python3 tools/format_speed.py --output docs/reports/format-speed.md

Files of four layers of the 0.6B shape with random weights, every matrix in the one format. Times are those of the
processor on one thread, so that other programs of the machine count little; each format takes turns with Q8_0, since
the speed of a machine drifts. Needs the built command.
"""

import argparse
import datetime
import json
import resource
import statistics
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = ROOT / ".build" / "release" / "touchstone"
REFERENCE = "Q8_0"
TYPES = [
    "F32",
    "F16",
    "BF16",
    "Q8_0",
    "Q6_K",
    "Q5_1",
    "Q5_0",
    "Q5_K_S",
    "Q4_1",
    "Q4_0",
    "Q4_K_S",
    "IQ4_NL",
    "IQ4_XS",
    "Q3_K_S",
    "IQ3_S",
    "IQ3_XXS",
    "Q2_K",
    "IQ2_S",
    "IQ2_XS",
    "IQ2_XXS",
    "IQ1_M",
    "IQ1_S",
    "TQ2_0",
    "TQ1_0",
]
#: Name, tokens of a text, texts at once, repetitions that count.
WORK = (("512 tokens", 512, 1, 3), ("1 token", 1, 1, 60))


def used(arguments: list[str]) -> float:
    """Runs the command, and gives the seconds of its processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([COMMAND, *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seconds(model: Path, activations: str, work: tuple) -> float:
    """Of a pass: those of a long run less those of a short one."""
    _, tokens, sequences, count = work
    arguments = ["bench", "--model", str(model), "--threads", "1", "--no-peaks", "--format", "json"]
    arguments += ["--activations", activations, "--tokens", str(tokens), "--sequences", str(sequences)]
    short, long = (used([*arguments, "--repetitions", str(number)]) for number in (1, 1 + count))
    return (long - short) / count


def measure(types: list[str], rounds: int, folder: Path) -> list[dict]:
    """A row for each format."""
    models = {}
    for name in dict.fromkeys([REFERENCE, *types]):
        models[name] = folder / f"{name}.gguf"
        subprocess.run(
            [COMMAND, "make-model", "--layers", "4", "--type", name, "--pure", "--no-progress", models[name]],
            check=True,
            capture_output=True,
        )
    rows = []
    for name in types:
        row: dict = {"type": name, "bits": 8 * models[name].stat().st_size / weights(models[name])}
        for activations in ("i8", "i16", "f32"):
            for work in WORK:
                pairs = [
                    (seconds(models[name], activations, work), seconds(models[REFERENCE], activations, work))
                    for _ in range(rounds)
                ]
                row[activations, work[0]] = (
                    work[1] * work[2] / statistics.median(mine for mine, _ in pairs),
                    statistics.median(theirs / mine for mine, theirs in pairs),
                )
        rows.append(row)
        print(line(row), flush=True)
    return rows


def weights(model: Path) -> int:
    """How many the file says that it has."""
    found = subprocess.run([COMMAND, "inspect", "--json", model], check=True, capture_output=True, text=True)
    return json.loads(found.stdout)["parameterCount"]


def line(row: dict) -> str:
    """A row of the table."""
    cells = [f"{row[key][0]:,.0f} ({row[key][1]:.2f})" for key in keys()]
    return f"| {row['type']} | {row['bits']:.2f} | " + " | ".join(cells) + " |"


def keys() -> list[tuple[str, str]]:
    """The columns of figures."""
    return [(activations, work[0]) for work in WORK for activations in ("i8", "i16", "f32")]


def page(rows: list[dict]) -> str:
    """The page, in Markdown."""
    processor = next(
        text.split(":")[1].strip()
        for text in Path("/proc/cpuinfo").read_text().splitlines()
        if text.startswith("model name")
    )
    kernels = subprocess.run([COMMAND, "--version"], check=True, capture_output=True, text=True).stdout
    kernels = next((text for text in kernels.splitlines() if text.startswith("kernels")), "")
    head = "| format | bits a weight | " + " | ".join(f"{work}, {activations}" for activations, work in keys()) + " |"
    return "\n".join(
        [
            "# The speed of each block format",
            "",
            "Tokens for each second of processor time on one thread. In parentheses: how many times as fast as Q8_0 at",
            "the same precision of activations. Four layers of the 0.6B shape with random weights, every matrix in",
            "one format; a whole model of 28 layers takes seven times as long. `python3 tools/format_speed.py` writes",
            "this page.",
            "",
            f"{datetime.date.today()}, {processor}, one thread; {kernels}".rstrip("; "),
            "",
            head,
            "|---|" + "---:|" * (1 + len(keys())),
            *(line(row) for row in rows),
            "",
        ]
    )


def main() -> None:
    """Measures and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--types", nargs="+", default=TYPES, metavar="NAME", help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--output", type=Path, help="write the page; default: print it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = page(measure(list(arguments.types), arguments.rounds, Path(folder)))
    if arguments.output:
        arguments.output.write_text(text)
    else:
        print(text)


if __name__ == "__main__":
    main()
