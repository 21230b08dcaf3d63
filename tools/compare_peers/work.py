"""The work that every engine does, and what is kept of its runs."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Protocol, TypeVar

import numpy as np

#: Runs in one turn of an engine, the best of which counts; the same for every engine.
TRIES = 2
#: Of a work with few tokens, which takes some ten milliseconds.
SHORT_TRIES = 20
SHORT_TOKENS = 64


class NamedWork(Protocol):
    """What an engine can be timed at."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Work:
    """A batch of sequences of one length."""

    name: str
    sequences: int
    tokens: int
    #: One that takes minutes: it is run once a turn, with nothing before it.
    is_long: bool = False

    @property
    def tries(self) -> int:
        if self.is_long:
            return 1
        return SHORT_TRIES if self.token_count <= SHORT_TOKENS else TRIES

    @property
    def token_count(self) -> int:
        return self.sequences * self.tokens

    def ids(self, vocabulary_size: int) -> list[list[int]]:
        """The same random ids for every engine."""
        generator = np.random.default_rng(self.token_count)
        return generator.integers(0, vocabulary_size, (self.sequences, self.tokens)).tolist()


WORKS = (
    Work("512 tokens", 1, 512),
    Work("8 × 64 tokens", 8, 64),
    Work("16 tokens", 1, 16),
)

LONG_TEXT = Work("8,192 tokens", 1, 8192, is_long=True)
LONGEST_TEXT_TOKENS = 32768


@dataclass(frozen=True)
class LongText:
    """What the longest text takes."""

    seconds: float
    #: Peak memory without the pages of files.
    own_megabytes: float


def best_of_tries(run: Callable[[], object], tries: int = TRIES) -> float:
    """Seconds of the best of `tries` calls."""
    times = []
    for _ in range(tries):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


class EngineError(Exception):
    """An engine cannot do a work; the sentence says why."""


Value = TypeVar("Value")


def attempt(name: str, run: Callable[[], Value]) -> Value | str:
    """The value, or the reason why `name` has none, which is said on standard error too."""
    try:
        return run()
    except EngineError as error:
        print(f"{name}: not measured: {error}", file=sys.stderr)
        return str(error)


class Engine(Protocol):
    """Something that embeds a batch and says how long it took."""

    name: str

    def seconds(self, work: NamedWork) -> float:
        """The best time of a few runs, everything warm. Raises EngineError."""

    def close(self) -> None:
        """Ends processes that the engine started."""


@dataclass
class Runs:
    """All runs of one engine on one work, or why there are none."""

    seconds: list[float] = field(default_factory=list)
    reason: str | None = None

    @property
    def best(self) -> float | None:
        return min(self.seconds, default=None)

    @property
    def median(self) -> float | None:
        return median(self.seconds) if self.seconds else None
