"""Queries behind one document that fills the model's context: how long do they wait?"""

import asyncio
import random
import time

from load_testing.cells import Result
from load_testing.client import FAILURES, Client
from load_testing.servers import Server
from load_testing.table import Table
from load_testing.texts import make_text


async def run_long_document(server: Server, *, words: int, query_words: int, seconds: float, seed: str) -> list[str]:
    """Sends the document and then queries, one each half second until it is answered; returns the failures."""
    generator = random.Random(f"{seed} long")
    result = Result()

    async def query() -> None:
        client = Client(server, seconds)
        begin = time.monotonic()
        try:
            result.tokens += await client.embed(make_text(query_words, generator))
            result.latencies.append(time.monotonic() - begin)
        except FAILURES as error:
            result.failures.append(f"{type(error).__name__}: {error}")
        client.close()

    begin = time.monotonic()
    client = Client(server, seconds)
    document = asyncio.create_task(client.embed(make_text(words, generator)))
    tokens = 0
    queries = []
    while not document.done() and time.monotonic() < begin + seconds:
        queries.append(asyncio.create_task(query()))
        await asyncio.wait([document], timeout=0.5)
    try:
        tokens = await document
    except FAILURES as error:
        result.failures.append(f"the long document: {type(error).__name__}: {error}")
    # A document that was given up is not computed any further: the queries that are left do not wait for it.
    client.close()
    result.seconds = time.monotonic() - begin
    await asyncio.gather(*queries)
    table = Table("server", "tokens", "seconds", "queries", "p50 ms", "p99 ms", "most ms", "failed")
    most = max(result.latencies, default=float("nan"))
    table.row(
        server.name,
        tokens,
        result.seconds,
        len(result.latencies),
        1000 * result.percentile(0.5),
        1000 * result.percentile(0.99),
        1000 * most,
        len(result.failures),
    )
    return result.failures
