"""One cell of the table: a server, a kind of text, a number of clients and of requests."""

import asyncio
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from load_testing.client import FAILURES, Client
from load_testing.servers import Server
from load_testing.texts import Load


@dataclass
class Result:
    """What came of one cell."""

    seconds: float = 0
    latencies: list[float] = field(default_factory=list)
    tokens: int = 0
    failures: list[str] = field(default_factory=list)
    unfinished: int = 0
    """Requests that were not sent or not answered when the time of the cell was over: not failures."""

    def percentile(self, share: float) -> float:
        """The latency that `share` of the requests did not exceed (nearest rank), seconds."""
        if not self.latencies:
            return float("nan")
        ordered = sorted(self.latencies)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class Cell:
    """What is asked of a server."""

    load: Load
    clients: int
    requests: int
    """Of all clients together."""
    seed: str

    async def run(self, server: Server, *, seconds: float, timeout: float) -> Result:
        """Each client sends its next request when it has its answer; after `seconds` what is left is given up."""
        result = Result(unfinished=self.requests)
        numbers = iter(range(self.requests))
        clients = [Client(server, timeout) for _ in range(self.clients)]
        for client in clients:
            await client.connect()
        start = time.monotonic()
        tasks = [asyncio.create_task(self._work(client, numbers, result)) for client in clients]
        _, pending = await asyncio.wait(tasks, timeout=seconds)
        result.seconds = time.monotonic() - start
        for task in pending:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for client in clients:
            client.close()
        return result

    async def _work(self, client: Client, numbers: Iterator[int], result: Result) -> None:
        for number in numbers:
            # The same texts for every server.
            text = self.load.text(random.Random(f"{self.seed} {self.load.name} {self.clients} {number}"))
            begin = time.monotonic()
            try:
                tokens = await client.embed(text)
                result.tokens += tokens
                result.latencies.append(time.monotonic() - begin)
            except FAILURES as error:
                result.failures.append(f"{type(error).__name__}: {error}")
                client.close()
                await asyncio.sleep(0.05)
            result.unfinished -= 1
