"""Chromium without a window, steered through its DevTools protocol over two pipes."""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class PageError(Exception):
    """What the browser or a script in the page said went wrong."""


class Browser:
    """One browser with one page. A context manager: the browser ends with it."""

    def __init__(self, program: str = "chromium") -> None:
        self._profile = tempfile.mkdtemp(prefix="touchstone-page-")
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        # The protocol has numbers of its own, 3 to read from and 4 to write to: these are out of their way.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_browser, from_browser)]
        self._process = subprocess.Popen(
            [
                "bash",
                "-c",
                f'exec "$0" "$@" 3<&{ends[0]} 4>&{ends[1]}',
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--no-first-run",
                "--remote-debugging-pipe",
                f"--user-data-dir={self._profile}",
                "about:blank",
            ],
            pass_fds=ends,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (to_browser, from_browser, *ends):
            os.close(end)
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self.problems: list[str] = []
        self.requested: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network", "Accessibility"]:
            self.call(f"{domain}.enable")

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Calls a method of the protocol and waits for its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive(30)
            if answer is None:
                raise PageError(f"{method}: the browser does not answer")
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise PageError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        # As if a person had clicked: a browser copies for nobody else.
        result = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True
        )
        if "exceptionDetails" in result:
            raise PageError(result["exceptionDetails"].get("exception", {}).get("description", "an exception"))
        return result["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 20) -> None:
        """Waits until a JavaScript expression is true."""
        self.wait_until(lambda: bool(self.evaluate(expression)), expression, seconds)

    def wait_until(self, condition: Callable[[], bool], what: str, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise PageError(f"waited {seconds} s in vain for: {what}")
            time.sleep(0.05)

    def open(self, url: str, *, first: str = "") -> None:
        """Opens a page from nothing. The JavaScript `first` runs there before anything of the page."""
        # An address that differs in its fragment only would not be loaded again.
        self.call("Page.navigate", url="about:blank")
        self.wait_for("location.protocol === 'about:'")
        script = self.call("Page.addScriptToEvaluateOnNewDocument", source=first)["identifier"]
        self.call("Page.navigate", url=url)
        self.wait_for("location.protocol !== 'about:' && document.readyState === 'complete'")
        self.call("Page.removeScriptToEvaluateOnNewDocument", identifier=script)

    def type_text(self, text: str) -> None:
        """Writes where the focus is."""
        self.call("Input.insertText", text=text)

    def reload(self) -> None:
        self.evaluate("window.isOld = true")
        self.call("Page.reload")
        self.wait_for("!window.isOld && document.readyState === 'complete'")

    def press(self, key: str, code: int, *, control: bool = False) -> None:
        """Presses and releases a key."""
        # A key that writes something presses buttons and sends forms only with its text.
        text = {"text": "\r"} if key == "Enter" and not control else {}
        for kind in ["keyDown", "keyUp"]:
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                **text,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                modifiers=2 if control else 0,
            )

    def look(self, *, width: int, height: int = 900, dark: bool = False) -> None:
        """Sets the size of the page and the colors that its reader prefers."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def screenshot(self, path: Path) -> None:
        """The whole page as a PNG file."""
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(picture["data"]))

    def _receive(self, seconds: float) -> dict[str, Any] | None:
        """The next message; what it says of the page is noted."""
        deadline = time.monotonic() + seconds
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(0, deadline - time.monotonic()))
            part = os.read(self._read, 1 << 16) if ready else b""
            if not part:
                return None
            self._buffer += part
        message, self._buffer = self._buffer.split(b"\0", 1)
        event = json.loads(message)
        self._note(event.get("method", ""), event.get("params", {}))
        return event

    def _note(self, method: str, parameters: dict[str, Any]) -> None:
        if method == "Runtime.exceptionThrown":
            self.problems.append(parameters["exceptionDetails"].get("text", "an exception"))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            entry = parameters["entry"]
            self.problems.append(f"{entry['text']} {entry.get('url', '')}".strip())
        elif method == "Network.requestWillBeSent":
            self.requested.append(parameters["request"]["url"])
