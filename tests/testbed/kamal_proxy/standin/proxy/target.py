"""One target: whether it is healthy, and the requests that are with it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from enum import Enum

from standin.http.exchange import AbortedError, Exchange
from standin.http.target import Pool
from standin.log import Log
from standin.options import TargetOptions
from standin.proxy.ask import TargetError
from standin.proxy.claim import Claim
from standin.proxy.errors import PageError, RefusedError
from standin.proxy.forward import Forward
from standin.proxy.health import HealthCheck, health_url
from standin.proxy.inflight import Cancelled, Inflight

_ADDRESS = re.compile(r"([0-9A-Za-z_][-_.+0-9A-Za-z]+)(?::([0-9]+))?")


class State(Enum):
    """What is known of a target."""

    ADDING = "adding"
    DRAINING = "draining"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"


class Target:
    """A server that answers a service's requests."""

    def __init__(self, address: str, options: TargetOptions, log: Log, *, reads: bool) -> None:
        match = _ADDRESS.fullmatch(address)
        if match is None:
            raise RefusedError(f"{address} :invalid host pattern")
        self.address = address
        self.reads = reads
        self.state = State.ADDING
        self._host = match[1]
        self._port = int(match[2]) if match[2] else None
        self._options = options
        self._log = log
        self._pool = Pool(self._host, self._port or 80)
        self._inflight: set[Inflight] = set()
        self._health: HealthCheck | None = None

    def watch(self, changed: Callable[[], None]) -> None:
        """Begin to check the target's health."""
        health = self._options.health_check_config
        url = health_url(self._host, self._port, health)
        self._health = HealthCheck(
            url, health, lambda healthy: self._note(healthy, changed), self._log
        )

    def unwatch(self) -> None:
        """Check its health no longer."""
        if self._health is not None:
            self._health.stop()
            self._health = None

    def retire(self) -> None:
        """Keep no connection open for requests to come."""
        self._pool.close()

    def claim(self, prefix: str, holds_writer: float | None) -> Claim | None:
        """A place for one request, unless the target is being drained."""
        if self.state is State.DRAINING:
            return None
        claim = Claim(self.address, prefix, self._options.scope_cookie_paths, holds_writer)
        self._inflight.add(claim.inflight)
        return claim

    async def send(self, exchange: Exchange, claim: Claim) -> None:
        """Have the target answer."""
        trail = exchange.trail
        trail.target = self.address
        trail.request_headers = self._options.log_request_headers or []
        trail.response_headers = self._options.log_response_headers or []
        try:
            forward = Forward(exchange, claim, self._options, self._log)
            reason = await claim.inflight.run(forward.run(self._pool))
        except TargetError as error:
            self._complain(exchange.request.path, str(error))
            raise PageError(502) from error
        finally:
            self._inflight.discard(claim.inflight)
        if reason is not None and not exchange.tunnelled:
            self._explain(exchange, reason)

    async def drain(self, timeout: float) -> None:
        """Wait for the requests that are here; after the timeout they are cancelled."""
        if self.state is State.DRAINING:
            return
        before, self.state = self.state, State.DRAINING
        try:
            await self._drain(list(self._inflight), timeout)
        finally:
            self.state = before

    async def _drain(self, pending: list[Inflight], timeout: float) -> None:
        for inflight in pending:
            if inflight.hijacked:
                inflight.cancel(Cancelled.DRAINING)
        if pending:
            await asyncio.wait([inflight.done for inflight in pending], timeout=max(timeout, 0))
        for inflight in pending:
            inflight.cancel(Cancelled.DRAINING)

    def _explain(self, exchange: Exchange, reason: Cancelled) -> None:
        path = exchange.request.path
        if exchange.response.committed:
            raise AbortedError(reason.value)
        if reason is Cancelled.GONE:
            exchange.response.begin(499)
            return
        if reason is Cancelled.BROKEN:
            self._complain(path, reason.value)
            raise PageError(502)
        if reason is Cancelled.DRAINING:
            self._log.info("Request cancelled due to draining", target=self.address, path=path)
        raise PageError(504)

    def _complain(self, path: str, error: str) -> None:
        self._log.error("Error while proxying", target=self.address, path=path, error=error)

    def _note(self, healthy: bool, changed: Callable[[], None]) -> None:
        before = self.state
        if healthy:
            self.state = State.HEALTHY
        elif self.state is State.HEALTHY:
            self.state = State.UNHEALTHY
        if self.state is not before:
            self._log.info(
                "Target health updated",
                target=self.address,
                state=self.state.value,
                was=before.value,
            )
            changed()
