#!/usr/bin/env python3
"""Runs the commands of the course and compares what they print with what the lessons say that they print.

    tools/course.py                  compares; a difference is printed
    tools/course.py --update         writes the outputs into the lessons
    tools/course.py --docc FOLDER    writes the lessons as articles of a DocC catalog

A command is a block ```sh of a page in docs/tutorial/course; behind it stands its output, in a block ```text between
`<!-- output -->` and `<!-- end -->`. A block ```console is not run: it is the reader's own. Every block runs in the
root of the repository, in a shell of its own, with the built command first on the path. Needs nothing but Python, a
shell and xxd.
"""

import argparse
import difflib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COURSE = ROOT / "docs" / "tutorial" / "course"
BLOCK = re.compile(
    r"^```sh\n(?P<command>.*?)^```\n(?:\n<!-- output -->\n```text\n(?P<output>.*?)```\n<!-- end -->\n)?",
    re.MULTILINE | re.DOTALL,
)
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
#: Longer than any command of a lesson takes on a slow machine.
SECONDS = 120


@dataclass
class Block:
    """A command of a lesson, and the output that the lesson shows (None: it shows none)."""

    place: str
    command: str
    output: str | None


def main() -> int:
    arguments = parse_arguments()
    if arguments.docc:
        write_articles(arguments.docc)
        return 0
    environment = shell_environment(arguments.bin)
    passed = failed = 0
    for page in pages():
        text = page.read_text(encoding="utf-8")
        printed = []
        for block in blocks(page.name, text):
            printed.append(run(block.command, environment))
            problem = None if arguments.update else difference(block, printed[-1])
            passed, failed = passed + (problem is None), failed + (problem is not None)
            if problem:
                print(problem)
        if arguments.update:
            page.write_text(updated(text, printed), encoding="utf-8")
    print(f"lessons: {passed} passed, {failed} failed")
    return 1 if failed else 0


def pages(folder: Path = COURSE) -> list[Path]:
    """The first page, which makes the files that the lessons read, and the lessons in order."""
    return [folder / "README.md", *sorted(folder.glob("[0-9]-*.md"))]


def blocks(name: str, text: str) -> list[Block]:
    return [
        Block(f"{name}:{text.count(chr(10), 0, match.start()) + 1}", match["command"], match["output"])
        for match in BLOCK.finditer(text)
    ]


def shell_environment(folder: Path) -> dict[str, str]:
    """The reader's, without what would make other vectors, and with what the first page exports."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOUCHSTONE_") or "CPU" in name}
    return kept | {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(COURSE),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
    }


def run(command: str, environment: dict[str, str]) -> str:
    """What a command prints, its errors among it."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        check=False,
    )
    return done.stdout.decode(errors="replace")


def difference(block: Block, printed: str) -> str | None:
    """A sentence and the lines that differ, or None."""
    if block.output is None:
        return f"{block.place}: the command has no output behind it; run tools/course.py --update"
    if block.output == printed:
        return None
    lines = difflib.unified_diff(
        block.output.splitlines(), printed.splitlines(), "the lesson", "printed now", lineterm="", n=1
    )
    return "\n".join([f"{block.place}: the command prints something else; run tools/course.py --update", *lines])


def updated(text: str, printed: list[str]) -> str:
    """The text with these outputs behind its commands, in order."""
    outputs = iter(printed)

    def replacement(match: re.Match[str]) -> str:
        return f"```sh\n{match['command']}```\n\n<!-- output -->\n```text\n{next(outputs)}```\n<!-- end -->\n"

    return BLOCK.sub(replacement, text)


def write_articles(folder: Path) -> None:
    """The pages as DocC wants them: no comments, links by the articles' names, files by their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for page in pages():
        text = as_article(page.read_text(encoding="utf-8"))
        if page.name == "README.md":
            lessons = "\n".join(f"- <doc:{article(lesson.name)}>" for lesson in pages()[1:])
            text += f"\n## Topics\n\n### Lessons\n\n{lessons}\n"
        (folder / f"{article(page.name)}.md").write_text(text, encoding="utf-8")


def article(name: str) -> str:
    """`README.md` becomes `Course`, `4-rmsnorm.md` becomes `Course-4-rmsnorm`."""
    return "Course" if name == "README.md" else f"Course-{name.removesuffix('.md')}"


def as_article(text: str) -> str:
    names = {page.name for page in pages()}

    def link(match: re.Match[str]) -> str:
        label, target = match.groups()
        if target in names:
            return f"<doc:{article(target)}>"
        if "://" in target:
            return match[0]
        path, _, _ = target.partition("#")
        named = os.path.relpath((COURSE / path).resolve(), ROOT)
        return f"`{named}`" if named.endswith(label.strip("`")) else f"{label} (`{named}`)"

    text = re.sub(r"^<!--.*?-->\n", "", text, flags=re.MULTILINE | re.DOTALL)
    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if part.startswith("```") else LINK.sub(link, part) for part in parts)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write the outputs into the lessons")
    parser.add_argument("--docc", type=Path, metavar="FOLDER", help="write the lessons as articles")
    parser.add_argument(
        "--bin", type=Path, default=ROOT / ".build" / "release", help="folder of the command (default: .build/release)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
