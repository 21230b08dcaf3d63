"""One connection that sends texts and reads vectors, with nothing but asyncio."""

import asyncio
import json

from load_testing.servers import Server

FAILURES = (OSError, RuntimeError, ValueError, KeyError, IndexError, asyncio.IncompleteReadError, TimeoutError)


class Client:
    """One connection that is kept open, as client libraries do."""

    def __init__(self, server: Server, timeout: float) -> None:
        self.server = server
        self.timeout = timeout
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def connect(self) -> None:
        """Opens the connection, if it is not open."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.server.host, self.server.port)

    async def embed(self, text: str) -> int:
        """Sends one text and returns its tokens; raises one of `FAILURES` where the answer is not a vector."""
        body = json.dumps({"model": "", "input": text, "encoding_format": "base64"}).encode()
        status, answer = await asyncio.wait_for(self.post("/v1/embeddings", body), self.timeout)
        if status != 200:
            raise RuntimeError(f"status {status}: {answer[:200]!r}")
        value = json.loads(answer)
        if not value["data"][0]["embedding"]:
            raise RuntimeError("the vector is empty")
        return int(value["usage"]["prompt_tokens"])

    async def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Sends a body; the status and the body of the answer."""
        await self.connect()
        assert self.reader is not None
        assert self.writer is not None
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        await self.writer.drain()
        return await self._receive(self.reader)

    async def _receive(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.split("\r\n")
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        if fields.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(await reader.readline(), 16):
                body += await reader.readexactly(size)
                await reader.readline()
            await reader.readline()
        else:
            body = await reader.readexactly(int(fields.get("content-length", "0")))
        if fields.get("connection", "").lower() == "close":
            self.close()
        return int(lines[0].split()[1]), body

    def close(self) -> None:
        """Ends the connection; the next request opens another."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None
