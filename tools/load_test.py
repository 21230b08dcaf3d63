#!/usr/bin/env python3
"""Load a service with embedding requests, and llama.cpp's server with the same ones in the same run.

    python tools/load_test.py --touchstone .build/release/touchstone --model 0.6b.gguf --activations i8
    python tools/load_test.py --model 0.6b.gguf --llama-server llama.cpp/build/bin/llama-server
    python tools/load_test.py --url http://127.0.0.1:8080 --seconds 600 --concurrency 64 --load mixed

Each cell of the table is a server, a kind of text and a number of clients; a client sends its next request when it has
its answer. Servers take turns at each cell, so that a machine that gets slower is slow for both. Every text is another
one: a cache of texts or prefixes does not help. Only the standard library is needed. Exit code 1 if a request failed.

Columns: requests and tokens a second, the median and the 99th percentile of the time to an answer, failed requests,
resident memory of the server afterwards (MB).
"""

import argparse
import asyncio
import json
import math
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

WORDS = ["file", "disk", "printer", "password", "query", "vector", "server", "memory", "light", "water", "stone"]


@dataclass
class Server:
    """A server under load, and its process where this script started it."""

    name: str
    host: str
    port: int
    process: subprocess.Popen[bytes] | None = None

    def resident_megabytes(self) -> float:
        """Resident memory, or NaN where the process is not ours."""
        if self.process is None:
            return float("nan")
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024


@dataclass
class Result:
    """What came of one cell."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    tokens: int = 0
    failures: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """The latency that `share` of the requests did not exceed (nearest rank)."""
        if not self.latencies:
            return float("nan")
        ordered = sorted(self.latencies)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


class Client:
    """One connection that is kept open, as client libraries do."""

    def __init__(self, server: Server, timeout: float) -> None:
        self.server = server
        self.timeout = timeout
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def embed(self, text: str) -> int:
        """Sends one text and returns its tokens; raises where the answer is not a vector."""
        return await asyncio.wait_for(self._embed(text), self.timeout)

    async def _embed(self, text: str) -> int:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.server.host, self.server.port)
        assert self.reader is not None
        body = json.dumps({"model": "", "input": text, "encoding_format": "base64"}).encode()
        head = (
            "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        await self.writer.drain()
        status, answer = await self._receive()
        if status != 200:
            raise RuntimeError(f"status {status}: {answer[:200]!r}")
        value = json.loads(answer)
        if not value["data"][0]["embedding"]:
            raise RuntimeError("the vector is empty")
        return int(value["usage"]["prompt_tokens"])

    async def _receive(self) -> tuple[int, bytes]:
        assert self.reader is not None
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.split("\r\n")
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        if fields.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(await self.reader.readline(), 16):
                body += await self.reader.readexactly(size)
                await self.reader.readline()
            await self.reader.readline()
        else:
            body = await self.reader.readexactly(int(fields.get("content-length", "0")))
        if fields.get("connection", "").lower() == "close":
            self.close()
        return int(lines[0].split()[1]), body

    def close(self) -> None:
        """Ends the connection; the next request opens another."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


def make_text(words: int, generator: random.Random) -> str:
    """A text of so many words that nobody has sent before."""
    return " ".join(generator.choice(WORDS) for _ in range(words))


def words_of(load: str, per_token: dict[str, int], generator: random.Random) -> int:
    """How many words the next text has."""
    kind = load if load != "mixed" else generator.choices(["query", "document"], [9, 1])[0]
    return per_token[kind]


async def run_cell(
    server: Server, load: str, concurrency: int, *, words: dict[str, int], arguments: argparse.Namespace
) -> Result:
    """Lets `concurrency` clients send for a while; requests under way then are waited for and counted."""
    start = time.monotonic()
    result = Result(arguments.seconds)

    async def work(number: int) -> None:
        generator = random.Random(f"{arguments.seed} {server.name} {load} {concurrency} {number}")
        client = Client(server, arguments.timeout)
        while time.monotonic() < start + arguments.seconds:
            text = make_text(words_of(load, words, generator), generator)
            begin = time.monotonic()
            try:
                tokens = await client.embed(text)
                result.tokens += tokens
                result.latencies.append(time.monotonic() - begin)
            except (OSError, RuntimeError, ValueError, KeyError, asyncio.IncompleteReadError, TimeoutError) as error:
                result.failures.append(f"{type(error).__name__}: {error}")
                client.close()
                await asyncio.sleep(0.05)
        client.close()

    await asyncio.gather(*(work(number) for number in range(concurrency)))
    result.seconds = time.monotonic() - start
    return result


async def words_for(server: Server, tokens: int, timeout: float) -> int:
    """How many words make about `tokens` tokens with the server's model."""
    count = await Client(server, timeout).embed(make_text(200, random.Random(0)))
    return max(1, round(200 * tokens / count))


async def wait_until_ready(server: Server) -> None:
    """Waits until a request is answered, for two minutes at most."""
    for _ in range(240):
        try:
            await Client(server, 60).embed("ready")
            return
        except (OSError, RuntimeError, asyncio.IncompleteReadError, TimeoutError):
            if server.process is not None and server.process.poll() is not None:
                sys.exit(f"{server.name} has ended with status {server.process.returncode}")
            await asyncio.sleep(0.5)
    sys.exit(f"{server.name} is not ready after two minutes")


def start(name: str, command: list[str], port: int) -> Server:
    """Starts a server on this machine."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Server(name, "127.0.0.1", port, process)


def servers_of(arguments: argparse.Namespace) -> list[Server]:
    """The servers that the command line asks for."""
    servers = []
    for url in arguments.url:
        parts = urlsplit(url)
        servers.append(Server(parts.netloc, parts.hostname or "127.0.0.1", parts.port or 80))
    if arguments.model is None:
        return servers
    if not arguments.url or arguments.touchstone_given:
        command = [arguments.touchstone, "serve", "--model", arguments.model, "--port", str(arguments.port)]
        command += ["--activations", arguments.activations, *arguments.serve_options.split()]
        servers.append(start(f"touchstone {arguments.activations}", command, arguments.port))
    if arguments.llama_server:
        command = [arguments.llama_server, "-m", arguments.model, "--embedding", "--pooling", "last"]
        command += ["--host", "127.0.0.1", "--port", str(arguments.port + 1), *arguments.llama_options.split()]
        servers.append(start("llama.cpp", command, arguments.port + 1))
    return servers


async def run(arguments: argparse.Namespace, servers: list[Server]) -> int:
    """Runs all cells and prints the table; returns the number of failed requests."""
    for server in servers:
        await wait_until_ready(server)
    words = {
        "query": await words_for(servers[0], arguments.query_tokens, arguments.timeout),
        "document": await words_for(servers[0], arguments.document_tokens, arguments.timeout),
    }
    print(
        f"{'server':<18} {'load':<9} {'clients':>7} {'req/s':>8} {'tok/s':>8} {'p50 ms':>9} {'p99 ms':>9} {'failed':>6}"
        f" {'MB':>7}"
    )
    failures = 0
    for load in arguments.load:
        for concurrency in arguments.concurrency:
            for server in servers:
                result = await run_cell(server, load, concurrency, words=words, arguments=arguments)
                failures += len(result.failures)
                print(
                    f"{server.name:<18} {load:<9} {concurrency:>7} {len(result.latencies) / result.seconds:>8.1f} "
                    f"{result.tokens / result.seconds:>8.0f} {1000 * result.percentile(0.5):>9.1f} "
                    f"{1000 * result.percentile(0.99):>9.1f} {len(result.failures):>6} "
                    f"{server.resident_megabytes():>7.0f}",
                    flush=True,
                )
                for failure in sorted(set(result.failures))[:3]:
                    print(f"    {failure}", flush=True)
    return failures


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", action="append", default=[], help="a server that runs already; repeat for several")
    parser.add_argument("--model", help="a GGUF file, to start servers with")
    parser.add_argument("--touchstone", help="the command (default .build/release/touchstone)")
    parser.add_argument("--activations", default="i8", help="precision of touchstone's activations")
    parser.add_argument("--serve-options", default="", help="further options of touchstone serve")
    parser.add_argument("--llama-server", help="llama.cpp's server")
    parser.add_argument(
        "--llama-options", default="-np 32 -c 32768 -b 2048 -ub 2048", help="options of llama.cpp's server"
    )
    parser.add_argument("--port", type=int, default=18080, help="the first of two free ports")
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--load", nargs="+", choices=["query", "document", "mixed"], default=["query", "document"])
    parser.add_argument("--query-tokens", type=int, default=16)
    parser.add_argument("--document-tokens", type=int, default=512)
    parser.add_argument("--seconds", type=float, default=20, help="how long each cell sends")
    parser.add_argument("--timeout", type=float, default=300, help="seconds after which a request counts as failed")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.touchstone_given = arguments.touchstone is not None
    arguments.touchstone = arguments.touchstone or ".build/release/touchstone"
    if not arguments.url and arguments.model is None:
        parser.error("pass --model FILE to start servers, or --url")
    return arguments


def main() -> None:
    """Starts what is to be started, loads it, and ends it."""
    arguments = parse_arguments()
    servers = servers_of(arguments)
    try:
        failures = asyncio.run(run(arguments, servers))
    finally:
        for server in servers:
            if server.process is not None:
                server.process.terminate()
                server.process.wait(60)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
