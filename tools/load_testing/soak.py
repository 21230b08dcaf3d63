"""Everything at once for a long time: every dialect, clients that go, wrong and hostile requests, keys read again.

At the end nothing waits, memory is where it was, and no answer ever had other bits.
"""

import argparse
import asyncio
import contextlib
import json
import random
import shlex
import signal
import socket
import struct
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from load_testing.client import FAILURES
from load_testing.memory import slope
from load_testing.servers import Server, start
from load_testing.table import Table

KEY = "soak-key"
RERANKER = "testdata/models/rerank-yes-no.gguf"
STEADY_CLIENTS = 10
RUDE_CLIENTS = 4
HANGUP_SECONDS = 1.0
PROBE_SECONDS = 0.25
SAMPLE_SECONDS = 2.0
DRAIN_SECONDS = 60
ANSWER_SECONDS = 120
GROWTH_MEGABYTES = 64
"""Anonymous memory may end so far above where it was after a fifth of the time, or a quarter above."""
SLOW_HEALTH_SECONDS = 5.0
"""An answer of `/health` that took longer, on a machine with other work, is a fault."""


@dataclass(frozen=True)
class Request:
    """What is sent, and which members of the answer have the same bytes every time."""

    path: str
    body: bytes
    parts: tuple[str, ...] = ()
    """Members to compare; none: the whole answer."""

    def essence(self, answer: bytes) -> object:
        """What must be equal, times and identifiers left out."""
        value = json.loads(answer, parse_float=str)
        return {name: value[name] for name in self.parts} if self.parts else value


@dataclass
class Log:
    """What happened."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest_health: float = 0

    def fault(self, sentence: str) -> None:
        """Keeps the first thousand; all are counted."""
        self.counts["faults"] += 1
        if len(self.faults) < 1000:
            self.faults.append(sentence)


def requests_of(generator: random.Random) -> list[Request]:
    """Some 150 requests in all dialects, with texts of a word to some thousand."""
    words = ["file", "disk", "printer", "password", "Grüße", "世界", "memory", "👋", "water", "stone"]

    def text(count: int) -> str:
        return " ".join(generator.choice(words) for _ in range(count))

    def request(path: str, parts: tuple[str, ...], **members: object) -> Request:
        return Request(path, json.dumps(members).encode(), parts)

    made: list[Request] = []
    for _ in range(12):
        short, middle, long = text(3), text(40), text(generator.choice([300, 900, 1500]))
        made += [
            request("/v1/embeddings", ("data", "usage"), model="m", input=[short, middle, long]),
            request("/v1/embeddings", ("data", "usage"), model="m", input=long, encoding_format="base64"),
            request("/v1/embeddings", ("data",), model="m", input=short, dimensions=generator.choice([1, 32, 100])),
            request("/v1/embeddings", ("data",), model="m", input=[short, middle], instruct="Find the text"),
            request("/api/embed", ("embeddings", "inputs"), model="m", input=[short, long]),
            request("/api/embeddings", ("embedding",), model="m", prompt=middle),
            request("/embed", (), model="m", inputs=[middle, short], truncate=True),
            request("/embed_all", (), model="m", inputs=short),
            request("/embedding", (), model="m", content=[short, middle]),
            request("/similarity", (), model="m", inputs={"source_sentence": short, "sentences": [middle, short]}),
            request("/tokenize", (), model="m", inputs=middle),
            request(
                "/v1/rerank", ("results", "usage"), model="rr", query=short, documents=[middle, short, long[:2000]]
            ),
        ]
    return made


HOSTILE = [
    b'{"a' + "\u0301\u0323".encode() * 20_000 + b'":1,"input":"x"}',
    b'{"input":"x","model":"a' + "\u0301\u0323".encode() * 20_000 + b'"}',
    b'{"input":"' + b"a" * 2_000_000 + b'"}',
    b'{"input":[' + b"[]," * 300_000 + b"[]]}",
    b"[" * 100_000,
    b'{"input":["ok","\\ud83d"]}',
    b'{"input":7}',
    b"{",
]


class Soak:
    """One server and its clients."""

    def __init__(self, server: Server, minutes: float, seed: str) -> None:
        self.server = server
        self.seconds = 60 * minutes
        self.seed = seed
        self.log = Log()
        self.expected: dict[Request, object] = {}
        self.end = 0.0

    async def run(self) -> list[str]:
        """The faults."""
        await self._wait_until_ready()
        generator = random.Random(self.seed)
        for request in requests_of(generator):
            status, answer = await self._post(request.path, request.body)
            if status != 200:
                return [f"{request.path}: status {status}: {answer[:200]!r}"]
            self.expected[request] = request.essence(answer)
        print(f"{len(self.expected)} requests have their answers; {self.seconds / 60:g} minutes begin", flush=True)
        begin = time.monotonic()
        self.end = begin + self.seconds
        samples: list[tuple[float, float]] = []
        tasks = [asyncio.create_task(self._steady(random.Random(f"{self.seed} {n}"))) for n in range(STEADY_CLIENTS)]
        tasks += [asyncio.create_task(self._rude(random.Random(f"{self.seed} r{n}"))) for n in range(RUDE_CLIENTS)]
        tasks += [asyncio.create_task(self._hang_up()), asyncio.create_task(self._probe())]
        while time.monotonic() < self.end and self._lives():
            samples.append((time.monotonic() - begin, self.server.memory()["RssAnon"]))
            await asyncio.sleep(min(SAMPLE_SECONDS, max(0.0, self.end - time.monotonic())))
        if not self._lives():
            self.log.fault("the service has ended")
            for task in tasks:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._lives():
            await self._expect_nothing_waits()
            samples.append((time.monotonic() - begin, self.server.memory()["RssAnon"]))
        self._report(samples)
        return self.log.faults

    def _lives(self) -> bool:
        return self.server.process is not None and self.server.process.poll() is None

    async def _wait_until_ready(self) -> None:
        end = time.monotonic() + 300
        while time.monotonic() < end and self._lives():
            with contextlib.suppress(*FAILURES):
                if (await self._get("/ready"))[0] == 200:
                    return
            await asyncio.sleep(0.2)
        raise SystemExit("the service is not ready")

    # Clients.

    async def _steady(self, generator: random.Random) -> None:
        requests = list(self.expected)
        while time.monotonic() < self.end:
            request = generator.choice(requests)
            try:
                status, answer = await self._post(request.path, request.body)
            except FAILURES as error:
                self.log.fault(f"{request.path}: {type(error).__name__}: {error}")
                await asyncio.sleep(0.05)
                continue
            if status in (429, 503):
                self.log.counts["asked to wait"] += 1
                await asyncio.sleep(0.2)
            elif status != 200:
                self.log.fault(f"{request.path}: status {status}: {answer[:200]!r}")
            elif request.essence(answer) == self.expected[request]:
                self.log.counts["answers, equal in bits"] += 1
            else:
                self.log.fault(f"{request.path}: other bits than at the beginning")

    async def _rude(self, generator: random.Random) -> None:
        requests = list(self.expected)
        while time.monotonic() < self.end:
            request = generator.choice(requests)
            kind = generator.choice(["reset at once", "reset later", "closed", "half a body", "hostile"])
            try:
                if kind == "hostile":
                    status, _ = await self._post("/v1/embeddings", generator.choice(HOSTILE))
                    if status not in (400, 404, 413, 429, 503):
                        self.log.fault(f"a hostile request got {status}")
                else:
                    await self._leave(request, kind, generator.uniform(0.005, 0.3))
                self.log.counts[kind] += 1
            except FAILURES as error:
                if kind == "hostile":
                    self.log.fault(f"hostile: {type(error).__name__}: {error}")
            await asyncio.sleep(generator.uniform(0, 0.05))

    async def _leave(self, request: Request, kind: str, seconds: float) -> None:
        _, writer = await asyncio.open_connection(self.server.host, self.server.port)
        body = request.body[: len(request.body) // 2] if kind == "half a body" else request.body
        writer.write(self._head("POST", request.path, len(request.body)) + body)
        with contextlib.suppress(*FAILURES):
            await writer.drain()
        if kind != "reset at once":
            await asyncio.sleep(seconds)
        if kind.startswith("reset"):
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
        else:
            writer.close()

    async def _hang_up(self) -> None:
        while time.monotonic() < self.end and self._lives():
            assert self.server.process is not None
            self.server.process.send_signal(signal.SIGHUP)
            self.log.counts["SIGHUP"] += 1
            await asyncio.sleep(HANGUP_SECONDS)

    async def _probe(self) -> None:
        while time.monotonic() < self.end:
            begin = time.monotonic()
            try:
                status, _ = await self._get("/health")
            except FAILURES as error:
                self.log.fault(f"/health: {type(error).__name__}: {error}")
            else:
                seconds = time.monotonic() - begin
                self.log.slowest_health = max(self.log.slowest_health, seconds)
                if status != 200 or seconds > SLOW_HEALTH_SECONDS:
                    self.log.fault(f"/health: status {status} after {seconds:.1f} s")
            await asyncio.sleep(PROBE_SECONDS)

    # The end.

    async def _expect_nothing_waits(self) -> None:
        end = time.monotonic() + DRAIN_SECONDS
        waiting = {}
        while time.monotonic() < end:
            text = (await self._get("/metrics"))[1].decode()
            waiting = {
                name: float(line.split()[1])
                for line in text.splitlines()
                for name in ("touchstone_jobs", "touchstone_queued_tokens", "touchstone_request_memory_bytes")
                if line.startswith(f"{name} ")
            }
            if len(waiting) == 3 and not any(waiting.values()):
                return
            await asyncio.sleep(0.2)
        self.log.fault(f"{DRAIN_SECONDS} s after the last request something waits: {waiting}")

    def _report(self, samples: list[tuple[float, float]]) -> None:
        for name, count in sorted(self.log.counts.items()):
            print(f"  {count:9,d}  {name}")
        print(f"  slowest /health {1000 * self.log.slowest_health:.0f} ms")
        if len(samples) < 2:
            return
        settled = [sample for sample in samples if sample[0] >= self.seconds / 5] or samples
        first, last = settled[0][1], samples[-1][1]
        table = Table("anonymous memory", "first", "after 1/5", "last", "largest", "MB/min")
        largest = max(megabytes for _, megabytes in samples)
        table.row("MB", samples[0][1], first, last, largest, f"{slope(settled):+.2f}")
        if last > max(first + GROWTH_MEGABYTES, 1.25 * first):
            self.log.fault(f"memory grew from {first:.0f} to {last:.0f} MB")

    # HTTP.

    @staticmethod
    def _head(method: str, path: str, length: int = 0) -> bytes:
        return (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        ).encode()

    async def _get(self, path: str) -> tuple[int, bytes]:
        return await self._exchange(self._head("GET", path))

    async def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        return await self._exchange(self._head("POST", path, len(body)) + body)

    async def _exchange(self, request: bytes) -> tuple[int, bytes]:
        async def exchange() -> tuple[int, bytes]:
            reader, writer = await asyncio.open_connection(self.server.host, self.server.port)
            try:
                writer.write(request)
                with contextlib.suppress(ConnectionError):
                    await writer.drain()
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                fields = {line.split(":")[0].lower(): line.partition(":")[2] for line in head.split("\r\n")[1:]}
                body = await reader.readexactly(int(fields.get("content-length", "0")))
                return int(head.split()[1]), body
            finally:
                writer.close()

        return await asyncio.wait_for(exchange(), ANSWER_SECONDS)


def run_soak(arguments: argparse.Namespace) -> int:
    """Starts a service with a reranker, a cache and a key file, and soaks it; the number of faults."""
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys"
        keys.write_text(f"{KEY}\n")
        log = (Path(folder) / "log").open("wb")
        command = [arguments.touchstone, "serve", "--model", f"m={arguments.model}", "--model", f"rr={RERANKER}"]
        command += ["--port", str(arguments.port), "--api-key-file", str(keys), "--cache-mb", "8"]
        command += ["--log-level", "error", "--activations", arguments.activations]
        command += shlex.split(arguments.serve_options)
        server = start("touchstone", command, arguments.port, log)
        minutes = 0.3 if arguments.quick else arguments.minutes
        soak = Soak(server, minutes, arguments.seed)
        try:
            asyncio.run(soak.run())
        finally:
            server.stop()
        status = server.process.returncode if server.process else None
        if status != 0:
            soak.log.fault(f"the service ended with status {status}")
        said = (Path(folder) / "log").read_text(errors="replace")
        if said:
            soak.log.fault(f"the service logged errors: {said[:500]}")
    for sentence, count in Counter(soak.log.faults).most_common(10):
        print(f"fault, {count} times: {sentence}")
    print("soak: " + ("passed" if not soak.log.faults else f"{soak.log.counts['faults']} faults"))
    return len(soak.log.faults)
