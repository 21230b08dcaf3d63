"""The pages of the course: their commands, outputs and articles."""

import unittest
from pathlib import Path

from course import as_article, blocks, difference, pages, run, shell_environment, updated

COMMAND = "```sh\necho one\n```\n"
OUTPUT = "\n<!-- output -->\n```text\none\n```\n<!-- end -->\n"


class Lessons(unittest.TestCase):
    def test_a_command_has_its_place_and_its_output(self) -> None:
        (block,) = blocks("page.md", f"# Title\n\n{COMMAND}{OUTPUT}")
        self.assertEqual((block.place, block.command, block.output), ("page.md:3", "echo one\n", "one\n"))

    def test_only_the_same_output_passes(self) -> None:
        (block,) = blocks("page.md", COMMAND + OUTPUT)
        self.assertIsNone(difference(block, "one\n"))
        self.assertIn("+two", difference(block, "two\n") or "")

    def test_a_command_without_output_fails(self) -> None:
        for page in (COMMAND, f"{COMMAND}\nWords between.\n{OUTPUT}"):
            (block,) = blocks("page.md", page)
            self.assertIn("has no output", difference(block, "one\n") or "")

    def test_an_update_writes_outputs_and_leaves_the_rest(self) -> None:
        page = f"# Title\n\n{COMMAND}\nWords.\n\n{COMMAND}{OUTPUT}End.\n```console\n$ make\n```\n"
        new = updated(page, ["1\n", "2\n"])
        self.assertEqual([block.output for block in blocks("page.md", new)], ["1\n", "2\n"])
        self.assertEqual(updated(new, ["1\n", "2\n"]), new)
        self.assertTrue(new.endswith("<!-- end -->\nEnd.\n```console\n$ make\n```\n"))

    def test_errors_are_output(self) -> None:
        environment = shell_environment(Path("/nowhere"))
        self.assertEqual(run("echo a; echo b >&2; false; echo c", environment), "a\nb\nc\n")

    def test_an_article_has_no_comments_and_links_that_docc_knows(self) -> None:
        text = f"[next](2-q4_k.md), [code](../../../README.md#limits), [far](https://a.b)\n{COMMAND}{OUTPUT}"
        article = as_article(text)
        self.assertIn("<doc:Course-2-q4_k>, code (`README.md`), [far](https://a.b)\n", article)
        self.assertNotIn("<!--", article)

    def test_there_are_eight_lessons(self) -> None:
        self.assertEqual([page.name[0] for page in pages()], list("R12345678"))
