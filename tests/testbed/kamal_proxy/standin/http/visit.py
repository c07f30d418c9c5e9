"""A visitor's connection: one exchange after the other, for as long as both ends like."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import h11

from standin.http.exchange import AbortedError, Exchange
from standin.http.peer import Peer
from standin.http.request import BadRequestError, Request, Visitor
from standin.http.wire import Wire

Handler = Callable[[Exchange], Awaitable[None]]

# A visitor who sends a body that nobody wants gets this much attention before we hang up.
PATIENCE_BYTES = 256 * 1024
PATIENCE_SECONDS = 0.5
# A connection on which nothing was asked yet may be about to; idle ones had their turn.
FIRST_REQUEST_SECONDS = 5.0


class Visit:
    """A connection from its first byte to its last."""

    def __init__(self, wire: Wire, handler: Handler) -> None:
        host, port = wire.address("peername")
        self._visitor = Visitor(host, port, "https" if wire.encrypted else "http")
        self._wire = wire
        self._peer = Peer(wire, h11.SERVER)
        self._handler = handler
        self._began = time.monotonic()
        self._asked = False
        self._leaving = False
        self._busy = False
        self.tunnelled = False

    async def run(self) -> None:
        """Answer everything that is asked."""
        try:
            while await self._turn():
                self._peer.http.start_next_cycle()
        except (ConnectionError, AbortedError, h11.RemoteProtocolError, h11.LocalProtocolError):
            self._wire.abort()
        except OSError:
            self._wire.abort()
        finally:
            self._wire.close()

    def leave(self) -> None:
        """Hang up as soon as nothing is being answered."""
        self._leaving = True
        if self._busy:
            return
        waited = time.monotonic() - self._began
        if self._asked or waited >= FIRST_REQUEST_SECONDS:
            self._wire.abort()
        else:
            asyncio.get_running_loop().call_later(FIRST_REQUEST_SECONDS - waited, self._give_up)

    def _give_up(self) -> None:
        if not self._busy:
            self._wire.abort()

    async def _turn(self) -> bool:
        try:
            event = await self._peer.receive()
            if not isinstance(event, h11.Request):
                return False
            request = Request.from_event(event, self._visitor)
        except (h11.RemoteProtocolError, BadRequestError) as error:
            await self._refuse(str(error))
            return False
        self._asked = self._busy = True
        try:
            return await self._answer(request)
        finally:
            self._busy = False

    async def _answer(self, request: Request) -> bool:
        if not request.content_length:
            await self._peer.receive()
        exchange = Exchange(self._peer, request, lambda: self._leaving)
        try:
            await self._handler(exchange)
        finally:
            exchange.when_gone(None)
        self.tunnelled = exchange.tunnelled
        return not exchange.tunnelled and await self._settle(exchange)

    async def _settle(self, exchange: Exchange) -> bool:
        """Whether another request may follow."""
        if not exchange.is_read:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._skip_body(exchange), PATIENCE_SECONDS)
        http = self._peer.http
        if http.our_state is h11.DONE and http.their_state is h11.DONE and not self._leaving:
            return True
        if not exchange.is_read:
            await self._linger()
        return False

    async def _skip_body(self, exchange: Exchange) -> None:
        skipped = 0
        while not exchange.is_read and skipped < PATIENCE_BYTES:
            event = await self._peer.receive()
            skipped += len(event.data) if isinstance(event, h11.Data) else 0

    async def _linger(self) -> None:
        """Read on a little: to hang up on unread bytes would take the answer from the visitor."""
        self._wire.half_close()
        with suppress(asyncio.TimeoutError, ConnectionError):
            await asyncio.wait_for(self._until_end(), PATIENCE_SECONDS)

    async def _until_end(self) -> None:
        while await self._wire.read():
            pass

    async def _refuse(self, why: str) -> None:
        if self._wire.ended:
            return
        words = "400 Bad Request"
        if "Host" in why:
            words += ": missing required Host header"
        await self._wire.write(
            f"HTTP/1.1 {words}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Connection: close\r\n\r\n{words}".encode()
        )
        await self._linger()
