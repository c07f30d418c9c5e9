"""A port that visitors connect to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

from standin.goerrors import reason
from standin.http.visit import Handler, Visit
from standin.http.wire import Wire
from standin.log import Log
from standin.server.tls import HandshakeError

Admit = Callable[[socket.socket], Awaitable[Wire]]

BACKLOG = 4096


class ListenError(Exception):
    """The port cannot be had."""


class Listener:
    """Everybody who came in through one port."""

    def __init__(self, port: int, admit: Admit, handler: Handler, log: Log) -> None:
        self._socket = _listen(port)
        self._admit = admit
        self._handler = handler
        self._log = log
        self._visits: dict[Visit, asyncio.Task[None]] = {}
        self._arrivals: set[asyncio.Task[None]] = set()
        self._accepting = asyncio.ensure_future(self._accept())

    @property
    def port(self) -> int:
        """The port as the system has it."""
        return int(self._socket.getsockname()[1])

    async def stop(self, patience: float) -> bool:
        """Let nobody in and everybody out; the answer is whether they all left in time."""
        self._accepting.cancel()
        await asyncio.gather(self._accepting, return_exceptions=True)
        self._socket.close()
        for visit in self._visits:
            visit.leave()
        tasks = [task for visit, task in self._visits.items() if not visit.tunnelled]
        if not tasks:
            return True
        _, late = await asyncio.wait(tasks, timeout=patience)
        return not late

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(self._socket)
            except OSError as error:
                self._log.error("Error accepting connection", error=reason(error))
                await asyncio.sleep(0.05)
                continue
            arrival = asyncio.ensure_future(self._welcome(connection))
            self._arrivals.add(arrival)
            arrival.add_done_callback(self._arrivals.discard)

    async def _welcome(self, connection: socket.socket) -> None:
        peer = connection.getpeername()
        try:
            wire = await self._admit(connection)
        except HandshakeError as error:
            host = peer[0].removeprefix("::ffff:")
            self._log.info(f"http: TLS handshake error from {host}:{peer[1]}: {error}")
            connection.close()
            return
        visit = Visit(wire, self._handler)
        task = asyncio.ensure_future(visit.run())
        self._visits[visit] = task
        task.add_done_callback(lambda _: self._visits.pop(visit))


async def plainly(connection: socket.socket) -> Wire:
    """Let a visitor in who speaks no TLS."""
    _, wire = await asyncio.get_running_loop().connect_accepted_socket(Wire, connection)
    return wire


def _listen(port: int) -> socket.socket:
    """A socket for IPv6 and IPv4 alike, or for IPv4 where there is no IPv6."""
    both = socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both else socket.AF_INET
    try:
        listener = socket.create_server(
            ("", port), family=family, backlog=BACKLOG, dualstack_ipv6=both
        )
    except OSError as error:
        raise ListenError(f"listen tcp :{port}: bind: {reason(error)}") from error
    listener.setblocking(False)
    return listener
