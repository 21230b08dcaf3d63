"""Threads, forks, interruptions, copies, leaks and the end of a model."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from conftest import DEMO, RERANKER, TEXTS, Command, python

from touchstone_embeddings import CancelledError, ClosedError, EmbeddingModel, RerankModel

LONG = ["word " * 1500] * 200


def test_many_threads_use_one_model_and_several(model: EmbeddingModel) -> None:
    expected = model.encode(TEXTS)
    with EmbeddingModel(DEMO, threads=3) as other, ThreadPoolExecutor(8) as pool:
        futures = [pool.submit((model, other)[i % 2].encode, TEXTS) for i in range(40)]
        assert all(np.array_equal(future.result(), expected) for future in futures)


def test_other_threads_run_while_it_computes(model: EmbeddingModel) -> None:
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    start = time.perf_counter()
    model.encode(LONG[:3])
    seconds = time.perf_counter() - start
    done.set()
    thread.join()
    # A thread that waits for the interpreter's lock would get nowhere.
    assert ticks > 20 * seconds


def test_use_after_close_is_an_error() -> None:
    model = EmbeddingModel(DEMO)
    model.close()
    model.close()
    assert model.closed
    for use in [lambda: model.encode("a"), lambda: model.tokenize("a"), lambda: model.fingerprint()]:
        with pytest.raises(ClosedError, match="was closed; open it again"):
            use()
    with RerankModel(RERANKER) as reranker:
        pass
    with pytest.raises(ClosedError):
        reranker.predict([("a", "b")])


def test_closing_during_a_call_lets_it_end() -> None:
    model = EmbeddingModel(DEMO)
    expected = model.encode(LONG[:2])
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(model.encode, LONG[:2])
        time.sleep(0.05)
        model.close()
        try:
            assert np.array_equal(future.result(), expected)
        except ClosedError:
            pass  # it had not begun


def test_pickles_by_path_and_options(model: EmbeddingModel) -> None:
    original = EmbeddingModel(DEMO, activations="i8", truncate_dim=32, prompts={"query": "q: "}, truncate="right")
    original.truncate_dim = 16
    copy = pickle.loads(pickle.dumps(original))
    assert copy.prompts == {"query": "q: "} and copy.encode("a").shape == (16,)
    assert np.array_equal(copy.encode_query(TEXTS), original.encode_query(TEXTS))
    assert len(pickle.dumps(original)) < 1000


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes(model: EmbeddingModel, method: str) -> None:
    expected = model.encode(TEXTS)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        for result in pool.map(model.encode, [TEXTS] * 4):
            assert np.array_equal(result, expected)


def test_a_child_uses_the_model_of_its_parent_even_if_it_was_busy(model: EmbeddingModel) -> None:
    expected = model.encode(TEXTS)
    for busy in [False, True]:
        if busy:
            thread = threading.Thread(target=model.encode, args=(LONG[:20],))
            thread.start()
            time.sleep(0.1)
        child = os.fork()
        if child == 0:
            signal.alarm(60)
            os._exit(0 if np.array_equal(model.encode(TEXTS), expected) else 3)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        if busy:
            thread.join()
    assert np.array_equal(model.encode(TEXTS), expected)


def test_keyboard_interrupt_works_within_a_batch() -> None:
    code = """
import signal, sys, time
from touchstone_embeddings import EmbeddingModel
model = EmbeddingModel(sys.argv[1])
print("ready", flush=True)
start = time.perf_counter()
try:
    model.encode(["word " * 1500] * 400)
    print("finished")
except KeyboardInterrupt:
    print("interrupted", flush=True)
# The model is as good as before.
assert model.encode("a").shape == (256,)
print("usable", flush=True)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(DEMO)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    start = time.perf_counter()
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "interrupted\n"
    assert time.perf_counter() - start < 1
    out, errors = process.communicate(timeout=60)
    assert out == "usable\n" and errors == "" and process.returncode == 0


def test_other_signals_are_handled_while_it_computes() -> None:
    code = """
import signal, sys
from touchstone_embeddings import EmbeddingModel
model = EmbeddingModel(sys.argv[1])
seen = []
signal.signal(signal.SIGALRM, lambda *_: seen.append(model.encode("nested").shape))
signal.setitimer(signal.ITIMER_REAL, 0.2)
assert model.encode(["word " * 1500] * 30).shape == (30, 256)
assert seen == [(256,)], seen
"""
    result = python(code, str(DEMO))
    assert result.returncode == 0, result.stderr


def test_awaits_and_cancels(model: EmbeddingModel) -> None:
    async def main() -> None:
        one, two = await asyncio.gather(model.aencode(TEXTS), model.aencode_query(TEXTS))
        assert np.array_equal(one, model.encode(TEXTS)) and np.array_equal(two, model.encode_query(TEXTS))
        assert np.array_equal(await model.aencode_document(TEXTS[0]), one[0])
        task = asyncio.create_task(model.aencode(LONG))
        await asyncio.sleep(0.2)
        start = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # The call on the other thread ends too: the next one gets its turn.
        await model.aencode("a")
        assert time.perf_counter() - start < 2

    asyncio.run(main())


def test_a_cancelled_call_raises_where_it_runs(model: EmbeddingModel) -> None:
    from touchstone_embeddings._handle import StopFlag, current_stop_flag

    stop = StopFlag()
    stop.set()
    token = current_stop_flag.set(stop)
    try:
        with pytest.raises(CancelledError):
            model.encode(TEXTS)
    finally:
        current_stop_flag.reset(token)


def resident_bytes() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def test_nothing_is_left_of_models_and_calls(model: EmbeddingModel) -> None:
    def work(rounds: int) -> None:
        for _ in range(rounds):
            other = EmbeddingModel(DEMO, threads=2)
            other.encode(TEXTS, output_value="token_embeddings")
            other.encode_query(TEXTS)
            with pytest.raises(ValueError, match="truncate_dim"):
                other.encode("a", truncate_dim=10**9)
            del other
        model.encode(["word " * 100] * 100)
        gc.collect()

    work(40)
    before = resident_bytes()
    work(150)
    assert resident_bytes() - before < 8 << 20


def test_the_module_runs_the_command(command: Command) -> None:
    import touchstone_embeddings

    result = subprocess.run(
        [sys.executable, "-m", "touchstone_embeddings", "--version"], capture_output=True, text=True, check=True
    )
    assert result.stdout.startswith(f"touchstone {touchstone_embeddings.__version__}")
    failed = subprocess.run([sys.executable, "-m", "touchstone_embeddings", "embed"], capture_output=True, check=False)
    assert failed.returncode == command.run("embed").returncode != 0


def test_importing_loads_neither_numpy_nor_the_library() -> None:
    code = """
import sys, touchstone_embeddings
assert "numpy" not in sys.modules and "touchstone_embeddings._library" not in sys.modules
touchstone_embeddings.EmbeddingModel
assert "numpy" in sys.modules
"""
    result = python(code)
    assert result.returncode == 0, result.stderr
