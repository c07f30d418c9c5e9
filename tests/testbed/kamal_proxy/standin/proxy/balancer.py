"""The targets that a service has at one time, and whose turn it is."""

from __future__ import annotations

import asyncio

from standin.durations import format_duration, seconds
from standin.http.request import Request
from standin.log import Log
from standin.options import ServiceOptions, TargetOptions
from standin.proxy import affinity
from standin.proxy.claim import Claim
from standin.proxy.errors import PageError, RefusedError
from standin.proxy.target import State, Target


class Balancer:
    """Targets in turn, the healthy ones, readers and writers apart."""

    def __init__(
        self,
        targets: list[str],
        readers: list[str],
        options: ServiceOptions,
        target_options: TargetOptions,
        log: Log,
    ) -> None:
        self._all = [Target(each, target_options, log, reads=False) for each in targets]
        self._all += [Target(each, target_options, log, reads=True) for each in readers]
        self._affinity = seconds(options.writer_affinity_timeout)
        self._websockets_read = options.read_targets_accept_websockets
        self._writers: list[Target] = []
        self._readers: list[Target] = []
        self._turns = {True: 0, False: 0}
        self._healthy: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        for target in self._all:
            target.watch(self._update)

    def addresses(self, *, reads: bool | None = None) -> list[str]:
        """The targets by name."""
        return [t.address for t in self._all if reads is None or t.reads is reads]

    async def wait(self, timeout: int) -> None:
        """Wait until every target has been healthy."""
        await asyncio.wait([self._healthy], timeout=max(seconds(timeout), 0))
        if not self._healthy.done():
            words = "target failed to become healthy within configured timeout"
            raise RefusedError(f"{words} ({format_duration(timeout)})")

    def trust(self) -> None:
        """Take every target for healthy: it was when the state was saved."""
        for target in self._all:
            target.state = State.HEALTHY
        self._update()

    def dispose(self) -> None:
        """Check nobody's health any more."""
        for target in self._all:
            target.unwatch()

    async def drain(self, timeout: int) -> None:
        """Wait for the requests that are with the targets."""
        await asyncio.gather(*(target.drain(seconds(timeout)) for target in self._all))

    def retire(self) -> None:
        """Keep no connection open."""
        for target in self._all:
            target.retire()

    def claim(self, request: Request, prefix: str) -> tuple[Target, Claim]:
        """The target whose turn it is, and a place there."""
        reads = self._is_read(request)
        target = self._next(reads=reads and not affinity.is_held(request))
        holds = self._affinity > 0 and not reads and any(each.reads for each in self._all)
        claim = target.claim(prefix, self._affinity if holds else None) if target else None
        if target is None or claim is None:
            raise PageError(503)
        return target, claim

    def _next(self, *, reads: bool) -> Target | None:
        reads = reads and bool(self._readers)
        targets = self._readers if reads else self._writers
        if not targets:
            return None
        self._turns[reads] = (self._turns[reads] + 1) % len(targets)
        return targets[self._turns[reads]]

    def _is_read(self, request: Request) -> bool:
        if request.method not in ("GET", "HEAD"):
            return False
        websocket = request.method == "GET" and request.headers.upgrade().lower() == "websocket"
        return self._websockets_read or not websocket

    def _update(self) -> None:
        healthy = [target for target in self._all if target.state is State.HEALTHY]
        self._writers = [target for target in healthy if not target.reads]
        self._readers = [target for target in healthy if target.reads]
        # Nothing is gained by taking the only target out of turn, so nobody asks again.
        if len(self._all) == 1 and self._writers:
            self.dispose()
        if len(healthy) == len(self._all) and not self._healthy.done():
            self._healthy.set_result(None)
