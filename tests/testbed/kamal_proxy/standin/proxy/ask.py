"""A request's way to the target, up to the head of the response."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import h11

from standin.durations import seconds
from standin.http.dial import DialError
from standin.http.exchange import BrokenBodyError, Exchange
from standin.http.headers import Headers
from standin.http.target import Pool, TargetConnection, request_event
from standin.options import TargetOptions
from standin.proxy.claim import Claim
from standin.proxy.inflight import Cancelled
from standin.proxy.rewrite import request_headers, request_uri, response_headers

_REPLAYABLE = ("GET", "HEAD", "OPTIONS", "TRACE")

Head = h11.Response | h11.InformationalResponse


class TargetError(Exception):
    """The target gave no response that could be passed on."""


class Ask:
    """One request to one target."""

    def __init__(
        self,
        exchange: Exchange,
        claim: Claim,
        options: TargetOptions,
        body: AsyncIterator[bytes] | None,
    ) -> None:
        self._exchange = exchange
        self._claim = claim
        self._options = options
        self._body = body
        self._upload: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def of(self, pool: Pool) -> tuple[TargetConnection, Head]:
        """The connection on which the target began to answer, and how."""
        replayable = self._body is None and self._exchange.request.method in _REPLAYABLE
        while True:
            try:
                connection = await pool.connect(fresh=not replayable)
            except DialError as error:
                raise TargetError(str(error)) from error
            try:
                return connection, await self._converse(connection)
            except (OSError, h11.RemoteProtocolError) as error:
                connection.wire.abort()
                if not connection.was_stale:
                    raise TargetError(connection.complaint(error)) from error
            except BaseException:
                connection.wire.abort()
                raise

    def end(self) -> None:
        """Stop whatever still goes on."""
        self._exchange.when_gone(None)
        self._stop_clock()
        if self._upload is not None:
            self._upload.cancel()

    async def _converse(self, connection: TargetConnection) -> Head:
        event = self._event()
        if self._body is None:
            await connection.send(event, h11.EndOfMessage())
            self._sent()
        else:
            await connection.send(event)
            self._upload = asyncio.ensure_future(self._send_body(connection, self._body))
        return await self._head(connection)

    def _event(self) -> h11.Request:
        request, claim = self._exchange.request, self._claim
        trusting = self._options.forward_headers
        headers = request_headers(request, claim.address, trusting=trusting)
        return request_event(
            request.method, request_uri(request, claim.prefix), request.host, headers
        )

    async def _head(self, connection: TargetConnection) -> Head:
        head = await connection.head()
        while isinstance(head, h11.InformationalResponse) and head.status_code != 101:
            if head.status_code != 100:
                headers = response_headers(Headers.from_wire(head.headers))
                await self._exchange.response.inform(head.status_code, headers)
            head = await connection.head()
        self._stop_clock()
        return head

    async def _send_body(self, connection: TargetConnection, body: AsyncIterator[bytes]) -> None:
        try:
            async for chunk in body:
                if not await _heard(connection, h11.Data(data=chunk)):
                    return
        except OSError:
            self._claim.inflight.cancel(Cancelled.GONE)
            return
        except BrokenBodyError:
            self._claim.inflight.cancel(Cancelled.BROKEN)
            return
        if await _heard(connection, h11.EndOfMessage()):
            self._sent()

    def _sent(self) -> None:
        """The whole request is out: the clock runs, and the visitor may be seen to leave."""
        inflight = self._claim.inflight
        if self._options.response_timeout > 0:
            self._timer = asyncio.get_running_loop().call_later(
                seconds(self._options.response_timeout), inflight.cancel, Cancelled.TIMED_OUT
            )
        self._exchange.when_gone(lambda: inflight.cancel(Cancelled.GONE))

    def _stop_clock(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


async def _heard(connection: TargetConnection, event: h11.Event) -> bool:
    """Whether the target still listens; what it said instead is read with its head."""
    try:
        await connection.send(event)
    except OSError:
        return False
    return True
