"""The pieces of a document are those of `touchstone chunk`."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import DEMO, TEXTS, Command

from touchstone_embeddings import Chunk, EmbeddingModel, InvalidInputError, OptionError

MARKDOWN = (
    "# Größe und Maß\n\n"
    + "Ein Satz über Straßen. Noch ein Satz 👩‍👩‍👧 mit Zeichen. " * 40
    + "\n\n## 知识库\n\n"
    + "文件没有找到。请再试一次。" * 60
    + "\n\n| a | b |\n|---|---|\n"
    + "| one cell | another cell |\n" * 60
)


def of_command(command: Command, path: Path, *arguments: str) -> list[tuple]:
    found = command.objects("chunk", str(path), "--json", "--model", str(DEMO), *arguments)
    keys = ["text", "tokens", "lead", "heading", "line", "lastLine"]
    return [tuple(tuple(one[key]) if key == "heading" else one[key] for key in keys) for one in found]


def comparable(chunks: list[Chunk]) -> list[tuple]:
    return [(c.text, c.token_count, c.lead, c.headings, c.first_line, c.last_line) for c in chunks]


@pytest.mark.parametrize(
    ("name", "options", "arguments"),
    [
        ("a.md", {"format": "markdown"}, []),
        (
            "a.md",
            {"format": "markdown", "chunk_tokens": 50, "overlap": 30},
            ["--chunk-tokens", "50", "--overlap", "30"],
        ),
        ("a.txt", {}, []),
        ("a.py", {"format": "code", "chunk_tokens": 100, "overlap": 0}, ["--chunk-tokens", "100", "--overlap", "0"]),
        ("a.md", {"method": "langchain", "format": "markdown"}, ["--preset", "langchain"]),
        (
            "a.md",
            {"method": "langchain", "format": "markdown", "chunk_size": 1024, "chunk_overlap": 256},
            ["--preset", "langchain-small"],
        ),
    ],
)
def test_pieces_are_those_of_the_command(
    model: EmbeddingModel, command: Command, tmp_path: Path, name: str, options: dict, arguments: list[str]
) -> None:
    path = tmp_path / name
    path.write_text(MARKDOWN, encoding="utf-8", newline="")
    chunks = model.chunk(MARKDOWN, **options)
    assert len(chunks) > (0 if arguments == ["--preset", "langchain"] else 1)
    assert comparable(chunks) == of_command(command, path, *arguments)


def test_places_are_characters_and_counts_are_exact(model: EmbeddingModel) -> None:
    chunks = model.chunk(MARKDOWN, chunk_tokens=60, format="markdown", title="Handbuch")
    assert chunks[0].lead.startswith("Handbuch")
    for chunk in chunks:
        assert MARKDOWN[chunk.begin : chunk.end] == chunk.text
        assert len(model.tokens(chunk.embedded_text)) == chunk.token_count <= 60
    assert model.chunk("") == [] and model.chunk(" \n") == []
    for text in TEXTS:
        assert all(chunk.text in text for chunk in model.chunk(text))


def test_wrong_options_are_sentences(model: EmbeddingModel) -> None:
    for options, part in [
        ({"chunk_tokens": 3}, "tokens is 3"),
        ({"chunk_tokens": -1}, "chunk_tokens is -1"),
        ({"overlap": 51}, "from 0 to 50"),
        ({"method": "page"}, "method is 'page'"),
        ({"format": "pdf"}, "format is 'pdf'"),
        ({"method": "langchain", "chunk_size": 5, "chunk_overlap": 5}, "below characters"),
        ({"method": "langchain", "chunk_size": 0}, "chunk_size is 0"),
    ]:
        with pytest.raises((OptionError, ValueError), match=part):
            model.chunk("a", **options)
    with pytest.raises(InvalidInputError, match="surrogate"):
        model.chunk("\ud800")
