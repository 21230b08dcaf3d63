"""Looks for comment lines of Swift that are wider than the code may be, which swift-format does not.

    python3 tools/comment_width.py PATH...          names them; status 1 where there are any
    python3 tools/comment_width.py --wrap PATH...   wraps them

Only lines that are nothing but a comment count: what stands behind code is the formatter's. Wrapping takes the prose of
the paragraph around a line, never a drawing, a table, an example or a list's beginning.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

WIDTH = 110
COMMENT = re.compile(r"^(?P<indent> *)(?P<mark>///?)(?P<space> ?)(?P<text>.*)$")
# Not prose: code (four spaces and more), tables, fences, headings, marks, and lines that say how to call something.
STRUCTURE = re.compile(r"^(\s{4,}|\||```|#|MARK:|swift-format|usage:)")
ITEM = re.compile(r"^(\s*)([-*] |\d+\. )(.*)$")


def swift_files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*.swift")) if path.is_dir() else [path]


def is_wide(line: str) -> bool:
    return len(line) > WIDTH and COMMENT.match(line) is not None and " " in line.strip()[4:].strip()


def filled(words: list[str], first: str, rest: str) -> list[str]:
    lines: list[str] = []
    line = first
    is_empty = True
    for word in words:
        if not is_empty and len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line, is_empty = rest, True
        line += word if is_empty else " " + word
        is_empty = False
    return [*lines, line]


def wrapped(lines: list[str]) -> list[str]:
    """The lines with every paragraph filled anew from its first wide line on."""
    result: list[str] = []
    index = 0
    is_fenced = False
    while index < len(lines):
        line = lines[index]
        match = COMMENT.match(line)
        if match and match["text"].startswith("```"):
            is_fenced = not is_fenced
        if not is_wide(line) or is_fenced or match is None or STRUCTURE.match(match["text"]):
            result.append(line)
            index += 1
            continue
        item = ITEM.match(match["text"])
        text = match["text"]
        leading = len(text) - len(text.lstrip())
        hang = leading + (len(item[2]) if item else 0)
        mark = f"{match['indent']}{match['mark']} "
        words = text.split()
        index += 1
        while index < len(lines):
            following = COMMENT.match(lines[index])
            if following is None or following["mark"] != match["mark"] or following["indent"] != match["indent"]:
                break
            text = following["text"]
            indent = len(text) - len(text.lstrip())
            if not text.strip() or STRUCTURE.match(text) or ITEM.match(text) or indent != hang:
                break
            words += text.split()
            index += 1
        result += filled(words, mark + " " * leading, mark + " " * hang)
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrap", action="store_true")
    parser.add_argument("paths", nargs="+", type=Path)
    arguments = parser.parse_args()
    count = 0
    for path in swift_files(arguments.paths):
        text = path.read_text(encoding="utf-8")
        if arguments.wrap:
            path.write_text("\n".join(wrapped(text.split("\n"))), encoding="utf-8")
            text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.split("\n"), start=1):
            if is_wide(line):
                count += 1
                print(f"{path}:{number}: the comment has {len(line)} columns, but at most {WIDTH} fit")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
