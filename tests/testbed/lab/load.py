"""Constant load: requests leave on time, whatever became of those before (an open loop)."""

from __future__ import annotations

import itertools
import select
import threading
import time
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

_WORKERS = 400


@dataclass(frozen=True)
class Shot:
    """One request: what it asked, and what became of it."""

    at: float
    address: str
    path: str
    seconds: float
    status: int | None = None
    version: str = ""
    error: str = ""

    @property
    def failed(self) -> bool:
        """Tell whether the one who asked would be unhappy."""
        return self.status != 200


@dataclass
class Load:
    """Requests at a constant rate to some addresses in turn, over connections that are kept alive.

    Use it in a `with`; when that ends, every request has had its answer. No request is ever sent
    twice: a connection that broke is a failure, as it is for whoever cannot repeat a request.
    """

    addresses: list[str]
    host: str
    rate: float = 50
    path: str = "/version"
    slow_path: str = "/slow?ms=2000"
    slow_every: int = 25
    port: int = 80
    timeout: float = 30
    shots: list[Shot] = field(default_factory=list)
    late: float = 0

    def __post_init__(self) -> None:
        self._idle: dict[str, deque[HTTPConnection]] = {
            address: deque() for address in self.addresses
        }
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(_WORKERS)
        self._clock = threading.Thread(target=self._tick)

    def __enter__(self) -> Load:
        self._clock.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._clock.join()
        self._pool.shutdown()
        for connection in itertools.chain(*self._idle.values()):
            connection.close()
        self.shots.sort(key=lambda shot: shot.at)

    def failures(self) -> list[Shot]:
        """List the requests that failed."""
        return [shot for shot in self.shots if shot.failed]

    def versions(self, since: float = 0) -> Counter[str]:
        """Count who answered those requests that left after a moment (time.time())."""
        return Counter(shot.version for shot in self.shots if shot.at >= since)

    def _tick(self) -> None:
        begin = time.monotonic()
        for number in itertools.count():
            wait = begin + number / self.rate - time.monotonic()
            if self._stop.wait(max(0, wait)):
                return
            self.late = max(self.late, -wait)
            slow = self.slow_every and number % self.slow_every == self.slow_every - 1
            address = self.addresses[number % len(self.addresses)]
            self._pool.submit(self._shoot, address, self.slow_path if slow else self.path)

    def _shoot(self, address: str, path: str) -> None:
        at, begin = time.time(), time.monotonic()
        try:
            status, version = self._ask(address, path)
            error = ""
        except (OSError, HTTPException) as problem:
            status, version, error = None, "", repr(problem)
        self.shots.append(Shot(at, address, path, time.monotonic() - begin, status, version, error))

    def _ask(self, address: str, path: str) -> tuple[int, str]:
        connection = self._connection(address)
        try:
            connection.request("GET", path, headers={"Host": self.host})
            response = connection.getresponse()
            response.read()
        except BaseException:
            connection.close()
            raise
        self._idle[address].append(connection)
        return response.status, response.headers.get("X-Version", "")

    def _connection(self, address: str) -> HTTPConnection:
        while idle := self._idle[address]:
            try:
                connection = idle.pop()
            except IndexError:  # another thread was quicker
                break
            if not _was_closed(connection):
                return connection
            connection.close()
        return HTTPConnection(address, self.port, timeout=self.timeout)


def _was_closed(connection: HTTPConnection) -> bool:
    """Notice, as every client does, that the other side has ended an idle connection."""
    return connection.sock is None or bool(select.select([connection.sock], [], [], 0)[0])
