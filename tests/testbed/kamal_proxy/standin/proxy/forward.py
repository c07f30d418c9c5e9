"""One request to one target, and the response back to the visitor."""

from __future__ import annotations

from collections.abc import AsyncIterator

import h11

from standin.http.exchange import AbortedError, BrokenBodyError, Exchange
from standin.http.headers import Headers
from standin.http.target import Pool, TargetConnection
from standin.http.tunnel import tunnel
from standin.log import Log
from standin.options import TargetOptions
from standin.proxy.ask import Ask
from standin.proxy.buffers import Buffer, TooLargeError
from standin.proxy.claim import Claim
from standin.proxy.errors import PlainError


class Forward:
    """A request's way to the target and back."""

    def __init__(self, exchange: Exchange, claim: Claim, options: TargetOptions, log: Log) -> None:
        self._exchange = exchange
        self._response = exchange.response
        self._claim = claim
        self._options = options
        self._log = log

    async def run(self, pool: Pool) -> None:
        """Ask the target, and pass on what it answers."""
        request = self._exchange.request
        if not request.content_length:
            await self._run(pool, None)
        elif not self._options.buffer_requests:
            await self._run(pool, self._exchange.body())
        else:
            await self._run_buffered(pool)

    async def _run_buffered(self, pool: Pool) -> None:
        options = self._options
        buffer = Buffer(options.max_memory_buffer_size, options.max_request_body_size)
        try:
            await buffer.fill(self._exchange.body())
            await self._run(pool, buffer.chunks())
        except TooLargeError as error:
            raise PlainError(413, "Request too large") from error
        except BrokenBodyError as error:
            raise PlainError(500, "Internal Server Error") from error
        finally:
            buffer.close()

    async def _run(self, pool: Pool, body: AsyncIterator[bytes] | None) -> None:
        ask = Ask(self._exchange, self._claim, self._options, body)
        try:
            connection, head = await ask.of(pool)
            try:
                await self._answer(connection, head)
            except BaseException:
                connection.wire.abort()
                raise
            pool.release(connection)
        finally:
            ask.end()

    async def _answer(
        self, connection: TargetConnection, head: h11.Response | h11.InformationalResponse
    ) -> None:
        fields = Headers.from_wire(head.headers)
        if isinstance(head, h11.InformationalResponse):
            await self._switch(connection, fields)
            return
        headers = self._claim.headers(self._exchange.request, fields)
        self._response.begin(head.status_code, headers)
        streamed = headers.get("Content-Type").partition(";")[0] == "text/event-stream"
        if self._options.buffer_responses and not streamed:
            await self._pass_on_whole(connection)
        else:
            await self._pass_on(connection, live=streamed or "Content-Length" not in headers)

    async def _pass_on(self, connection: TargetConnection, *, live: bool) -> None:
        if live and "Content-Type" in self._response.headers:
            await self._response.flush()
        async for chunk in self._body(connection):
            await self._response.write(chunk)
            if live:
                await self._response.flush()

    async def _pass_on_whole(self, connection: TargetConnection) -> None:
        options = self._options
        buffer = Buffer(options.max_memory_buffer_size, options.max_response_body_size)
        try:
            await buffer.fill(self._body(connection))
            async for chunk in buffer.chunks():
                await self._response.write(chunk)
        except TooLargeError as error:
            self._log.info("Response exceeded max response limit", path=self._exchange.request.path)
            raise PlainError(500, "Internal Server Error") from error
        finally:
            buffer.close()

    async def _body(self, connection: TargetConnection) -> AsyncIterator[bytes]:
        try:
            async for chunk in connection.body():
                yield chunk
        except (OSError, h11.RemoteProtocolError) as error:
            self._log.info("httputil: ReverseProxy read error during body copy: unexpected EOF")
            raise AbortedError from error

    async def _switch(self, connection: TargetConnection, headers: Headers) -> None:
        visitor = self._exchange.switch()
        self._claim.inflight.hijacked = True
        self._response.begin(101, headers)
        await self._response.inform(101, headers.sorted())
        await visitor.wire.write(connection.unread())
        await connection.wire.write(visitor.unread())
        await tunnel(visitor.wire, connection.wire)
