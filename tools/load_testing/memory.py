"""Whether a server's memory stays flat under a load of everything."""

import asyncio
import contextlib
import json
import random
import time
from dataclasses import dataclass, field

from load_testing.client import FAILURES, Client
from load_testing.servers import Server
from load_testing.table import Table
from load_testing.texts import Load

CLIENTS = 16
SAMPLE_SECONDS = 3


@dataclass
class Counts:
    """What was sent."""

    answered: int = 0
    refused: int = 0
    abandoned: int = 0
    failures: list[str] = field(default_factory=list)


def slope(samples: list[tuple[float, float]]) -> float:
    """Least squares: megabytes a minute, from pairs of seconds and megabytes."""
    count = len(samples)
    middle_x = sum(x for x, _ in samples) / count
    middle_y = sum(y for _, y in samples) / count
    spread = sum((x - middle_x) ** 2 for x, _ in samples)
    return 60 * sum((x - middle_x) * (y - middle_y) for x, y in samples) / spread if spread else 0.0


async def send(server: Server, load: Load, generator: random.Random, counts: Counts, end: float) -> None:
    """Well-formed requests, and now and then a wrong one or one whose client goes away."""
    client = Client(server, 300)
    while time.monotonic() < end:
        kind = generator.choices(["good", "wrong", "gone"], [18, 1, 1])[0]
        text = load.text(generator)
        try:
            if kind == "good":
                await client.embed(text)
                counts.answered += 1
            elif kind == "wrong":
                body = generator.choice([b"{", b'{"input":7}', b'{"input":"' + b"a " * 300_000 + b'"}'])
                status, _ = await client.post("/v1/embeddings", body)
                if status not in (400, 413):
                    counts.failures.append(f"a wrong request got {status}")
                counts.refused += 1
            else:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(client.post("/v1/embeddings", json.dumps({"input": text}).encode()), 0.02)
                client.close()
                counts.abandoned += 1
        except FAILURES as error:
            counts.failures.append(f"{type(error).__name__}: {error}")
            client.close()
            await asyncio.sleep(0.05)
    client.close()


async def watch_memory(server: Server, load: Load, minutes: float, seed: str) -> list[str]:
    """Loads a server for some minutes and prints its memory; returns the failures.

    The slope is of the last four fifths of the time: in the first one buffers and pages of the model come in.
    """
    counts = Counts()
    begin = time.monotonic()
    end = begin + 60 * minutes
    samples: list[tuple[float, dict[str, float]]] = []
    tasks = [
        asyncio.create_task(send(server, load, random.Random(f"{seed} {number}"), counts, end))
        for number in range(CLIENTS)
    ]
    while time.monotonic() < end:
        samples.append((time.monotonic() - begin, server.memory()))
        await asyncio.sleep(min(SAMPLE_SECONDS, max(0.0, end - time.monotonic())))
    await asyncio.gather(*tasks)
    samples.append((time.monotonic() - begin, server.memory()))

    print(
        f"\n{server.name}, {minutes:g} minutes of mixed load from {CLIENTS} clients: {counts.answered} answered, "
        f"{counts.refused} refused as they should be, {counts.abandoned} abandoned, {len(counts.failures)} failed"
    )
    table = Table("memory, MB", "first", "after 1/5", "last", "largest", "MB/min")
    settled = [sample for sample in samples if sample[0] >= 12 * minutes] or samples
    for name in samples[0][1]:
        values = [memory[name] for _, memory in samples]
        trend = slope([(time, memory[name]) for time, memory in settled])
        table.row(name, values[0], settled[0][1][name], values[-1], max(values), f"{trend:+.2f}")
    return counts.failures
