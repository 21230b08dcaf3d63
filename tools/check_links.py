#!/usr/bin/env python3
"""Check that the documentation points to things that exist: links, anchors, paths, and pages named by the program.

    python3 tools/check_links.py [FOLDER]

Four checks, over every Markdown file of the repository:

- A relative link leads to a file or folder.
- The anchor of a link is a heading, or an `<a id="…">`, of that file.
- A back-quoted path that begins with Sources/, Tests/, tools/, docs/, testdata/ or deploy/ exists. `*` is a wildcard. A
  path with NEW, NAME or … in it is a pattern for the reader and is not checked.
- A page of docs/ that a source file, a script or a configuration file names exists.

Prints a sentence for each thing that does not exist and ends with 1 where there is any. Needs nothing but Python.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

REPOSITORY = Path(__file__).resolve().parent.parent
#: The folders whose paths are checked where they stand between back quotes.
ROOTS = ("Sources", "Tests", "tools", "docs", "testdata", "deploy")
#: Files that may name a page of docs/.
SOURCES = {".swift", ".c", ".h", ".py", ".sh", ".service", ".conf", ".yaml", ".yml", ".js", ".html", ".json"}

FENCE = re.compile(r"^( {0,3})(```+|~~~+)[^\n]*\n.*?^ {0,3}\2[^\n]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
LINK = re.compile(r"\]\(\s*<?([^\s()<>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]^]+\]:\s*<?([^\s<>]+)>?", re.MULTILINE)
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
ANCHOR = re.compile(r"<a\s+(?:id|name)=\"([^\"]+)\"")
PAGE = re.compile(r"\bdocs/[\w./-]+\.(?:md|svg)\b")
PATH = re.compile(rf"(?:{'|'.join(ROOTS)})/[^\s`,;:]*")
PATTERN = re.compile(r"NEW|NAME|…|<|\{")
#: A scheme, or a host without one.
ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


def main() -> int:
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else REPOSITORY
    sentences = [sentence for file in files(root) for sentence in check(root, file)]
    print("\n".join(sentences) or "Every link, anchor and path of the documentation exists.")
    return 1 if sentences else 0


def files(root: Path) -> Iterator[Path]:
    """The files of a folder, in order; folders and files whose names begin with a point are left out."""
    for entry in sorted(root.iterdir()):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from files(entry)
        elif entry.suffix == ".md" or entry.suffix in SOURCES or entry.name in {"Makefile", "Dockerfile"}:
            yield entry


def check(root: Path, file: Path) -> Iterator[str]:
    text = file.read_text(encoding="utf-8", errors="replace")
    if file.suffix == ".md":
        text = blanked(text, FENCE)
        yield from links(root, file, blanked(text, CODE))
        yield from paths(root, file, text)
    else:
        yield from pages(root, file, text)


def links(root: Path, file: Path, text: str) -> Iterator[str]:
    for match in LINK.finditer(text):
        target = match[1] or match[2]
        if ELSEWHERE.match(target):
            continue
        path, _, anchor = unquote(target).partition("#")
        place = where(root, file, text, match.start())
        goal = (root / path[1:] if path.startswith("/") else file.parent / path).resolve() if path else file
        if not goal.exists():
            yield f"{place}: the link {target} leads to no file; correct the path"
        elif anchor and goal.suffix == ".md" and anchor not in anchors(goal):
            yield f"{place}: the link {target} names no heading of {goal.relative_to(root)}; correct the anchor"


def paths(root: Path, file: Path, text: str) -> Iterator[str]:
    for match in CODE.finditer(text):
        if not (found := PATH.match(match[2])) or PATTERN.search(match[2]):
            continue
        path = found[0].rstrip(".)")
        exists = any(root.glob(path.rstrip("/"))) if "*" in path else (root / path).exists()
        if not exists:
            yield f"{where(root, file, text, match.start())}: there is no {path}; correct the path"


def pages(root: Path, file: Path, text: str) -> Iterator[str]:
    if Path(__file__).stem in file.stem:  # this script and its tests have examples of missing pages
        return
    for match in PAGE.finditer(text):
        if not (root / match[0]).exists():
            yield f"{where(root, file, text, match.start())}: there is no page {match[0]}; correct the path"


@cache
def anchors(file: Path) -> frozenset[str]:
    """What a link may name in a file: its headings as GitHub makes anchors of them, and explicit ones."""
    text = blanked(file.read_text(encoding="utf-8"), FENCE)
    found = set(ANCHOR.findall(text))
    count: dict[str, int] = {}
    for heading in HEADING.findall(text):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        number = count.get(name, 0)
        count[name] = number + 1
        found.add(f"{name}-{number}" if number else name)
    return frozenset(found)


def blanked(text: str, pattern: re.Pattern[str]) -> str:
    """The text with spaces for what matches, so that places stay where they are."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def where(root: Path, file: Path, text: str, offset: int) -> str:
    return f"{file.relative_to(root)}:{text.count(chr(10), 0, offset) + 1}"


if __name__ == "__main__":
    sys.exit(main())
