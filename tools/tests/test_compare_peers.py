"""The ruler itself: turns, medians, ratios. Needs the packages of tools/requirements.txt."""

import contextlib
import importlib.util
import io
import unittest
from unittest.mock import patch

if importlib.util.find_spec("torch") is None:
    raise unittest.SkipTest("torch is missing; install the packages of tools/requirements.txt")

from compare_peers import measure, report
from compare_peers.work import EngineError, Runs, Work, attempt

WORK = Work("10 tokens", 1, 10)


class Scripted:
    """An engine whose times are given."""

    def __init__(self, name: str, times: list[float], order: list[str]) -> None:
        self.name = name
        self.times = iter(times)
        self.order = order

    def seconds(self, work: Work) -> float:
        self.order.append(self.name)
        value = next(self.times, None)
        if value is None:
            raise EngineError("nothing left")
        return value

    def close(self) -> None:
        pass


def measured(*engines: Scripted, rounds: int) -> measure.Results:
    with patch.object(measure, "PAUSE_SECONDS", 0), contextlib.redirect_stderr(io.StringIO()):
        return measure.measure(engines, [WORK], rounds)


class MeasureTests(unittest.TestCase):
    def test_first_turn_is_not_counted_and_the_beginner_rotates(self) -> None:
        order: list[str] = []
        first, second = Scripted("a", [9, 1, 2, 4], order), Scripted("b", [9, 3, 3, 3], order)
        results = measured(first, second, rounds=3)
        self.assertEqual(results["a", WORK.name].seconds, [1, 2, 4])
        self.assertEqual(order, ["a", "b", "b", "a", "a", "b", "b", "a"])

    def test_a_failure_is_a_reason_and_ends_the_engine_only(self) -> None:
        order: list[str] = []
        results = measured(Scripted("a", [], order), Scripted("b", [1, 2], order), rounds=1)
        self.assertEqual(results["a", WORK.name].reason, "nothing left")
        self.assertEqual(results["b", WORK.name].seconds, [2])
        self.assertEqual(order.count("a"), 1)

    def test_an_attempt_says_why_there_is_no_value(self) -> None:
        said = io.StringIO()

        def fail() -> float:
            raise EngineError("too long")

        with contextlib.redirect_stderr(said):
            self.assertEqual(attempt("b", lambda: 3.5), 3.5)
            self.assertEqual(attempt("a", fail), "too long")
        self.assertEqual(said.getvalue(), "a: not measured: too long\n")

    def test_best_and_median(self) -> None:
        runs = Runs([4.0, 1.0, 2.0, 3.0])
        self.assertEqual((runs.best, runs.median), (1.0, 2.5))
        self.assertEqual((Runs().best, Runs().median), (None, None))


class ReportTests(unittest.TestCase):
    def test_ratio_is_to_the_faster_program_of_the_baseline(self) -> None:
        names = ["ours", "llama.cpp (a)", "llama.cpp (b)", "absent"]
        seconds = [[0.25], [1.0, 2.0], [0.5], []]
        results = {(name, WORK.name): Runs(times) for name, times in zip(names, seconds, strict=True)}
        lines = report.speed_table(results, names, [WORK], baseline="llama.cpp").splitlines()
        self.assertEqual(lines[2], "| ours | 40 (40), 250.0 ms | 2.00 |")
        self.assertEqual(lines[3], "| llama.cpp (a) | 10 (7), 1000.0 ms | 0.50 |")
        self.assertEqual(lines[5], "| absent | not measured | — |")


if __name__ == "__main__":
    unittest.main()
