"""Runs the engines alternately: a slow minute of the machine then slows all of them."""

import sys
import time
from collections.abc import Sequence

from .work import Engine, EngineError, NamedWork, Runs

#: Between two engines: thread pools spin for a while after their last job.
PAUSE_SECONDS = 0.3

Results = dict[tuple[str, str], Runs]


def measure(engines: Sequence[Engine], works: Sequence[NamedWork], rounds: int, uncounted: int = 1) -> Results:
    """`rounds` runs of every engine on every work, after `uncounted` others."""
    results: Results = {(engine.name, work.name): Runs() for engine in engines for work in works}
    for work in works:
        for turn in range(rounds + uncounted):
            for engine in rotated(engines, turn):
                run(engine, work, results[engine.name, work.name], counted=turn >= uncounted)
    return results


def rotated(engines: Sequence[Engine], turn: int) -> list[Engine]:
    """Another engine begins in each round, so that none always follows the same one."""
    start = turn % max(len(engines), 1)
    return [*engines[start:], *engines[:start]]


def run(engine: Engine, work: NamedWork, runs: Runs, *, counted: bool) -> None:
    if runs.reason is not None:
        return
    try:
        seconds = engine.seconds(work)
    except EngineError as error:
        runs.reason = str(error)
        print(f"{engine.name}, {work.name}: not measured: {error}", file=sys.stderr)
        return
    if counted:
        runs.seconds.append(seconds)
        print(f"{engine.name}, {work.name}: {seconds:.3f} s", file=sys.stderr)
    time.sleep(PAUSE_SECONDS)
