"""Bulk jobs: same vectors as the model's, whole files, bad rows, shards, and going on after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import DEMO, TEXTS

from touchstone_embeddings import EmbeddingModel, OptionError

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from touchstone_embeddings import bulk  # noqa: E402
from touchstone_embeddings._table import TableEmbedder, TableOptions  # noqa: E402

OPTIONS = TableOptions(model=str(DEMO))


def texts(count: int) -> list[str]:
    return [f"{TEXTS[i % len(TEXTS)]} number {i}" for i in range(count)]


def write_input(path: Path, count: int = 50, group: int = 10) -> list[str]:
    rows = texts(count)
    pq.write_table(
        pa.table({"id": list(range(count)), "text": rows, "other": [1.5] * count}), path, row_group_size=group
    )
    return rows


def vectors_of(table: pa.Table) -> np.ndarray:
    return np.stack([row.values.to_numpy() for row in table.column("vector")])


def read_all(folder: Path) -> pa.Table:
    return pa.concat_tables(pq.read_table(path) for path in sorted(folder.glob("*.parquet")))


def run_command(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "touchstone_embeddings.bulk", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)


@pytest.mark.parametrize(("precision", "instruct"), [("float32", ""), ("int8", ""), ("ubinary", "Find it")])
def test_vectors_are_the_models(model: EmbeddingModel, tmp_path: Path, precision: str, instruct: str) -> None:
    rows = write_input(tmp_path / "in.parquet")
    options = TableOptions(model=str(DEMO), precision=precision, instruct=instruct, dimensions=64)
    summary = bulk.run([tmp_path / "in.parquet"], tmp_path / "out", options)
    assert (summary.parts, summary.rows, summary.errors) == (5, 50, 0)
    table = read_all(tmp_path / "out")
    assert table.column("id").to_pylist() == list(range(50))
    expected = model.encode(rows, instruct=instruct or None, truncate_dim=64)
    found = vectors_of(table)
    if precision == "float32":
        assert found.tobytes() == expected.tobytes()
    elif precision == "ubinary":
        assert np.array_equal(np.unpackbits(found, axis=1), expected > 0)
    else:
        scale = table.column("scale").to_numpy()[:, None]
        assert np.abs(found * scale - expected).max() <= scale.max() / 2 * 1.001
        assert np.abs(found).max(axis=1).min() == 127
    assert table.column("tokens").to_pylist() == model.token_count(rows, instruct=instruct or None)
    facts = json.loads(pq.read_schema(next((tmp_path / "out").glob("*.parquet"))).metadata[b"touchstone"])
    assert facts["fingerprint"] == model.fingerprint(instruct=instruct or None, truncate_dim=64)
    assert facts["precision"] == precision and facts["dimensions"] == 64


def test_bad_rows_keep_their_place_and_their_reason(model: EmbeddingModel) -> None:
    embedder = TableEmbedder(TableOptions(model=str(DEMO), max_tokens=20))
    column = [b"fine", None, b"\xff\xfe", b"word " * 100, b"fine"]
    table = embedder(pa.table({"id": list("abcde"), "text": pa.array(column, pa.binary())}))
    assert table.column("error").to_pylist() == [
        None,
        "the text is null",
        "the text is not UTF-8 at byte 0",
        "the text has 102 tokens, but the limit is 20; shorten it, or ask for truncation",
        None,
    ]
    assert [vector is None for vector in table.column("vector").to_pylist()] == [False, True, True, True, False]
    assert table.column("vector")[4].values.to_numpy().tobytes() == model.encode("fine").tobytes()
    cut = TableEmbedder(TableOptions(model=str(DEMO), max_tokens=20, truncate="right"))
    table = cut(pa.table({"id": ["d"], "text": ["word " * 100]}))
    assert table.column("truncated").to_pylist() == [True] and table.column("tokens").to_pylist() == [20]
    with pytest.raises(OptionError, match="no column 'text'"):
        embedder(pa.table({"id": [1]}))
    with pytest.raises(OptionError, match="must hold strings"):
        embedder(pa.table({"id": [1], "text": [1.5]}))
    assert embedder(pa.table({"id": pa.array([], pa.int64()), "text": pa.array([], pa.string())})).num_rows == 0


def test_json_lines_in_and_out(model: EmbeddingModel, tmp_path: Path) -> None:
    rows = texts(25)
    lines = [json.dumps({"key": i, "body": text}) for i, text in enumerate(rows)]
    lines[3] = "no JSON"
    lines[4] = json.dumps({"key": "four"})
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n\n")
    result = run_command(
        tmp_path, "--out", tmp_path / "out", "--model", DEMO, "--id", "key", "--text", "body", "--format", "jsonl",
        "--lines-per-part", 10, "--dimensions", 8,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "3 parts done" in result.stderr and "2 failed" in result.stderr
    out = [
        json.loads(line)
        for path in sorted((tmp_path / "out").glob("0*.jsonl"))
        for line in path.read_text().splitlines()
    ]
    assert [line["id"] for line in out] == [
        str(i) if i not in (3, 4) else (None if i == 3 else "four") for i in range(25)
    ]
    for i, line in enumerate(out):
        if i in (3, 4):
            assert line["embedding"] is None and line["error"] == "the text is null"
        else:
            found = np.array(line["embedding"], np.float32)
            assert found.tobytes() == model.encode(rows[i], truncate_dim=8).tobytes()


def test_shards_make_the_same_files_as_one_run(tmp_path: Path) -> None:
    write_input(tmp_path / "a.parquet", 30)
    write_input(tmp_path / "b.parquet", 45)
    inputs = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    bulk.run(inputs, tmp_path / "one", OPTIONS)
    for i in (2, 3, 1):
        bulk.run(inputs, tmp_path / "many", OPTIONS, shard=(i, 3))
    names = sorted(path.name for path in (tmp_path / "one").glob("*.parquet"))
    assert names == sorted(path.name for path in (tmp_path / "many").glob("*.parquet")) and len(names) == 8
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "many" / name).read_bytes()
    assert bulk.run(inputs, tmp_path / "many", OPTIONS).skipped == 8
    with pytest.raises(OptionError, match="shard is 4/3"):
        bulk.run(inputs, tmp_path / "many", OPTIONS, shard=(4, 3))


def test_goes_on_after_kills_at_any_moment(tmp_path: Path) -> None:
    write_input(tmp_path / "in.parquet", 400, 10)
    bulk.run([tmp_path / "in.parquet"], tmp_path / "whole", OPTIONS)
    command = [
        sys.executable,
        "-m",
        "touchstone_embeddings.bulk",
        str(tmp_path / "in.parquet"),
        "--out",
        str(tmp_path / "out"),
    ]
    command += ["--model", str(DEMO)]
    killed = 0
    for seed in range(60):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            # From the start of Python to well into the job, on a machine of any speed.
            process.wait(0.1 + 0.1 * seed)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
            continue
        break
    assert killed > 0 and process.returncode == 0
    whole = {path.name: path.read_bytes() for path in (tmp_path / "whole").glob("*.parquet")}
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.parquet")} == whole
    assert not list((tmp_path / "out").glob(".*.partial")) or killed


@pytest.mark.parametrize("kernels", ["avx2", "portable"])
def test_another_processor_makes_the_same_files(tmp_path: Path, kernels: str) -> None:
    write_input(tmp_path / "in.parquet", 20)
    bulk.run([tmp_path / "in.parquet"], tmp_path / "here", OPTIONS)
    environment = os.environ | {"TOUCHSTONE_CPU": kernels}
    result = run_command(tmp_path / "in.parquet", "--out", tmp_path / "there", "--model", DEMO, env=environment)
    if "is not possible on this processor" in result.stderr:
        pytest.skip(f"this processor has no {kernels}")
    assert result.returncode == 0, result.stderr
    for path in (tmp_path / "here").glob("*.parquet"):
        assert path.read_bytes() == (tmp_path / "there" / path.name).read_bytes()


def test_a_changed_input_is_done_again_and_another_job_is_refused(tmp_path: Path) -> None:
    write_input(tmp_path / "in.parquet")
    bulk.run([tmp_path / "in.parquet"], tmp_path / "out", OPTIONS)
    assert bulk.run([tmp_path / "in.parquet"], tmp_path / "out", OPTIONS).skipped == 5
    time.sleep(0.01)
    write_input(tmp_path / "in.parquet", 48)
    assert bulk.run([tmp_path / "in.parquet"], tmp_path / "out", OPTIONS).skipped == 0
    with pytest.raises(OptionError, match="dimensions, fingerprint differs; choose another folder"):
        bulk.run([tmp_path / "in.parquet"], tmp_path / "out", TableOptions(model=str(DEMO), dimensions=8))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["none.parquet"], "none.parquet does not exist"),
        (["--shard", "x"], "'x' is no shard; write 3/16"),
        (["--id", "nothing"], "has no column 'nothing'; it has id, text, other"),
        (["--model", "none.gguf"], "none.gguf"),
        (["--dimensions", "1000"], "truncate_dim is 1000"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    write_input(tmp_path / "in.parquet")
    result = run_command(tmp_path / "in.parquet", "--out", tmp_path / "out", "--model", DEMO, *arguments)
    assert result.returncode != 0 and sentence in result.stderr and "Traceback" not in result.stderr


def test_the_script_says_which_package_is_missing(tmp_path: Path) -> None:
    (tmp_path / "pyarrow.py").write_text("raise ModuleNotFoundError(\"No module named 'pyarrow'\", name='pyarrow')\n")
    code = "from touchstone_embeddings.__main__ import bulk; bulk()"
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    run = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert run.stderr == 'touchstone-bulk: needs the package pyarrow: pip install "touchstone-embeddings[bulk]"\n'
