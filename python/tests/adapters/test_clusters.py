"""The job of touchstone-bulk on Ray and Spark: the same rows, whoever is killed meanwhile."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from conftest import DEMO, TEXTS, Command

from touchstone_embeddings import bulk
from touchstone_embeddings.__main__ import command_path
from touchstone_embeddings._table import TableOptions

OPTIONS = TableOptions(model=str(DEMO), max_tokens=200)


def write_input(path: Path, count: int) -> None:
    texts: list[str | None] = [f"{TEXTS[i % len(TEXTS)]} {i} " + "word " * (i % 150) for i in range(count)]
    texts[5], texts[6] = None, "word " * 300
    pq.write_table(pa.table({"id": [f"row-{i:05}" for i in range(count)], "text": texts}), path, row_group_size=100)


def single_run(path: Path, out: Path) -> pa.Table:
    bulk.run([path], out, OPTIONS)
    return plain(pa.concat_tables(pq.read_table(part) for part in sorted(out.glob("*.parquet"))))


def plain(table: pa.Table) -> pa.Table:
    """By id, each once, without metadata, the vectors as ordinary lists."""
    table = table.replace_schema_metadata(None)
    order = table.column("id").to_pylist()
    first = {identifier: row for row, identifier in reversed(list(enumerate(order)))}
    rows = [first[identifier] for identifier in sorted(first)]
    table = table.take(rows)
    vectors = table.column("vector").cast(pa.list_(table.schema.field("vector").type.value_type))
    return table.set_column(1, "vector", vectors).combine_chunks()


def row_bytes(table: pa.Table) -> list[tuple]:
    """Each row, the vector as the bytes of its numbers."""
    vectors = [row.values.to_numpy().tobytes() if row.is_valid else None for row in table.column("vector")]
    others = [table.column(name).to_pylist() for name in table.column_names if name != "vector"]
    return list(zip(vectors, *others, strict=True))


def actor_processes() -> list[int]:
    """The processes that embed, among the descendants of this one."""
    parents: dict[int, int] = {}
    embedding: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat, command = (folder / "stat").read_text(), (folder / "cmdline").read_bytes()
        except OSError:
            continue
        parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
        if command.startswith(b"ray::MapWorker"):
            embedding.append(int(folder.name))

    def is_ours(process: int) -> bool:
        while process in parents and process != os.getpid():
            process = parents[process]
        return process == os.getpid()

    return [process for process in embedding if is_ours(process)]


@pytest.mark.parametrize("kernels", ["avx2", "portable"])
def test_ray_gives_the_rows_of_a_single_run_though_actors_are_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernels: str
) -> None:
    ray = pytest.importorskip("ray")
    from touchstone_embeddings.ray import embed

    write_input(tmp_path / "in.parquet", 1500)
    expected = single_run(tmp_path / "in.parquet", tmp_path / "out")

    # Another instruction set than that of the single run, inherited by the actors.
    monkeypatch.setenv("TOUCHSTONE_CPU", kernels)
    # Two actors, and processors for the tasks that read.
    ray.init(num_cpus=4, include_dashboard=False, log_to_driver=False)
    kills: list[int] = []
    done = threading.Event()

    def kill_at_random() -> None:
        choice = random.Random(7)
        while not done.wait(0.5 + choice.random()):
            alive = actor_processes()
            if alive and len(kills) < 3:
                kills.append(choice.choice(alive))
                os.kill(kills[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill_at_random)
    killer.start()
    try:
        dataset = ray.data.read_parquet(str(tmp_path / "in.parquet")).repartition(15)
        vectors = embed(dataset, OPTIONS, actors=2, num_cpus=1, batch_size=100)
        found = pa.concat_tables(vectors.iter_batches(batch_format="pyarrow", batch_size=None))
    finally:
        done.set()
        killer.join()
        ray.shutdown()
    assert kills, "the job was done before an actor was killed"
    assert plain(found).column_names == expected.column_names
    assert row_bytes(plain(found)) == row_bytes(expected)


def test_rays_http_processor_gets_the_vectors_of_the_command(command: Command) -> None:
    ray = pytest.importorskip("ray")
    llm = pytest.importorskip("ray.data.llm")
    texts = [f"The file {i} was not found." for i in range(40)]
    arguments = ["serve", "--model", f"demo={DEMO}", "--port", "0"]
    with subprocess.Popen([command_path(), *arguments], stderr=subprocess.PIPE, text=True) as service:
        assert service.stderr is not None
        lines = iter(service.stderr.readline, "")
        address = next(line for line in lines if "listening on" in line).split("listening on ")[1].strip()
        ray.init(num_cpus=3, include_dashboard=False, log_to_driver=False)
        try:
            processor = llm.build_processor(
                llm.HttpRequestProcessorConfig(url=f"{address}/v1/embeddings", concurrency=2, batch_size=8),
                preprocess=lambda row: {"id": row["id"], "payload": {"input": row["text"], "model": "demo"}},
                postprocess=lambda row: {"id": row["id"], "vector": row["http_response"]["data"][0]["embedding"]},
            )
            rows = ray.data.from_items([{"id": i, "text": text} for i, text in enumerate(texts)])
            found = {row["id"]: np.float32(row["vector"]) for row in processor(rows).take_all()}
        finally:
            ray.shutdown()
            service.terminate()
    expected = command.embed(texts)
    assert all(np.array_equal(found[i], expected[i]) for i in range(len(texts)))


def test_spark_gives_the_rows_of_a_single_run(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    from pyspark.sql import SparkSession

    from touchstone_embeddings.spark import embed

    write_input(tmp_path / "in.parquet", 400)
    expected = single_run(tmp_path / "in.parquet", tmp_path / "out")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        frame = spark.read.parquet(str(tmp_path / "in.parquet")).repartition(4)
        embed(frame, OPTIONS, threads=1).write.parquet(str(tmp_path / "spark"))
    finally:
        spark.stop()
    found = plain(pq.read_table(tmp_path / "spark"))
    assert row_bytes(found.cast(expected.schema)) == row_bytes(expected)
