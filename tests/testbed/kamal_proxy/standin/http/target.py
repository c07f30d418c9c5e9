"""Connections to one target, kept open between requests where that is safe."""

from __future__ import annotations

from collections.abc import AsyncIterator

import h11

from standin.goerrors import join, reason
from standin.http.dial import dial
from standin.http.headers import Headers
from standin.http.peer import EndedError, Peer
from standin.http.wire import Wire

MAX_IDLE = 100

_BROKEN = "net/http: HTTP/1.x transport connection broken"


class TargetConnection(Peer):
    """One connection to a target."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire, h11.CLIENT)
        self.reused = False

    async def head(self) -> h11.Response | h11.InformationalResponse:
        """The head of the response, or of an informational one before it."""
        try:
            event = await self.receive()
        except h11.RemoteProtocolError as error:
            if self.wire.ended:
                raise EndedError("unexpected EOF" if self.heard else "EOF") from error
            raise
        if not isinstance(event, (h11.Response, h11.InformationalResponse)):
            raise EndedError("EOF")
        return event

    async def body(self) -> AsyncIterator[bytes]:
        """The body of the response as it arrives."""
        while True:
            event = await self.receive()
            if not isinstance(event, h11.Data):
                return
            yield bytes(event.data)

    def complaint(self, error: OSError | h11.RemoteProtocolError) -> str:
        """What went wrong on this connection, in Go's words."""
        if isinstance(error, EndedError):
            return str(error)
        if isinstance(error, OSError):
            here, there = (join(*self.wire.address(end)) for end in ("sockname", "peername"))
            return f"read tcp {here}->{there}: read: {reason(error)}"
        line = self.opening.split(b"\n")[0].decode("latin-1").rstrip("\r")
        shown = line.encode("unicode_escape").decode().replace('"', '\\"')
        return f'{_BROKEN}: malformed HTTP response "{shown}"'

    @property
    def was_stale(self) -> bool:
        """Whether the target had hung up before it could have seen the request."""
        return self.reused and not self.heard


class Pool:
    """The idle connections to one address."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._idle: list[TargetConnection] = []
        self._closed = False

    async def connect(self, *, fresh: bool) -> TargetConnection:
        """An idle connection that still stands, or a new one."""
        while self._idle and not fresh:
            connection = self._idle.pop()
            if connection.wire.quiet:
                connection.wire.on_end = None
                connection.reused, connection.opening = True, b""
                return connection
            connection.wire.abort()
        return TargetConnection(await dial(self._host, self._port))

    def release(self, connection: TargetConnection) -> None:
        """Take a connection back after a whole response."""
        http = connection.http
        finished = http.our_state is h11.DONE and http.their_state is h11.DONE
        silent = connection.wire.quiet and not connection.unread()
        if not (finished and silent) or self._closed or len(self._idle) >= MAX_IDLE:
            connection.wire.abort()
            return
        http.start_next_cycle()
        connection.wire.on_end = connection.wire.close
        self._idle.append(connection)

    def close(self) -> None:
        """Hang up on everything idle, now and from now on."""
        self._closed = True
        while self._idle:
            self._idle.pop().wire.abort()


def request_event(method: str, uri: str, host: str, headers: Headers) -> h11.Request:
    """A request as h11 sends it, Host first, the rest by name."""
    fields = [(b"Host", host.encode("utf-8", "surrogateescape")), *headers.sorted().to_wire()]
    return h11.Request(method=method.encode(), target=uri.encode(), headers=fields)
