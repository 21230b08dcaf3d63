"""Writes testdata/knowledge/langchain.json: texts and the pieces that langchain-text-splitters makes of them.

python3 -m venv .venv-langchain && .venv-langchain/bin/pip install langchain-text-splitters==1.1.3
.venv-langchain/bin/python tools/make_langchain_golden.py
"""

import missing_packages  # noqa: F401

# isort: split
import json
import random
from importlib.metadata import version
from pathlib import Path

from langchain_text_splitters import RecursiveCharacterTextSplitter

WORDS = [
    "store",
    "query",
    "vector",
    "Straße",
    "déjà",
    "知识",
    "検索",
    "データ",
    "model",
    "🙂",
    "é",
    "token",
    "page",
    "the",
    "of",
    "and",
    "in",
]


def prose(seed: int, paragraphs: int) -> str:
    """Paragraphs of lines of words, with runs of spaces and lines among them."""
    generator = random.Random(seed)
    text = []
    for _ in range(paragraphs):
        lines = []
        for _ in range(generator.randint(1, 6)):
            words = [generator.choice(WORDS) for _ in range(generator.randint(1, 30))]
            lines.append(generator.choice([" ", "  ", " "]).join(words))
        text.append("\n".join(lines))
        text.append(generator.choice(["\n\n", "\n\n\n", "\n", "\n\n \n"]))
    return "".join(text)


def main() -> None:
    texts = [
        (prose(1, 20), 1024, 256),
        (prose(2, 60), 8192, 512),
        (prose(3, 20), 100, 20),
        (prose(4, 20), 64, 0),
        (prose(5, 10), 30, 29),
        ("x" * 5000, 1024, 256),
        ("知识库检索" * 500, 1024, 256),
        ("a b" * 900 + "\n" + "c" * 1500 + " d", 1024, 256),
        ("", 1024, 256),
        (" \n\n \n", 10, 2),
        ("\n\nlead" + "\n\n" * 5 + "tail \u3000\u00a0", 10, 2),
        ("one two three", 1024, 256),
        ("exactly10!" * 3, 10, 0),
        ("ab cd ef gh ij " * 30, 10, 3),
    ]
    entries = []
    for text, size, overlap in texts:
        splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=overlap)
        entries.append({"text": text, "size": size, "overlap": overlap, "chunks": splitter.split_text(text)})
    target = Path(__file__).parent.parent / "testdata" / "knowledge" / "langchain.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    golden = {"version": version("langchain-text-splitters"), "entries": entries}
    target.write_text(json.dumps(golden, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
