"""The servers under load, as child processes of this script or wherever a URL leads."""

import argparse
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit


@dataclass
class Server:
    """A server under load, and its process where this script started it."""

    name: str
    host: str
    port: int
    process: subprocess.Popen[bytes] | None = None

    def memory(self) -> dict[str, float]:
        """Megabytes by kind: `VmRSS` with and `RssAnon` without the pages of the mapped file. Empty if not ours."""
        if self.process is None:
            return {}
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines())
        return {name: int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon")}

    def stop(self) -> None:
        """Ends the process, if it is ours: as an operator does, and by force after half a minute."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(name: str, command: list[str], port: int, log: IO[bytes] | int) -> Server:
    """Starts a server on this machine."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    return Server(name, "127.0.0.1", port, process)


def servers_of(arguments: argparse.Namespace) -> list[Server]:
    """The servers that the command line asks for, Touchstone first."""
    servers = []
    for url in arguments.url:
        parts = urlsplit(url)
        servers.append(Server(parts.netloc, parts.hostname or "127.0.0.1", parts.port or 80))
    if arguments.model is None:
        return servers
    options = ["--model", f"m={arguments.model}", "--port", str(arguments.port), "--log-level", "warning"]
    command = [arguments.touchstone, "serve", *options, "--activations", arguments.activations]
    command += shlex.split(arguments.serve_options)
    servers.append(start(f"touchstone {arguments.activations}", command, arguments.port, subprocess.DEVNULL))
    if arguments.llama_server:
        port = arguments.port + 1
        command = [arguments.llama_server, "-m", arguments.model, "--embedding", "--pooling", "last"]
        command += ["--host", "127.0.0.1", "--port", str(port), *shlex.split(arguments.llama_options)]
        servers.append(start("llama.cpp", command, port, subprocess.DEVNULL))
    return servers
