"""The web server: answers until SIGTERM, then finishes what it has begun."""

import os
import signal
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from app.pages import Request, answer
from app.version import version


class Handler(BaseHTTPRequestHandler):
    """One connection, which may bring many requests."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave in one packet
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer with a page."""
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        query = dict(parse_qsl(url.query))
        request = Request(self.command, url.path, query, dict(self.headers), body.decode())
        status, text = answer(request)
        self._send(status, text.encode())

    def do_POST(self) -> None:
        """Answer a POST as a GET: the pages know the difference."""
        self.do_GET()

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Version", version())
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Write one line on standard output, where Docker collects it."""
        print(self.address_string(), format % args, flush=True)


class Server(ThreadingHTTPServer):
    """A server that knows its connections, to end the idle ones."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, port: int) -> None:
        super().__init__(("", port), Handler)
        self._open: set[socket.socket] = set()

    def process_request(self, request: socket.socket, address: tuple[str, int]) -> None:
        """Remember a connection while it is open."""
        self._open.add(request)
        super().process_request(request, address)

    def shutdown_request(self, request: socket.socket) -> None:
        """Forget a connection that ends."""
        self._open.discard(request)
        super().shutdown_request(request)

    def drain(self) -> None:
        """Take no more requests; those that were read are answered before the process ends."""
        self.shutdown()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RD)
            except OSError:
                continue


def main() -> None:
    """Serve on PORT until SIGTERM."""
    port = int(os.environ.get("PORT", "8080"))
    server = Server(port)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.drain).start())
    print(f"web {version()} listens on port {port}", flush=True)
    server.serve_forever(poll_interval=0.05)
    server.server_close()  # waits for the threads that still answer
    print("web ends: every request was answered", flush=True)
