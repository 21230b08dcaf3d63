"""The checks of links, on a repository of a few files."""

import tempfile
import unittest
from pathlib import Path

from check_links import check, files


class CheckLinksTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        self.write("docs/page.md", '# One thing\n\n## `code` and (more)\n\n## One thing\n\n<a id="place"></a>\n')
        self.write("Sources/Kernels/Kernel.swift", "/// See docs/page.md.\n")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def sentences(self, text: str) -> list[str]:
        self.write("README.md", text)
        return [sentence for file in files(self.root) for sentence in check(self.root, file)]

    def test_accepts_what_exists(self) -> None:
        text = "[a](docs/page.md) [b](docs/page.md#one-thing-1) [c\nd](docs/page.md#code-and-more) [e](docs)\n"
        text += "[f](docs/page.md#place) [g](https://example.org/nothing) [h](mailto:a@b.org) `Sources/Kernels/*`\n"
        self.assertEqual(self.sentences(text), [])

    def test_names_a_missing_file_and_its_line(self) -> None:
        self.assertEqual(
            self.sentences("one\n\n[a](docs/other.md)\n"),
            ["README.md:3: the link docs/other.md leads to no file; correct the path"],
        )

    def test_names_a_missing_anchor(self) -> None:
        expected = "names no heading of docs/page.md; correct the anchor"
        self.assertEqual(
            self.sentences("[a](docs/page.md#two) [b](#three)\n"),
            [
                f"README.md:1: the link docs/page.md#two {expected}",
                f"README.md:1: the link #three {expected.replace('docs/page', 'README')}",
            ],
        )

    def test_names_a_missing_path_between_back_quotes(self) -> None:
        text = "`Sources/Kernels/Other.swift` `Tests/*/Some.swift` `Sources/Kernels/NEWBlock.swift` `Kernels/None`\n"
        self.assertEqual(
            self.sentences(text),
            [
                "README.md:1: there is no Sources/Kernels/Other.swift; correct the path",
                "README.md:1: there is no Tests/*/Some.swift; correct the path",
            ],
        )

    def test_names_a_missing_page_of_a_source_file(self) -> None:
        self.write("Sources/Kernels/Kernel.swift", "\n/// See docs/old.md.\n")
        self.assertEqual(
            self.sentences(""), ["Sources/Kernels/Kernel.swift:2: there is no page docs/old.md; correct the path"]
        )

    def test_code_holds_no_links(self) -> None:
        self.assertEqual(self.sentences("```\n[a](none.md) `Sources/None`\n```\n`[b](none.md)`\n"), [])
