"""A registry that answers with an error once, then as the real one does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

_ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Flaky:
    """A proxy in front of a server, where every ``fail()`` fails one request."""

    def __init__(self, server: str) -> None:
        self.address, _, port = server.rpartition(":")
        self._target = (self.address, int(port))
        self._listener = socket.create_server((self.address, 0))
        self._failures: list[bytes] = []
        self.failed: list[bytes] = []

    @property
    def server(self) -> str:
        """The address of the proxy."""
        return f"{self.address}:{self._listener.getsockname()[1]}"

    def fail(self, method: str) -> None:
        """Answer the next connection that begins with this method with status 500."""
        self._failures.append(method.encode())

    @contextmanager
    def serving(self) -> Iterator[Flaky]:
        """Forward connections until the block ends."""
        threading.Thread(target=self._accept, daemon=True).start()
        with closing(self._listener):
            yield self

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            begin = connection.recv(65536)
            method, _, _ = begin.partition(b" ")
            if method in self._failures:
                self._failures.remove(method)
                self.failed.append(method)
                connection.sendall(_ERROR)
                return
            with socket.create_connection(self._target) as target:
                target.sendall(begin)
                back = threading.Thread(target=_pump, args=(target, connection), daemon=True)
                back.start()
                _pump(connection, target)
                back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
