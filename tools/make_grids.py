#!/usr/bin/env python3
"""Makes Sources/Kernels/BlockFormats/Grids/GridDigits.swift.

The grids of the IQ1, IQ2 and IQ3 formats are part of these formats: their authors chose the points, and no rule makes
them. The Python package gguf has them packed into hexadecimal digits; this copies the digits.

Usage: make_grids.py > Sources/Kernels/BlockFormats/Grids/GridDigits.swift
Needs: pip install gguf  (0.19.0 made the committed file)
"""

import missing_packages  # noqa: F401

# isort: split
from gguf import quants

WIDTH = 104
GRIDS = [
    (quants.IQ1_S, "iq1", "IQ1_S and IQ1_M: 2,048 points of 8 coordinates, each -1, 0 or 1 in two bits."),
    (quants.IQ2_XXS, "iq2_xxs", "256 points of 8 coordinates, each 8, 25 or 43 in two bits."),
    (quants.IQ2_XS, "iq2_xs", "512 points of 8 coordinates, each 8, 25 or 43 in two bits."),
    (quants.IQ2_S, "iq2_s", "1,024 points of 8 coordinates, each 8, 25 or 43 in two bits."),
    (quants.IQ3_XXS, "iq3_xxs", "256 points of 4 coordinates, each one of eight numbers in four bits."),
    (quants.IQ3_S, "iq3_s", "512 points of 4 coordinates, each an odd number up to 15 in four bits."),
]

HEAD = """\
// Made by tools/make_grids.py. The digits are those of the Python package gguf 0.19.0 (gguf/quants.py), where they have
// the license that follows.
//
// MIT License
//
// Copyright (c) 2023 Georgi Gerganov
//
// Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
// associated documentation files (the "Software"), to deal in the Software without restriction, including
// without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
// copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
// following conditions:
//
// The above copyright notice and this permission notice shall be included in all copies or substantial
// portions of the Software.
//
// THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
// LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO
// EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
// IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR
// THE USE OR OTHER DEALINGS IN THE SOFTWARE.

/// The points of the grids as hexadecimal digits, a byte in two; the lowest bits of a byte are its first coordinate.
// swift-format-ignore: AlwaysUseLowerCamelCase
enum GridDigits {"""


def main() -> None:
    print(HEAD)
    for index, (kind, name, comment) in enumerate(GRIDS):
        digits = kind.grid_hex.decode()
        if index:
            print()
        print(f"  /// {comment}")
        print(f'  static let {name}: StaticString = """')
        lines = [digits[start : start + WIDTH] for start in range(0, len(digits), WIDTH)]
        for line in lines[:-1]:
            print(f"    {line}\\")
        print(f"    {lines[-1]}")
        print('    """')
    print("}")


if __name__ == "__main__":
    main()
