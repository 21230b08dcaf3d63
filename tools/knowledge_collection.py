"""Builds a collection of real parallel documents from Debian's packages and measures a knowledge base with it.

    python3 tools/knowledge_collection.py --pages 200 --folder /tmp/collection

LibreOffice's help (MPL-2.0) has the same pages in many languages, under the same names. The query is a page's title in
one language, without that title in the indexed text; the page in another language is the answer. Nothing of it is
committed. `--model`, `--rerank` and `--dimensions` name what is measured.
"""

import argparse
import hashlib
import html.parser
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {
    "en": ("en-us", "en-US"),
    "zh": ("zh-cn", "zh-CN"),
    "fr": ("fr", "fr"),
    "de": ("de", "de"),
    "ja": ("ja", "ja"),
}


class Page(html.parser.HTMLParser):
    """The title and the paragraphs of a help page."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.blocks = []
        self.inside = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        """Begins a block."""
        del attrs
        if tag in ("script", "style", "title", "nav", "noscript"):
            self.inside.append(tag)
        if tag in ("h1", "h2", "h3", "p", "li", "td", "th"):
            self.blocks.append([tag, ""])

    def handle_endtag(self, tag: str) -> None:
        """Ends a part without text, or a block."""
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()
        if tag in ("h1", "h2", "h3", "p", "li", "td", "th"):
            self.blocks.append(["p", ""])

    def handle_data(self, data: str) -> None:
        """Adds to the last block."""
        if self.inside:
            if self.inside[-1] == "title":
                self.title += data
        elif self.blocks:
            self.blocks[-1][1] += data


def read(path: Path) -> tuple[str, str]:
    """The first heading and the rest as Markdown."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8", errors="replace"))
    blocks = [(tag, re.sub(r"\s+", " ", text).strip()) for tag, text in page.blocks]
    blocks = [block for block in blocks if block[1]]
    title = next((text for tag, text in blocks if tag == "h1"), re.sub(r"\s+", " ", page.title).strip())
    lines = []
    for tag, text in blocks:
        if text.casefold() == title.casefold():
            continue
        lines.append({"h1": "# ", "h2": "## ", "h3": "### ", "li": "- "}.get(tag, "") + text)
    return title, "\n\n".join(lines)


def download(folder: Path) -> Path:
    """Unpacks the packages below the folder, without installing them."""
    packages = [f"libreoffice-help-{package}" for package, _ in LANGUAGES.values()]
    store = folder / "packages"
    store.mkdir(parents=True, exist_ok=True)
    if len(list(store.glob("*.deb"))) < len(packages):
        subprocess.run(["apt-get", "download", *packages], cwd=store, check=True)
    for package in store.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package.name, "../root"], cwd=store, check=True)
    return folder / "root/usr/share/libreoffice/help"


def build(help_folder: Path, folder: Path, limit: int) -> int:
    """Writes the documents and questions; returns how many pages there are."""
    roots = {language: help_folder / name / "text" for language, (_, name) in LANGUAGES.items()}
    names = set.intersection(
        *({str(path.relative_to(root)) for path in root.rglob("*.html")} for root in roots.values())
    )
    # Spread over the whole, the same for everybody.
    ordered = sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    pages = {}
    titles = set()
    for name in ordered:
        if len(pages) == limit:
            break
        found = {language: read(root / name) for language, root in roots.items()}
        english, body = found["en"]
        han = sum("\u4e00" <= letter <= "\u9fff" for letter in found["zh"][1])
        kana = sum("\u3040" <= letter <= "\u30ff" for letter in found["ja"][1])
        # Really translated: other titles, and mostly Chinese or Japanese characters in the texts.
        if len(body) < 300 or han < 0.3 * len(found["zh"][1]) or kana < 0.15 * len(found["ja"][1]):
            continue
        if any(found[language][0] in ("", english) for language in ("zh", "ja", "fr", "de")):
            continue
        own = {(language, title.casefold()) for language, (title, _) in found.items()}
        if own & titles:
            continue
        titles |= own
        pages[name] = found
    digest = hashlib.sha256()
    with (folder / "questions.jsonl").open("w") as questions:
        for name in sorted(pages):
            file = name.replace("/", "_").removesuffix(".html") + ".md"
            for language, (title, body) in pages[name].items():
                path = folder / "documents" / language / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(body + "\n")
                digest.update(f"{language}/{file}\0{title}\0{body}\0".encode())
                relevant = [f"documents/{other}/{file}" for other in LANGUAGES]
                line = {"query": title, "relevant": relevant, "language": language}
                questions.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(
        f"{len(pages)} translated pages of {len(names)} in {len(LANGUAGES)} languages, digest {digest.hexdigest()[:16]}"
    )
    return len(pages)


def main() -> None:
    """Builds, adds, evaluates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--executable", default=str(ROOT / ".build/release/touchstone"))
    parser.add_argument("--folder", required=True, help="outside the repository")
    parser.add_argument("--pages", type=int, default=200, help="pages of each language")
    parser.add_argument("--help-folder", help="where the packages' help already is (…/libreoffice/help)")
    parser.add_argument("--model", default=str(ROOT / "testdata/demo/demo-q4_k_m.gguf"))
    parser.add_argument("--rerank")
    parser.add_argument("--rerank-top", default="20")
    parser.add_argument("--dimensions", action="append", default=[], help="also with the first N components")
    arguments = parser.parse_args()
    folder = Path(arguments.folder).resolve()
    if folder.is_relative_to(ROOT):
        sys.exit("--folder must be outside the repository")
    folder.mkdir(parents=True, exist_ok=True)
    help_folder = Path(arguments.help_folder) if arguments.help_folder else download(folder)
    if not (folder / "questions.jsonl").exists():
        build(help_folder, folder, arguments.pages)
    environment = dict(os.environ, TOUCHSTONE_MODEL=arguments.model)

    def run(*words: str) -> None:
        start = time.monotonic()
        done = subprocess.run(
            [arguments.executable, "kb", *words], env=environment, check=False, text=True, stdout=subprocess.PIPE
        )
        print(
            f"\n$ touchstone kb {' '.join(words)}   # {time.monotonic() - start:.0f} s\n{done.stdout}",
            end="",
            flush=True,
        )

    questions = str(folder / "questions.jsonl")
    reranker = ["--rerank", arguments.rerank, "--rerank-top", arguments.rerank_top] if arguments.rerank else []
    for dimensions in [None, *arguments.dimensions]:
        base = str(folder / f"base-{dimensions or 'all'}")
        run("add", base, str(folder / "documents"), *(["--dimensions", dimensions] if dimensions else []))
        options = ["--pairs", *reranker] if dimensions is None else []
        run("evaluate", base, "--queries", questions, *options)
        run("check", base, "--samples", "200")


if __name__ == "__main__":
    main()
