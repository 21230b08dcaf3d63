"""Wrapping of comments: prose is filled, everything else stays."""

import unittest

from comment_width import WIDTH, is_wide, wrapped

WORDS = " ".join(f"word{number}" for number in range(40))


class Wrapping(unittest.TestCase):
    def test_prose_is_filled_and_keeps_its_words(self) -> None:
        lines = wrapped([f"  /// {WORDS}", "  /// and the end.", "  let a = 1"])
        self.assertEqual(lines[-1], "  let a = 1")
        self.assertTrue(all(len(line) <= WIDTH and line.startswith("  /// ") for line in lines[:-1]))
        self.assertEqual(" ".join(line[6:] for line in lines[:-1]), f"{WORDS} and the end.")

    def test_an_item_hangs(self) -> None:
        lines = wrapped([f"/// - a: {WORDS}", "///   more.", "/// - b: short"])
        self.assertEqual(lines[-1], "/// - b: short")
        self.assertTrue(all(line.startswith("///   ") for line in lines[1:-1]))

    def test_drawings_tables_code_and_other_paragraphs_stay(self) -> None:
        for line in [f"///     {WORDS}", f"/// | {WORDS} |", f"let a = 1  // {WORDS}", f"// MARK: {WORDS}"]:
            self.assertEqual(wrapped([line]), [line])
        self.assertEqual(wrapped(["/// short", "///", "/// short"]), ["/// short", "///", "/// short"])
        self.assertEqual(wrapped(["/// ```", f"/// {WORDS}", "/// ```"])[1], f"/// {WORDS}")

    def test_only_comments_that_can_be_wrapped_are_wide(self) -> None:
        self.assertTrue(is_wide(f"/// {WORDS}"))
        self.assertFalse(is_wide(f"/// {'x' * 200}"))
        self.assertFalse(is_wide(f'let a = "{WORDS}"'))


if __name__ == "__main__":
    unittest.main()
