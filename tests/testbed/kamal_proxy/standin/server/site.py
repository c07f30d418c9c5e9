"""What every request goes through, whichever service it is for."""

from __future__ import annotations

import time
import uuid
from typing import Any

from standin.http.exchange import AbortedError, Exchange
from standin.http.headers import Headers
from standin.log import Log
from standin.proxy import pages
from standin.proxy.errors import PageError, PlainError
from standin.proxy.metrics import Metrics
from standin.proxy.pages import Pages
from standin.proxy.router import Router


class Site:
    """The proxy, seen from a visitor's connection."""

    def __init__(self, router: Router, metrics: Metrics, log: Log, ports: dict[str, int]) -> None:
        self._router = router
        self._metrics = metrics
        self._log = log
        self._ports = ports
        self._pages = Pages.ours()

    async def handle(self, exchange: Exchange) -> None:
        """Answer, and write it down."""
        _stamp(exchange.request.headers)
        started = time.perf_counter_ns()
        try:
            await self._answer(exchange)
        finally:
            self._record(exchange, time.perf_counter_ns() - started)

    async def _answer(self, exchange: Exchange) -> None:
        try:
            await self._respond(exchange)
            if not exchange.tunnelled:
                await exchange.response.finish()
        except (OSError, AbortedError):
            raise
        except Exception as error:
            self._log.error("The stand-in is at a loss", error=repr(error))
            raise AbortedError from error

    async def _respond(self, exchange: Exchange) -> None:
        try:
            await self._router.handle(exchange)
        except PageError as error:
            await pages.show(exchange, error, self._pages.page(error), piecewise=True)
        except PlainError as error:
            await pages.say(exchange, error)

    def _record(self, exchange: Exchange, duration: int) -> None:
        request, response, trail = exchange.request, exchange.response, exchange.trail
        visitor = request.visitor
        self._log.info(
            "Request",
            host=request.host,
            port=self._ports[visitor.scheme],
            path=request.path,
            request_id=request.headers.get("X-Request-Id"),
            status=response.status,
            service=trail.service,
            target=trail.target,
            duration=duration,
            method=request.method,
            req_content_length=request.content_length,
            req_content_type=request.headers.get("Content-Type"),
            resp_content_length=response.written,
            resp_content_type=response.headers.get("Content-Type"),
            client_addr=visitor.address,
            client_port=str(visitor.port),
            remote_addr=request.headers.get("X-Forwarded-For") or visitor.address,
            user_agent=request.headers.get("User-Agent"),
            proto=f"HTTP/{request.version}",
            scheme=visitor.scheme,
            query=request.query,
            **_wanted("req", trail.request_headers, request.headers),
            **_wanted("resp", trail.response_headers, response.headers),
        )
        self._metrics.track(trail.service, request.method, response.status, duration / 1e9)


def _stamp(headers: Headers) -> None:
    if not headers.get("X-Request-Start"):
        headers.set("X-Request-Start", f"t={time.time_ns() // 1_000_000}")
    if not headers.get("X-Request-Id"):
        headers.set("X-Request-Id", str(uuid.uuid4()))


def _wanted(side: str, names: list[str], headers: Headers) -> dict[str, Any]:
    return {f"{side}_{name.lower().replace('-', '_')}": headers.joined(name, ",") for name in names}
