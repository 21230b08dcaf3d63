#!/usr/bin/env python3
"""Load a service with embedding requests, and llama.cpp's server with the same ones in the same run.

    python3 tools/load_test.py --model 0.6b.gguf --llama-server llama.cpp/build/bin/llama-server
    python3 tools/load_test.py --model 0.6b.gguf --sections memory --minutes 10
    python3 tools/load_test.py --url http://127.0.0.1:8080 --quick
    python3 tools/load_test.py --model testdata/demo/demo-q4_k_m.gguf --sections soak --minutes 60

Sections, each a Markdown table:
  cells        1, 8 and 64 clients with queries, with documents of 512 tokens, 64 with a mix; servers take turns
  connections  hundreds of connections that are open at once, each with a few queries
  long         a document of --long-tokens (the model's context) with queries behind it; Touchstone alone
  memory       --minutes of everything, also wrong and abandoned requests; Touchstone alone
  soak         --minutes of all dialects, cancelled, reset, wrong and hostile requests and SIGHUP; every answer is
               compared with the first one bit for bit, and at the end nothing may wait. By itself, with --model

A cell is a number of requests, the same texts for each server, no two of them equal. After --cell-seconds what is left
of it is given up and counted as late. Before it begins, the script says how long it expects to take. Exit status 1 if
a request to the first server failed. Only the standard library is needed.
"""

import argparse
import asyncio
import sys
import time

from load_testing.cells import Cell
from load_testing.client import FAILURES, Client
from load_testing.long_document import run_long_document
from load_testing.memory import watch_memory
from load_testing.servers import Server, servers_of
from load_testing.soak import run_soak
from load_testing.table import Table
from load_testing.texts import Load, words_per_token

# Load, clients, requests: half a minute of llama.cpp at most, where it computes 350 tokens a second.
CELLS = [
    ("query", 1, 40),
    ("query", 8, 160),
    ("query", 64, 640),
    ("document", 1, 4),
    ("document", 8, 16),
    ("document", 64, 64),
    ("mixed", 64, 128),
]
QUICK_CELLS = [("query", 1, 4), ("query", 8, 16), ("document", 1, 1), ("document", 8, 8), ("mixed", 8, 16)]


READY_SECONDS = 300


async def wait_until_ready(server: Server) -> None:
    """Waits until a request is answered, for a bounded time."""
    end = time.monotonic() + READY_SECONDS
    is_ready = False
    while not is_ready and time.monotonic() < end:
        client = Client(server, 60)
        try:
            await client.embed("ready")
            is_ready = True
        except FAILURES:
            await asyncio.sleep(0.5)
        finally:
            client.close()
        # Also where somebody answered: another server may have the port.
        if server.process is not None and server.process.poll() is not None:
            sys.exit(f"{server.name} has ended with status {server.process.returncode}; is port {server.port} free?")
    if not is_ready:
        sys.exit(f"{server.name} is not ready after {READY_SECONDS} seconds")


class LoadTest:
    """The sections, one after the other."""

    def __init__(self, arguments: argparse.Namespace, servers: list[Server]) -> None:
        self.arguments = arguments
        self.servers = servers
        self.words: dict[str, int] = {}
        self.failures: list[str] = []

    async def run(self) -> int:
        """Runs what was asked for; the number of failed requests to the first server."""
        arguments = self.arguments
        for server in self.servers:
            await wait_until_ready(server)
        per_token = await words_per_token(self.servers[0], READY_SECONDS)
        for name, tokens in [("query", arguments.query_tokens), ("document", arguments.document_tokens)]:
            self.words[name] = max(1, round(tokens * per_token))
        await self._announce()
        if "cells" in arguments.sections:
            await self._cells(QUICK_CELLS if arguments.quick else CELLS)
        if "connections" in arguments.sections:
            count = 50 if arguments.quick else arguments.connections
            await self._cells([("query", count, 2 * count)])
        first = self.servers[0]
        if "long" in arguments.sections:
            tokens = 2048 if arguments.quick else arguments.long_tokens
            self.failures += await run_long_document(
                first,
                words=round(0.99 * tokens * per_token),
                query_words=self.words["query"],
                seconds=arguments.long_seconds,
                seed=arguments.seed,
            )
        if "memory" in arguments.sections:
            minutes = 0.2 if arguments.quick else arguments.minutes
            self.failures += await watch_memory(first, self._load("mixed"), minutes, arguments.seed)
        for failure in sorted(set(self.failures))[:5]:
            print(f"failed: {failure}")
        return len(self.failures)

    def _load(self, name: str) -> Load:
        return Load(name, self.words["query"], self.words["document"])

    async def _announce(self) -> None:
        """Says how fast the servers are, and how long it will take."""
        arguments = self.arguments
        plan = list(QUICK_CELLS if arguments.quick else CELLS) if "cells" in arguments.sections else []
        if "connections" in arguments.sections:
            plan.append(("query", 0, 100 if arguments.quick else 2 * arguments.connections))
        sizes = {"query": arguments.query_tokens, "document": arguments.document_tokens}
        sizes["mixed"] = (9 * sizes["query"] + sizes["document"]) / 10
        tokens = sum(requests * sizes[load] for load, _, requests in plan)
        seconds = 0.0
        for server in self.servers:
            cell = Cell(self._load("document"), 1, 1, f"{arguments.seed} speed")
            result = await cell.run(server, seconds=120, timeout=120)
            speed = result.tokens / result.seconds
            print(f"{server.name}: one document at {speed:,.0f} tokens a second")
            seconds += sum(min(arguments.cell_seconds, r * sizes[load] / max(speed, 1)) for load, _, r in plan)
        if "memory" in arguments.sections:
            seconds += 12 if arguments.quick else 60 * arguments.minutes
        most = len(plan) * len(self.servers) * arguments.cell_seconds
        print(
            f"{tokens:,.0f} tokens to each server: about {seconds / 60:.1f} minutes (at most {most / 60:.0f} for the "
            f"cells); a long document takes up to {arguments.long_seconds:.0f} seconds more",
            flush=True,
        )

    async def _cells(self, plan: list[tuple[str, int, int]]) -> None:
        table = Table(
            "server", "load", "clients", "requests", "req/s", "tok/s", "p50 ms", "p99 ms", "failed", "late", "RSS MB"
        )
        for load, clients, requests in plan:
            for server in self.servers:
                cell = Cell(self._load(load), clients, requests, str(self.arguments.seed))
                result = await cell.run(
                    server, seconds=self.arguments.cell_seconds, timeout=self.arguments.cell_seconds
                )
                if server is self.servers[0]:
                    self.failures += result.failures
                table.row(
                    server.name,
                    load,
                    clients,
                    len(result.latencies),
                    len(result.latencies) / result.seconds,
                    result.tokens / result.seconds,
                    1000 * result.percentile(0.5),
                    1000 * result.percentile(0.99),
                    len(result.failures),
                    result.unfinished,
                    server.memory().get("VmRSS", float("nan")),
                )


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", action="append", default=[], help="a server that runs already; repeat for several")
    parser.add_argument("--model", help="a GGUF file, to start servers with")
    parser.add_argument("--touchstone", default=".build/release/touchstone", help="the command")
    parser.add_argument("--activations", default="i8", help="precision of Touchstone's activations")
    parser.add_argument("--serve-options", default="", help="further options of touchstone serve")
    parser.add_argument("--llama-server", help="llama.cpp's server")
    parser.add_argument(
        "--llama-options",
        default="-np 32 -c 20480 -b 2048 -ub 2048 --threads-http 512",
        help="options of llama.cpp's server (default: %(default)s: 32 slots of 640 tokens, batches of 2048)",
    )
    parser.add_argument("--port", type=int, default=18080, help="the first of two free ports")
    sections = ["cells", "connections", "long", "memory", "soak"]
    parser.add_argument("--sections", nargs="+", choices=sections, default=sections[:2])
    parser.add_argument("--quick", action="store_true", help="little of everything: does it work?")
    parser.add_argument("--query-tokens", type=int, default=16)
    parser.add_argument("--document-tokens", type=int, default=512)
    parser.add_argument("--connections", type=int, default=300)
    parser.add_argument("--long-tokens", type=int, default=32_000)
    parser.add_argument("--long-seconds", type=float, default=400, help="the most that the long document may take")
    parser.add_argument("--minutes", type=float, default=10, help="of the sections memory and soak")
    parser.add_argument("--cell-seconds", type=float, default=120, help="the most that a cell may take")
    parser.add_argument("--seed", default="1")
    arguments = parser.parse_args()
    if bool(arguments.url) == (arguments.model is not None):
        parser.error("pass --model FILE to start servers, or --url for one that runs")
    if "soak" in arguments.sections and (arguments.model is None or len(arguments.sections) > 1):
        parser.error("the section soak runs by itself, with --model")
    return arguments


def main() -> None:
    """Starts what is to be started, loads it, and ends it."""
    arguments = parse_arguments()
    if "soak" in arguments.sections:
        sys.exit(1 if run_soak(arguments) else 0)
    servers = servers_of(arguments)
    try:
        failures = asyncio.run(LoadTest(arguments, servers).run())
    finally:
        for server in servers:
            server.stop()
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
