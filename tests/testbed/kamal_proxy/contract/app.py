"""An app behind the proxy: it says its name, and can fall ill, dawdle, stream and die."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class App:
    """One app on a port of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.healthy = True
        self.connections = 0
        self.checks: list[dict[str, str]] = []
        self.received: list[bytes] = []
        self._open: set[socket.socket] = set()
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        """Where the app listens."""
        return f"127.0.0.1:{self._server.server_port}"

    def opened(self, connection: socket.socket) -> None:
        """Remember a connection."""
        self.connections += 1
        self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        self._open.discard(connection)

    def hang_up(self) -> None:
        """Close every connection, as servers do with idle ones."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def die(self) -> None:
        """Listen no more, and hang up."""
        self._server.shutdown()
        self._server.server_close()
        self.hang_up()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, app: App) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.app = app

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.app = self.server.app
        self.app.opened(self.connection)

    def finish(self) -> None:
        self.app.closed(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        page = self.path.partition("?")[0].strip("/").split("/")[0]
        getattr(self, f"_{page}", self._echo)()

    do_POST = do_HEAD = do_BREW = do_GET  # noqa: N815 - http.server's names

    def _say(self, text: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text.encode())
        self.wfile.flush()

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _echo(self) -> None:
        size = len(self._body())
        body = f" with {size} bytes" if size else ""
        self._say(f"{self.app.name}: {self.command} {self.path}{body}\n")

    def _headers(self) -> None:
        shown = [f"{n}: {v}" for n, v in sorted(self.headers.items()) if n[:2] in ("X-", "Ho")]
        self._say("\n".join(shown) + "\n")

    def _up(self) -> None:
        self.app.checks.append(dict(self.headers.items()))
        self._say("fine\n" if self.app.healthy else "ill\n", 200 if self.app.healthy else 503)

    def _moved(self) -> None:
        self._say("", 302, Location="/up")

    def _loop(self) -> None:
        self._say("", 302, Location="/loop")

    def _rush(self) -> None:
        self._say("", 301, Location=f"https://{self.app.address}/up")

    def _cookies(self) -> None:
        self._say("cookies\n", Set_Cookie="taste=sweet; Path=/jar; HttpOnly")

    def _read(self) -> None:
        self._body()
        self._say(f"{self.app.name}: nothing was written\n", X_Writer_Affinity="false")

    def _html(self) -> None:
        self._say("<!doctype html><title>an app's page</title>")

    def _wait(self) -> None:
        time.sleep(float(self.path.rpartition("/")[2]))
        self._say(f"{self.app.name}: waited\n")

    def _break(self) -> None:
        self.close_connection = True

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for number in range(3):
            self.wfile.write(f"data: {number}\n\n".encode())
            self.wfile.flush()
            time.sleep(0.4)

    def _upload(self) -> None:
        left = int(self.headers["Content-Length"])
        while left:
            self.app.received.append(self.rfile.read1(left))
            left -= len(self.app.received[-1])
        self._say("received\n")

    def _socket(self) -> None:
        self.send_response(101)
        self.send_header("Upgrade", self.headers["Upgrade"])
        self.send_header("Connection", "Upgrade")
        self.end_headers()
        self.wfile.flush()
        while data := self.rfile.read1():
            self.wfile.write(self.app.name.encode() + b" heard " + data)
            self.wfile.flush()
        self.close_connection = True
