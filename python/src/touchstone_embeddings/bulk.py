"""`touchstone-bulk`: files of texts to files of vectors, on one machine or on many that share a folder.

    touchstone-bulk in/*.parquet --model MODEL.gguf --out out --id id --text text

A row group of Parquet, or some thousand lines of JSON Lines, is a part. Each part becomes one file, written under a
temporary name and renamed when it is whole; then a line of the manifest says so. A job that was killed goes on where
it was: parts in the manifest are skipped. A part that is made twice has the same bytes, since vectors have the same
bits everywhere.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ._embedding import default_task
from ._errors import OptionError, TouchstoneError
from ._table import TableEmbedder, TableOptions


@dataclass(frozen=True)
class Part:
    """A piece of the input that becomes one file."""

    number: int
    input: Path
    group: int

    @property
    def stem(self) -> str:
        return f"{self.number:06}-{self.input.name.split('.')[0]}-{self.group:05}"


@dataclass
class Summary:
    """What a run did."""

    parts: int = 0
    skipped: int = 0
    rows: int = 0
    errors: int = 0
    tokens: int = 0
    seconds: float = 0.0


class Manifest:
    """The parts that are done, a line of JSON each. One file a shard, so that no two processes write to one."""

    def __init__(self, folder: Path, shard: tuple[int, int], job: dict[str, Any]) -> None:
        self._path = folder / f"manifest-{shard[0]:04}-of-{shard[1]:04}.jsonl"
        self._job = job
        self._done: dict[str, dict[str, Any]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(folder.glob("manifest-*.jsonl")):
            for line in path.read_bytes().split(b"\n"):
                entry = _parsed(line)
                if entry is None:
                    continue  # the end of a line that was being written when the process was killed
                if entry["job"] != job:
                    different = sorted(name for name in job if entry["job"].get(name) != job[name])
                    raise OptionError(
                        f"{folder} holds vectors of another job: {', '.join(different)} differs; "
                        "choose another folder for --out"
                    )
                self._done[entry["output"]] = entry

    def has(self, part: Part, output: Path) -> bool:
        entry = self._done.get(output.name)
        return entry is not None and output.exists() and entry["input_bytes"] == part.input.stat().st_size

    def add(self, part: Part, output: Path, table: pa.Table, digest: str) -> None:
        entry = {
            "output": output.name,
            "input": part.input.name,
            "input_bytes": part.input.stat().st_size,
            "group": part.group,
            "rows": table.num_rows,
            "errors": table.num_rows - table.column("error").null_count,
            "ids": digest,
            "job": self._job,
        }
        # A line that was cut off by a kill must not swallow this one.
        with open(self._path, "ab") as file:
            if file.tell() and not self._path.read_bytes().endswith(b"\n"):
                file.write(b"\n")
            file.write(json.dumps(entry, sort_keys=True).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._done[output.name] = entry


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and "job" in entry and "output" in entry else None


def run(
    inputs: list[Path],
    out: Path,
    options: TableOptions,
    *,
    shard: tuple[int, int] = (1, 1),
    format: str = "parquet",
    lines_per_part: int = 10_000,
    threads: int | None = None,
    progress: Any = None,
) -> Summary:
    """Does what of a job belongs to `shard` (number, of how many) and is not done yet."""
    if not 1 <= shard[0] <= shard[1]:
        raise OptionError(f"shard is {shard[0]}/{shard[1]}, but must be from 1/{shard[1]} to {shard[1]}/{shard[1]}")
    embedder = TableEmbedder(options, threads)
    job = {name: value for name, value in asdict(options).items() if name != "model"}
    job |= {"fingerprint": embedder.fingerprint, "format": format, "lines_per_part": lines_per_part}
    manifest = Manifest(out, shard, job)
    summary = Summary()
    start = time.monotonic()
    for part, read in _parts(inputs, lines_per_part, options):
        if part.number % shard[1] != shard[0] - 1:
            continue
        output = out / f"{part.stem}.{format}"
        if manifest.has(part, output):
            summary.skipped += 1
            continue
        table = embedder(read())
        _write(table, output, format)
        manifest.add(part, output, table, _digest(table))
        summary.parts += 1
        summary.rows += table.num_rows
        summary.errors += table.num_rows - table.column("error").null_count
        summary.tokens += int(np.sum(table.column("tokens").drop_null().to_numpy()))
        summary.seconds = time.monotonic() - start
        if progress is not None:
            progress(part, summary)
    summary.seconds = time.monotonic() - start
    return summary


def _parts(inputs: list[Path], lines_per_part: int, options: TableOptions) -> Iterator[tuple[Part, Any]]:
    """Every part, and a function that reads it."""
    number = 0
    for path in inputs:
        if path.suffix == ".parquet":
            file = pq.ParquetFile(path)
            for group in range(file.num_row_groups):
                columns = list(dict.fromkeys([options.id, options.text]))
                for column in columns:
                    if column not in file.schema_arrow.names:
                        raise OptionError(
                            f"{path} has no column {column!r}; it has {', '.join(file.schema_arrow.names)}"
                        )
                yield Part(number, path, group), lambda f=file, g=group, c=columns: f.read_row_group(g, columns=c)
                number += 1
        elif path.suffix in (".jsonl", ".ndjson"):
            for group, lines in enumerate(_chunks(path, lines_per_part)):
                yield Part(number, path, group), lambda li=lines, p=path: _lines_table(li, options)
                number += 1
        else:
            raise OptionError(f"{path} is neither .parquet nor .jsonl; convert it, or rename it")


def _chunks(path: Path, size: int) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    with open(path, "rb") as file:
        for line in file:
            if not line.strip():
                continue
            chunk.append(line)
            if len(chunk) == size:
                yield chunk
                chunk = []
    if chunk:
        yield chunk


def _lines_table(lines: list[bytes], options: TableOptions) -> pa.Table:
    """Lines as a table. Ids are strings there, as JSON has them; a line that is no object has a null text."""
    ids: list[str | None] = []
    texts: list[str | None] = []
    for line in lines:
        identifier, text = None, None
        try:
            value = json.loads(line)
            if isinstance(value, dict):
                found = value.get(options.id)
                identifier = found if found is None or isinstance(found, str) else json.dumps(found)
                given = value.get(options.text)
                if isinstance(given, str) and _is_unicode(given):
                    text = given
        except ValueError:
            pass
        ids.append(identifier)
        texts.append(text)
    return pa.table({options.id: pa.array(ids, pa.string()), options.text: pa.array(texts, pa.string())})


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _digest(table: pa.Table) -> str:
    """Of the ids in their order, so that two runs can be compared without reading their vectors."""
    hash = hashlib.sha256()
    for value in table.column("id"):
        hash.update(json.dumps(value.as_py(), default=str).encode() + b"\n")
    return hash.hexdigest()


def _write(table: pa.Table, output: Path, format: str) -> None:
    temporary = output.with_name(f".{output.name}.{os.getpid()}.partial")
    try:
        with open(temporary, "wb") as file:
            if format == "parquet":
                pq.write_table(table, file, compression="zstd", use_dictionary=False, store_schema=True)
            else:
                file.write(_json_lines(table))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, output)
    finally:
        temporary.unlink(missing_ok=True)


def _json_lines(table: pa.Table) -> bytes:
    """Numbers read back as the same float32."""
    buffer = io.StringIO()
    metadata = json.loads(table.schema.metadata[b"touchstone"])
    names = [name for name in table.column_names if name not in ("id", "vector")]
    for row in range(table.num_rows):
        vector = table.column("vector")[row]
        line: dict[str, Any] = {"id": table.column("id")[row].as_py()}
        line |= {name: table.column(name)[row].as_py() for name in names}
        line |= {"fingerprint": metadata["fingerprint"]}
        text = json.dumps(line, ensure_ascii=False, default=str)
        numbers = "null"
        if vector.is_valid:
            numbers = "[" + ",".join(vector.values.to_numpy(zero_copy_only=False).astype(str)) + "]"
        buffer.write(f'{text[:-1]}, "embedding": {numbers}}}\n')
    return buffer.getvalue().encode()


def _shard(text: str) -> tuple[int, int]:
    try:
        number, count = (int(word) for word in text.split("/"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no shard; write 3/16 for the third of sixteen") from None
    return number, count


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="touchstone-bulk", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "inputs", nargs="+", type=Path, metavar="IN", help=".parquet or .jsonl files, or folders of them"
    )
    parser.add_argument("--out", required=True, type=Path, help="the folder of vectors and manifests")
    parser.add_argument(
        "--model", default=os.environ.get("TOUCHSTONE_MODEL"), help="the GGUF file (default: $TOUCHSTONE_MODEL)"
    )
    parser.add_argument("--id", default="id", help="the column that names a row (default: id)")
    parser.add_argument("--text", default="text", help="the column of texts (default: text)")
    role = parser.add_mutually_exclusive_group()
    role.add_argument("--query", action="store_true", help="the texts are queries, with the model card's task")
    role.add_argument("--instruct", metavar="TASK", help="the texts are queries for this task")
    parser.add_argument("--dimensions", type=int, default=0, metavar="N", help="components to keep (default: all)")
    parser.add_argument("--precision", choices=["float32", "int8", "ubinary"], default="float32")
    parser.add_argument("--activations", choices=["i16", "i8", "f32"], default="i16")
    parser.add_argument("--truncate", choices=["error", "right", "left"], default="error")
    parser.add_argument("--max-tokens", type=int, default=0, metavar="N", help="(default: the model's context)")
    parser.add_argument("--threads", type=int, metavar="N", help="(default: as many as the process may use)")
    parser.add_argument("--shard", type=_shard, default=(1, 1), metavar="I/N", help="do the parts of shard I of N only")
    parser.add_argument("--format", choices=["parquet", "jsonl"], default="parquet", help="of the output")
    parser.add_argument(
        "--lines-per-part", type=int, default=10_000, metavar="N", help="of JSON Lines (default: 10000)"
    )
    parser.add_argument("--quiet", action="store_true", help="say nothing on standard error while all is well")
    return parser


def _files(inputs: list[Path]) -> list[Path]:
    """Folders become the files in them, by name, so that parts have the same numbers on every machine."""
    files: list[Path] = []
    for path in inputs:
        if path.is_dir():
            files += sorted(p for p in path.iterdir() if p.suffix in (".parquet", ".jsonl", ".ndjson"))
        elif not path.exists():
            raise OptionError(f"{path} does not exist")
        else:
            files.append(path)
    if not files:
        raise OptionError("there is no .parquet or .jsonl file in what was named")
    return files


def main(arguments: list[str] | None = None) -> None:
    parser = _parser()
    given = parser.parse_intermixed_args(arguments)
    if given.model is None:
        parser.error("no model: pass --model FILE, or set TOUCHSTONE_MODEL")

    def show(part: Part, summary: Summary) -> None:
        if not given.quiet:
            rate = summary.tokens / summary.seconds if summary.seconds else 0
            print(
                f"touchstone-bulk: part {part.number} of {part.input.name}: {summary.rows} rows, "
                f"{summary.errors} failed, {rate:.0f} tokens/s",
                file=sys.stderr,
            )

    try:
        options = TableOptions(
            model=given.model,
            id=given.id,
            text=given.text,
            instruct=default_task() if given.query else given.instruct or "",
            dimensions=given.dimensions,
            precision=given.precision,
            activations=given.activations,
            truncate=given.truncate,
            max_tokens=given.max_tokens,
        )
        summary = run(
            _files(given.inputs),
            given.out,
            options,
            shard=given.shard,
            format=given.format,
            lines_per_part=given.lines_per_part,
            threads=given.threads,
            progress=show,
        )
    except (TouchstoneError, OSError, pa.ArrowException) as error:
        sys.exit(f"touchstone-bulk: {error}")
    except KeyboardInterrupt:
        sys.exit("touchstone-bulk: interrupted; the same command goes on where it was")
    if not given.quiet:
        print(
            f"touchstone-bulk: {summary.parts} parts done, {summary.skipped} were there; {summary.rows} rows, "
            f"{summary.errors} failed, {summary.tokens} tokens in {summary.seconds:.1f} s",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
