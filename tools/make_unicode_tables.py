#!/usr/bin/env python3
"""Makes Sources/Tokenization/Unicode/UnicodeTables.swift.

The split pattern's classes and NFC must agree with the reference, the Python package `tokenizers`, for
every scalar. Its regex engine and its normaliser each carry their own version of Unicode, and neither is
the version of this Python. So every fact is asked of the library itself: `unicodedata` only proposes
candidates, and a candidate that the library contradicts is dropped and counted on standard error.

Usage: make_unicode_tables.py > Sources/Tokenization/Unicode/UnicodeTables.swift
Needs: pip install tokenizers  (0.23.3 made the committed file)
"""

import missing_packages  # noqa: F401

# isort: split
import sys
import unicodedata
from collections.abc import Iterable

import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
WIDTH = 100

nfc = normalizers.NFC().normalize_str
nfd = normalizers.NFD().normalize_str


def packed(values: Iterable[int]) -> str:
    """Unsigned integers as text: five bits a digit, least significant first; a digit >= 32 continues."""
    text = []
    for value in values:
        rest = value
        while rest >= 32:
            text.append(DIGITS[32 | (rest & 31)])
            rest >>= 5
        text.append(DIGITS[rest])
    return "".join(text)


def members(pattern: str) -> set[int]:
    """The scalars that the library's regex engine puts in a class."""
    split = pre_tokenizers.Split(Regex(pattern), "removed")
    return {c for c in SCALARS if not split.pre_tokenize_str(chr(c))}


def class_runs() -> list[int]:
    """Runs (length, class) over all code points: 0 other, 1 letter, 2 number, 3 white space."""
    classes = [0] * 0x110000
    for value, pattern in ((1, r"\p{L}"), (2, r"\p{N}"), (3, r"\s")):
        for scalar in members(pattern):
            assert classes[scalar] == 0, "classes overlap"
            classes[scalar] = value
    runs = []
    start = 0
    for index in range(1, len(classes) + 1):
        if index == len(classes) or classes[index] != classes[start]:
            runs += [index - start, classes[start]]
            start = index
    return runs


def combining_classes() -> dict[int, int]:
    """Scalar -> canonical combining class, where the library's normaliser reorders the scalar."""
    low, high = "\u0334", "\u0345"  # classes 1 and 240, the smallest and the largest

    def reordered(text: str) -> bool:
        return nfd(text) != text

    moves = {
        c
        for c in SCALARS
        if nfd(chr(c)) == chr(c) and (reordered("x" + chr(c) + low) or reordered("x" + high + chr(c)))
    }
    classes = {c: unicodedata.combining(chr(c)) for c in moves}
    assert all(classes.values()), "the library reorders a scalar that this Python does not know"
    samples = {}
    for scalar, value in sorted(classes.items()):
        samples.setdefault(value, scalar)
    for scalar, value in classes.items():
        for other_value, other in samples.items():
            assert reordered("x" + chr(scalar) + chr(other)) == (value > other_value)
            assert reordered("x" + chr(other) + chr(scalar)) == (other_value > value)
    unknown = [c for c in SCALARS if unicodedata.combining(chr(c)) and nfd(chr(c)) == chr(c) and c not in moves]
    print(f"combining classes: {len(classes)}; unknown to the library: {len(unknown)}", file=sys.stderr)
    return classes


def decompositions() -> dict[int, tuple[int, list[int]]]:
    """Scalar -> (kind, parts): 0 singleton, 1 pair that never composes, 2 pair that composes."""
    found = {}
    for scalar in SCALARS:
        text = chr(scalar)
        if nfd(text) == text or scalar in HANGUL_SYLLABLES:
            continue
        parts = [int(part, 16) for part in unicodedata.decomposition(text).split()]
        assert 1 <= len(parts) <= 2
        assert nfd("".join(map(chr, parts))) == nfd(text), f"U+{scalar:04X}"
        composes = len(parts) == 2 and nfc(text) == text
        if composes:
            assert nfc(chr(parts[0]) + chr(parts[1])) == text
        found[scalar] = (2 if composes else len(parts) - 1, parts)
    composable = {tuple(parts): scalar for scalar, (kind, parts) in found.items() if kind == 2}
    firsts = {first for first, _ in composable}
    seconds = {second for _, second in composable}
    for first in firsts:
        for second in seconds:
            pair = chr(first) + chr(second)
            if (first, second) not in composable and nfd(pair) == pair:
                assert len(nfc(pair)) == 2, f"U+{first:04X} U+{second:04X}"
    print(f"decompositions: {len(found)}, of which compose: {len(composable)}", file=sys.stderr)
    return found


def decomposition_numbers(table: dict[int, tuple[int, list[int]]]) -> list[int]:
    numbers = []
    previous = 0
    for scalar, (kind, parts) in sorted(table.items()):
        numbers += [scalar - previous, kind, *parts]
        previous = scalar
    return numbers


def combining_numbers(classes: dict[int, int]) -> list[int]:
    numbers = []
    end = 0
    scalars = sorted(classes)
    index = 0
    while index < len(scalars):
        first = scalars[index]
        length = 1
        while (
            index + length < len(scalars)
            and scalars[index + length] == first + length
            and classes[first + length] == classes[first]
        ):
            length += 1
        numbers += [first - end, length, classes[first]]
        end = first + length
        index += length
    return numbers


def swift_text(name: str, comment: str, text: str) -> str:
    lines = [text[i : i + WIDTH] for i in range(0, len(text), WIDTH)]
    body = " \\\n    ".join(lines).replace(" \\\n", "\\\n")
    return f'  /// {comment}\n  static let {name}: StaticString = """\n    {body}\n    """\n'


def main() -> None:
    classes = combining_classes()
    parts = [
        swift_text("classRuns", "(length, class) for every run of code points, from zero.", packed(class_runs())),
        swift_text(
            "combiningClasses",
            "(gap, length, class) for every run of reordered marks.",
            packed(combining_numbers(classes)),
        ),
        swift_text(
            "decompositions",
            "(gap, kind, one part or two) for every canonical decomposition.",
            packed(decomposition_numbers(decompositions())),
        ),
    ]
    print("// Made by tools/make_unicode_tables.py; do not edit.")
    print(f"// Every value agrees with the Python package tokenizers {tokenizers.__version__}.")
    print()
    print("/// Unicode data as packed integers; see `PackedIntegers` for the digits.")
    print("enum UnicodeTables {")
    print("\n".join(parts), end="")
    print("}")


if __name__ == "__main__":
    main()
