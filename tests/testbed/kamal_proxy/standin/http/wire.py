"""One TCP connection: bytes in, bytes out, and the news that the other end has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

HIGH_WATER = 256 * 1024


class Wire(asyncio.Protocol):
    """A connection as asyncio's transports drive it, with backpressure both ways."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._full = False
        self._lost = False
        self._error: Exception | None = None
        self.ended = False
        self.on_end: Callable[[], object] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(f"not a stream: {transport!r}")
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) > HIGH_WATER:
            self._transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> bool:
        self._end()
        return not self.encrypted

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost, self._error = True, exc
        _wake(self._writer)
        self._end()

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        _wake(self._writer)

    def _end(self) -> None:
        _wake(self._reader)
        if not self.ended:
            self.ended = True
            if self.on_end is not None:
                self.on_end()

    @property
    def encrypted(self) -> bool:
        """Whether TLS is spoken."""
        return self._transport.get_extra_info("ssl_object") is not None

    @property
    def quiet(self) -> bool:
        """Whether the other end is there and has said nothing that was not read."""
        return not (self.ended or self._buffer or self._transport.is_closing())

    def address(self, end: str) -> tuple[str, int]:
        """Host and port of the ``peername`` or the ``sockname``."""
        host, port = (self._transport.get_extra_info(end) or ("", 0))[:2]
        return host.removeprefix("::ffff:"), port

    async def read(self) -> bytes:
        """What has arrived, waiting for it if need be; nothing means the end."""
        while not self._buffer:
            if self._error is not None:
                raise self._error
            if self.ended:
                return b""
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        data = bytes(self._buffer)
        self._buffer.clear()
        if not self._lost:
            self._transport.resume_reading()
        return data

    async def write(self, data: bytes) -> None:
        """Send, waiting while the other end is slow."""
        if self._lost:
            raise self._error or ConnectionResetError("connection lost")
        self._transport.write(data)
        while self._full and not self._lost:
            self._writer = asyncio.get_running_loop().create_future()
            await self._writer

    def half_close(self) -> None:
        """Say that nothing more will be sent; with TLS that is the end of it all."""
        if self._lost or self._transport.is_closing():
            return
        if self._transport.can_write_eof():
            self._transport.write_eof()
        else:
            self._transport.close()

    def close(self) -> None:
        """Send what is waiting to be sent, and hang up."""
        self._transport.close()

    def abort(self) -> None:
        """Hang up at once."""
        self._transport.abort()


def _wake(sleeper: asyncio.Future[None] | None) -> None:
    if sleeper is not None and not sleeper.done():
        sleeper.set_result(None)
