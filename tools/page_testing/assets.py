"""The pages' files from folders, everything else from a service: a change of the page is seen without a build."""

import http.server
import threading
import urllib.error
import urllib.request
from pathlib import Path

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class AssetServer:
    """Listens on a free port of this machine for as long as a test lasts."""

    def __init__(self, folders: list[Path], service: str, port: int = 0) -> None:
        handler = type("Handler", (_Handler,), {"folders": folders, "service": service})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folders: list[Path]
    service: str

    def do_GET(self) -> None:
        pages = {"/": "page.html", "/knowledge": "knowledge.html", "/explain": "explain.html"}
        name = pages.get(self.path, self.path.removeprefix("/page/"))
        file = next((folder / name for folder in self.folders if (folder / name).is_file()), None)
        if "/" in name or file is None:
            self._forward(None)
            return
        self._answer(
            200,
            {
                "Content-Type": f"{TYPES[file.suffix]}; charset=utf-8",
                "Content-Security-Policy": POLICY,
                "Cache-Control": "no-store",
            },
            file.read_bytes(),
        )

    def do_POST(self) -> None:
        self._forward(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def do_DELETE(self) -> None:
        self._forward(None)

    def log_message(self, *_: object) -> None:
        pass

    def _forward(self, body: bytes | None) -> None:
        kept = {name: self.headers[name] for name in ("Content-Type", "Authorization") if name in self.headers}
        request = urllib.request.Request(self.service + self.path, data=body, headers=kept, method=self.command)
        try:
            answer = urllib.request.urlopen(request, timeout=600)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        except OSError:
            self.close_connection = True
            return
        own = {"content-length", "connection", "transfer-encoding", "date", "server"}
        headers = {name: value for name, value in answer.headers.items() if name.lower() not in own}
        self._answer(answer.status, headers, answer.read())

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
