"""A proxy at work: its process, its command line, its log, its visitors."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STAND_IN = Path(__file__).parents[1] / "kamal-proxy"


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Reply:
    """What a visitor got."""

    status: int
    reason: str
    headers: http.client.HTTPMessage
    text: str


class Proxy:
    """One proxy, with a home and ports of its own."""

    def __init__(self, executable: str | None, home: Path) -> None:
        self._words = [executable] if executable else [sys.executable, str(STAND_IN)]
        self.home = home
        self.http, self.https, self.metrics = _free_ports(3)
        self.environment = _environment(home, self.http, self.https)
        self._forgotten = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *flags: str) -> None:
        """Run the server, and wait until it takes commands."""
        with (self.home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._words, "run", *flags], env=self.environment, stdout=log, stderr=log
            )
        until = time.monotonic() + 10
        while not self.socket_path.exists():
            if time.monotonic() > until or self._process.poll() is not None:
                raise RuntimeError(f"the proxy did not start: {self.lines()}")
            time.sleep(0.01)

    def terminate(self) -> None:
        """Ask the server to end."""
        if self._process is not None:
            self._process.terminate()

    def wait(self) -> int:
        """The server's exit status, once it has ended."""
        return self._process.wait(20) if self._process is not None else 0

    def stop(self) -> int:
        """End the server."""
        self.terminate()
        return self.wait()

    def kill(self) -> None:
        """End the server for certain."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def __call__(self, *words: str, **environment: str) -> Answer:
        """Run a command to its end."""
        done = subprocess.run(
            [*self._words, *words],
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def deploy(self, name: str, target: str, *flags: str) -> None:
        """Deploy a service to the host NAME.test, or raise."""
        answer = self("deploy", name, "--target", target, "--host", f"{name}.test", *flags)
        if answer != Answer(0, "", ""):
            raise RuntimeError(f"the deploy failed: {answer}")

    @property
    def socket_path(self) -> Path:
        """The command socket."""
        return self.home / "kamal-proxy.sock"

    @property
    def state(self) -> Path:
        """The state file."""
        return self.home / ".config" / "kamal-proxy" / "kamal-proxy.state"

    def services(self) -> list[str]:
        """The names in the state file."""
        known = json.loads(self.state.read_text("utf-8")) if self.state.exists() else []
        return [service["name"] for service in known]

    def lines(self) -> list[str]:
        """The log since it was last forgotten."""
        log = (self.home / "log").read_bytes()[self._forgotten :]
        return log.decode().splitlines()

    def forget_log(self) -> None:
        """Look at what comes from now on only."""
        self._forgotten = (self.home / "log").stat().st_size

    def log(self, message: str) -> list[dict[str, Any]]:
        """Every entry with this message, without what differs from run to run."""
        entries = [json.loads(line) for line in self.lines() if line.startswith("{")]
        unsteady = ("time", "duration", "client_port")
        return [
            {name: value for name, value in entry.items() if name not in unsteady}
            for entry in entries
            if entry["msg"] == message
        ]

    def says(self, words: str) -> bool:
        """Whether the log says so, now or in a moment."""
        until = time.monotonic() + 10
        while not any(words in line for line in self.lines()):
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    @contextmanager
    def connection(self, timeout: float = 20) -> Iterator[http.client.HTTPConnection]:
        """A visitor's connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=timeout)
        try:
            yield connection
        finally:
            connection.close()

    def get(self, url: str, method: str = "GET", body: str = "", **headers: str) -> Reply:
        """Ask for HOST/PATH on a connection of its own."""
        with self.connection() as connection:
            return ask(connection, url, method, body, **headers)

    def raw(self, text: str) -> socket.socket:
        """A connection on which this was said."""
        connection = socket.create_connection(("127.0.0.1", self.http), timeout=20)
        connection.sendall(text.encode())
        return connection

    def over_tls(self, context: ssl.SSLContext, host: str) -> bytes:
        """What a visitor who speaks TLS gets for /headers."""
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=10)
        with plain, context.wrap_socket(plain, server_hostname=host) as visitor:
            visitor.sendall(f"GET /headers HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            return b"".join(iter(lambda: visitor.recv(4096), b""))


def ask(
    connection: http.client.HTTPConnection,
    url: str,
    method: str = "GET",
    body: str = "",
    **headers: str,
) -> Reply:
    """Ask for HOST/PATH on this connection."""
    host, slash, path = url.partition("/")
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.putrequest(method, slash + path, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Host": host, **fields}.items():
        connection.putheader(name, value)
    if body:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body.encode())
    response = connection.getresponse()
    text = response.read().decode()
    return Reply(response.status, response.reason, response.headers, text)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _environment(home: Path, http_port: int, https_port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "HTTP_PORT": str(http_port),
        "HTTPS_PORT": str(https_port),
    }
