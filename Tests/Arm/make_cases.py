"""Turns the kernels' tests into a program: Embedded Swift, in which they run for Arm, has no Swift Testing.

usage: make_cases.py OUTPUT_FOLDER TEST_FILE...

Writes each file with its macros as calls, and cases.swift, which calls each test once for each of its arguments.
"""

import re
import sys
from pathlib import Path

# Emulated matrix tiles take minutes here; they are a matter of x86.
LEFT_OUT = {"matrixTilesGiveTheBitsOfTheDefinition", "theCheckOfMatrixTilesComparesBits"}


def closing(text: str, start: int) -> int:
    """The index behind the parenthesis that closes the one at `start`."""
    depth = 0
    for index in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if depth == 0:
            return index + 1
    raise ValueError("a parenthesis is not closed")


def arguments(text: str) -> list[str]:
    """The parts of a list that its outer commas separate."""
    parts, depth = [""], 0
    for character in text:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def take_tests(text: str) -> tuple[str, list[str]]:
    """The text without `@Test`, and a call of each test."""
    calls = []
    suite = re.search(r"@Suite struct (\w+)", text)
    while match := re.search(r"@Test\b", text):
        end, values = match.end(), []
        if text[end] == "(":
            inner = text[end + 1 : closing(text, end) - 1]
            values = [part.removeprefix("arguments:").strip() for part in arguments(inner)]
            end = closing(text, end)
        name = re.compile(r"\s*func (\w+)\(").match(text, end)
        parameters = arguments(text[name.end() : closing(text, name.end() - 1) - 1])
        labels = [parameter.split(":")[0].split()[0] for parameter in parameters]
        text = text[: match.start()] + text[end:].lstrip()
        if suite is None or name[1] in LEFT_OUT:
            continue
        variables = [f"v{index}" for index in range(len(values))]
        if len(values) == 1 and len(labels) > 1:
            types = ", ".join(parameter.split(":")[1].strip() for parameter in parameters)
            values = [f"{values[0]} as [({types})]"]
            passed = [f"v0.{index}" for index in range(len(labels))]
        else:
            passed = variables
        call = ", ".join(
            value if label == "_" else f"{label}: {value}" for label, value in zip(labels, passed, strict=True)
        )
        loops = "".join(f"for {v} in ({a}) {{ " for v, a in zip(variables, values, strict=True))
        body = f'run("{suite[1]}.{name[1]}") {{ {suite[1]}().{name[1]}({call}) }}'
        calls.append(f"  {loops}{body}{' }' * len(values)}")
    return text, calls


def convert(text: str) -> tuple[str, list[str]]:
    text, calls = take_tests(text)
    text = re.sub(r"^import (Testing|TestSupport)\n", "", text, flags=re.M).replace("import Foundation", "import Glibc")
    text = text.replace("@Suite ", "").replace("#expect(", "expect(").replace("package ", "")
    # No key paths, and no untyped errors: what is thrown here would end a test.
    text = re.sub(r"\\\.(\w+)", r"{ $0.\1 }", text)
    text = re.sub(r"\) throws \{", ") {", text)
    text = re.sub(r"\btry[!?]? ", "", text)
    return text, calls


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    calls = []
    for path in sys.argv[2:]:
        text, own = convert(Path(path).read_text())
        (folder / Path(path).name).write_text(text)
        calls += own
    lines = ["import Kernels", "", "func runAllCases() {", *calls, "}", ""]
    (folder / "cases.swift").write_text("\n".join(lines))


main()
