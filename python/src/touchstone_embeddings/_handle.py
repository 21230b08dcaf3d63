"""One open model: turns, interruption, forks, closing."""

from __future__ import annotations

import contextvars
import ctypes
import os
import queue
import threading
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

from ._errors import ClosedError, ModelFileError
from ._library import KINDS, Facts, OpenOptions, Options, check, library, unless_stopped

Result = TypeVar("Result")


class StopFlag:
    """What stops a call from another thread: the library looks at it between layers."""

    def __init__(self) -> None:
        self._value = ctypes.c_int32(0)

    @property
    def address(self) -> int:
        return ctypes.addressof(self._value)

    def set(self) -> None:
        self._value.value = 1


# The flag of the asynchronous call that this thread works for.
current_stop_flag: contextvars.ContextVar[StopFlag | None] = contextvars.ContextVar("stop_flag", default=None)


class _Runner:
    """Runs the calls of the main thread on a thread of its own, so that signals reach the main thread meanwhile."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="touchstone", daemon=True).start()

    def _work(self) -> None:
        while True:
            # Bound to no name afterwards: the arguments of a finished call must not live until the next.
            self._jobs.get()()

    def run(self, function: Callable[[], Result], stop: StopFlag) -> Result:
        done = threading.Lock()
        done.acquire()
        outcome: list[Any] = []

        def job() -> None:
            try:
                outcome.append(function())
            except BaseException as error:
                outcome.extend([None, error])
            finally:
                done.release()

        self._jobs.put(job)
        try:
            done.acquire()
        except BaseException:
            # KeyboardInterrupt, or whatever a signal handler raises: the call ends at its next layer by itself.
            stop.set()
            raise
        if len(outcome) > 1:
            raise outcome[1]
        return outcome[0]


_runner: _Runner | None = None
_handles: weakref.WeakSet[Handle] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    global _runner
    _runner = None
    for handle in list(_handles):
        handle.after_fork_in_child()


os.register_at_fork(after_in_child=_after_fork_in_child)


def _run(function: Callable[[], Result], stop: StopFlag) -> Result:
    global _runner
    if threading.current_thread() is not threading.main_thread():
        return function()
    if _runner is None:
        _runner = _Runner()
    return _runner.run(function, stop)


class Handle:
    """A model of the library, closed when nobody refers to it any more."""

    def __init__(self, path: str, threads: int | None) -> None:
        self.path = path
        self._threads = threads
        self._lock = threading.Lock()
        self._model: int | None = None
        self._closed = False
        self._finalizer: weakref.finalize | None = None
        self._open()
        _handles.add(self)

    def _open(self) -> None:
        if "\0" in self.path:
            raise ModelFileError("the path has a NUL character, which no file name has")
        model = ctypes.c_void_p()
        options = OpenOptions(ctypes.sizeof(OpenOptions), self._threads or 0)
        check(library.touchstone_open(os.fsencode(self.path), options, ctypes.byref(model)))
        self._model = model.value
        self._finalizer = weakref.finalize(self, library.touchstone_close, model.value)
        facts = Facts(size=ctypes.sizeof(Facts))
        check(library.touchstone_get_facts(self._model, ctypes.byref(facts)))
        self.kind = KINDS[facts.kind]
        self.pooling = {1: "last", 2: "mean", 3: "cls", 4: "none"}[facts.pooling]
        self.threads = facts.threads
        self.end_of_text = facts.end_of_text if facts.end_of_text >= 0 else None
        self.dimensions = facts.dimensions
        self.context_length = facts.context_length
        self.vocabulary_size = facts.vocabulary_size
        self.name = facts.name.decode()
        self.kernels = facts.kernels.decode()
        self.warnings = [library.touchstone_warning(self._model, i).decode() for i in range(facts.warning_count)]

    def after_fork_in_child(self) -> None:
        if self._lock.locked():
            # A thread of the parent was inside of the model; in this process it never comes out again.
            if self._finalizer is not None:
                self._finalizer.detach()
            self._model = None
        self._lock = threading.Lock()

    def close(self) -> None:
        self._closed = True
        self._model = None
        if self._finalizer is not None:
            self._finalizer()

    @property
    def closed(self) -> bool:
        return self._closed

    def _current(self) -> int:
        if self._closed:
            raise ClosedError(f"{self.path} was closed; open it again")
        if self._model is None:
            self._open()
        assert self._model is not None
        return self._model

    def quick(self, function: Callable[[int], int]) -> None:
        """A call that takes no time worth interrupting."""
        with self._lock:
            check(function(self._current()))

    def call(self, function: Callable[[int], int], options: Options, keep: object) -> None:
        """A call that computes: it waits for its turn, and stops when the main thread is interrupted.

        Args:
            function: calls the library with the model; it gets `options`.
            options: gets the stop flag.
            keep: what the call reads and writes. Lives until it has ended.
        """
        stop = current_stop_flag.get() or StopFlag()
        options.should_continue = unless_stopped
        options.context = stop.address

        def run() -> None:
            _ = keep, stop
            with self._lock:
                check(function(self._current()))

        if self._closed:
            self._current()
        _run(run, stop)
