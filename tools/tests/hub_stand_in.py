"""A stand-in for the hub on the loopback: ranges, redirects, announcements, and every way to misbehave."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Behaviour:
    """What the server holds and how it errs."""

    content: bytes
    announces: bool = True
    serves_ranges: bool = True
    #: Bytes after which each answer breaks off, so often.
    breaks_after: int | None = None
    breaks_left: int = 0
    #: Bytes flipped on the way.
    corrupts: bool = False
    content_type: str = "application/octet-stream"
    status: int | None = None
    #: Where large files are stored; the address of a second server.
    storage: str | None = None
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def behaviour(self) -> Behaviour:
        return self.server.behaviour

    def log_message(self, *arguments: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def answer(self, *, with_body: bool) -> None:
        behaviour = self.behaviour
        behaviour.requests.append((self.command, self.path, dict(self.headers)))
        if behaviour.status is not None:
            return self.send_head(behaviour.status, 0)
        if behaviour.storage is not None:
            return self.send_head(302, 0, {"Location": behaviour.storage + self.path})
        first = self.first_byte()
        if first >= len(behaviour.content) and first:
            return self.send_head(416, 0)
        body = behaviour.content[first:]
        headers = {}
        if first:
            last = len(behaviour.content) - 1
            headers["Content-Range"] = f"bytes {first}-{last}/{len(behaviour.content)}"
        self.send_head(206 if first else 200, len(body), headers)
        if with_body:
            self.send_body(body)

    def first_byte(self) -> int:
        words = self.headers.get("Range", "bytes=0-")
        return int(words.removeprefix("bytes=").rstrip("-")) if self.behaviour.serves_ranges else 0

    def send_head(self, status: int, length: int, headers: dict[str, str] | None = None) -> None:
        behaviour = self.behaviour
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.send_header("Content-Type", behaviour.content_type)
        if behaviour.announces and status < 400:
            self.send_header("X-Linked-Etag", f'"{hashlib.sha256(behaviour.content).hexdigest()}"')
            self.send_header("X-Linked-Size", str(len(behaviour.content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def send_body(self, body: bytes) -> None:
        behaviour = self.behaviour
        if behaviour.corrupts:
            body = body[:-1] + bytes([body[-1] ^ 1])
        if behaviour.breaks_after is not None and behaviour.breaks_left > 0:
            behaviour.breaks_left -= 1
            self.wfile.write(body[: behaviour.breaks_after])
            self.close_connection = True
            return
        self.wfile.write(body)


@contextmanager
def hub_stand_in(behaviour: Behaviour) -> Iterator[str]:
    """The address of a running server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.behaviour = behaviour
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
