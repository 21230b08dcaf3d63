"""Times searches of made-up vectors: a knowledge base, sqlite-vec, faiss and usearch, with recall, in one run.

    .venv-knowledge/bin/python tools/knowledge_speed.py --rows 1000000 --dimensions 1024

Needs the built tests (`swift build -c release --build-tests`) and tools/requirements-knowledge.txt. Rows are clustered
around 1,000 centers, since vectors without any structure flatter no index.
"""

import argparse
import json
import os
import statistics
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
TOP = 10


def make(path: Path, count: int, dimensions: int, seed: int, centers: np.ndarray) -> None:
    """Writes unit vectors around the centers, as float32."""
    numbers = np.random.default_rng(seed)
    with path.open("wb") as file:
        for start in range(0, count, 16384):
            size = min(16384, count - start)
            rows = centers[numbers.integers(0, len(centers), size)]
            rows = rows + numbers.standard_normal((size, dimensions), dtype=np.float32) * 0.7
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            rows.astype(np.float32).tofile(file)


def timed(search: Callable, queries: np.ndarray, repeats: int) -> tuple[list, list]:
    """The answers, and the seconds of each repeated query."""
    answers = [list(search(query)) for query in queries]
    times = []
    for _ in range(repeats):
        for query in queries:
            start = time.perf_counter()
            search(query)
            times.append(time.perf_counter() - start)
    return answers, times


def ours(folder: Path, dimensions: int, repeats: int) -> dict:
    """Through the tests' bundle, which prints into a file."""
    environment = dict(
        os.environ,
        TOUCHSTONE_SCAN_FOLDER=str(folder),
        TOUCHSTONE_SCAN_DIMENSIONS=str(dimensions),
        TOUCHSTONE_SCAN_REPEATS=str(repeats),
    )
    subprocess.run(
        ["swift", "test", "-c", "release", "--skip-build", "--filter", "ScanMeasurement"],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return json.loads((folder / "ours.json").read_text())


def peers(rows: np.ndarray, queries: np.ndarray, repeats: int, graph: bool) -> Iterator[tuple]:
    """Yields a name, answers and times for each other program."""
    import faiss

    flat = faiss.IndexFlatIP(rows.shape[1])
    flat.add(rows)
    yield "faiss flat, float32", *timed(lambda query: flat.search(query[None], TOP)[1][0], queries, repeats)
    bytes8 = faiss.IndexScalarQuantizer(rows.shape[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    bytes8.train(rows[:20000])
    bytes8.add(rows)
    yield "faiss 8 bits", *timed(lambda query: bytes8.search(query[None], TOP)[1][0], queries, repeats)

    # Python's own sqlite3 may be built without extensions.
    import apsw
    import sqlite_vec

    database = apsw.Connection(":memory:")
    database.enable_load_extension(True)
    database.load_extension(sqlite_vec.loadable_path())
    database.execute(f"CREATE VIRTUAL TABLE v USING vec0(e int8[{rows.shape[1]}] distance_metric=cosine)")
    for start in range(0, len(rows), 10000):
        part = np.clip(np.rint(rows[start : start + 10000] * 127 / 0.25), -127, 127).astype(np.int8)
        database.executemany(
            "INSERT INTO v (rowid, e) VALUES (?, vec_int8(?))",
            [(start + index, row.tobytes()) for index, row in enumerate(part)],
        )

    def sqlite(query: np.ndarray) -> list[int]:
        packed = np.clip(np.rint(query * 127 / 0.25), -127, 127).astype(np.int8).tobytes()
        sql = "SELECT rowid FROM v WHERE e MATCH vec_int8(?) AND k = ? ORDER BY distance"
        return [row[0] for row in database.execute(sql, (packed, TOP))]

    yield "sqlite-vec, int8", *timed(sqlite, queries, max(1, repeats // 3))
    database.close()
    if graph:
        from usearch.index import Index

        index = Index(ndim=rows.shape[1], metric="ip", dtype="i8")
        start = time.perf_counter()
        index.add(np.arange(len(rows)), rows)
        print(f"  usearch's graph took {time.perf_counter() - start:.0f} s to build")
        yield "usearch (HNSW), i8", *timed(lambda query: index.search(query, TOP).keys, queries, repeats)


def bandwidth() -> float:
    """Bytes a second that one numpy sum of 1 GiB reads: a lower bound of the memory's."""
    data = np.ones(1 << 27, dtype=np.float64)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        data.max()
        times.append(time.perf_counter() - start)
    return data.nbytes / min(times)


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--dimensions", type=int, default=1024)
    parser.add_argument("--queries", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-graph", action="store_true", help="leave out usearch, whose index takes long to build")
    parser.add_argument("--folder", help="keeps the vectors for another run")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(arguments.folder or name)
        folder.mkdir(exist_ok=True)
        centers = np.random.default_rng(1).standard_normal((1000, arguments.dimensions), dtype=np.float32)
        if not (folder / "rows.f32").exists():
            make(folder / "rows.f32", arguments.rows, arguments.dimensions, 2, centers)
            make(folder / "queries.f32", arguments.queries, arguments.dimensions, 3, centers)
        rows = np.fromfile(folder / "rows.f32", dtype=np.float32).reshape(-1, arguments.dimensions)
        queries = np.fromfile(folder / "queries.f32", dtype=np.float32).reshape(-1, arguments.dimensions)
        exact = [set(np.argsort(-(rows @ query), kind="stable")[:TOP].tolist()) for query in queries]
        speed = bandwidth()
        print(
            f"{len(rows)} rows of {rows.shape[1]}, load {os.getloadavg()[0]:.1f}, one core reads {speed / 1e9:.1f} GB/s"
        )
        found = ours(folder, arguments.dimensions, arguments.repeats)
        size = len(rows) * struct.calcsize("b") * rows.shape[1]
        if "written" in found:
            print(f"  writing {found['written']} rows with documents took {found['writing']:.0f} s")
        results = [("touchstone kb, int8, exact", found["answers"], found["times"])]
        results += list(peers(rows, queries, arguments.repeats, not arguments.no_graph))
        # Once more at the end: the machine may have been busier.
        again = ours(folder, arguments.dimensions, arguments.repeats)
        results.append(("touchstone kb, again", again["answers"], again["times"]))
        print(f"  a filter that keeps 0.1 %: {found['filtered'] * 1000:.1f} ms")
        print(f"{'':28}{'median ms':>11}{'ratio':>8}{'recall@10':>11}")
        reference = statistics.median(found["times"] + again["times"])
        for label, answers, times in results:
            recall = statistics.mean(len(e & set(map(int, a))) / TOP for e, a in zip(exact, answers, strict=True))
            median = statistics.median(times)
            print(f"{label:28}{median * 1000:11.1f}{median / reference:8.2f}{recall:11.3f}")
        print(f"  int8 rows are read at {size / reference / 1e9:.1f} GB/s")


if __name__ == "__main__":
    main()
