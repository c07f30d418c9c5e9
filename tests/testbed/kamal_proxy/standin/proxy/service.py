"""A service: its options, its targets, and what is decided before a target is asked."""

from __future__ import annotations

import asyncio
from typing import Any

from standin.http.exchange import Exchange
from standin.http.request import Request
from standin.log import Log
from standin.options import ServiceOptions, TargetOptions, to_json
from standin.proxy import pages
from standin.proxy.balancer import Balancer
from standin.proxy.certificates import CHALLENGES, AutomaticCertificate, Certificate, certificate
from standin.proxy.errors import NO_ROLLOUT_TARGET, PageError, PlainError, RefusedError
from standin.proxy.pages import Pages
from standin.proxy.pause import Mode, Pause, PauseExpiredError
from standin.proxy.redirect import destination, redirect
from standin.proxy.rollout import Rollout


class Service:
    """What ``deploy`` makes and ``remove`` forgets."""

    def __init__(
        self,
        name: str,
        options: ServiceOptions,
        target_options: TargetOptions,
        log: Log,
        saved: dict[str, Any] | None = None,
    ) -> None:
        saved = saved or {}
        self.name = name
        self._log = log
        self.pause = Pause(saved.get("pause_controller"))
        rollout = saved.get("rollout_controller")
        self._split = Rollout(**rollout) if rollout else None
        self.active: Balancer | None = None
        self.rollout: Balancer | None = None
        self.configure(options, target_options)

    def configure(self, options: ServiceOptions, target_options: TargetOptions) -> None:
        """Take over new options, all of them or, with RefusedError, none."""
        shown = certificate(self.name, options, self._log)
        folder = options.error_page_path
        own_pages = Pages.load(self.name, folder, self._log) if folder else None
        self.options = options
        self.target_options = target_options
        self.certificate: Certificate | AutomaticCertificate | None = shown
        self._pages = own_pages

    def to_json(self) -> dict[str, Any]:
        """The service as the state file has it."""
        active, rollout = self.active, self.rollout
        return {
            "name": self.name,
            "options": to_json(self.options),
            "target_options": to_json(self.target_options),
            "active_targets": active.addresses(reads=False) if active else [],
            "active_readers": active.addresses(reads=True) if active else [],
            "rollout_targets": rollout.addresses(reads=False) if rollout else None,
            "rollout_readers": rollout.addresses(reads=True) if rollout else None,
            "pause_controller": self.pause.to_json(),
            "rollout_controller": self._split.to_json() if self._split else None,
        }

    def description(self) -> dict[str, Any]:
        """The service as ``list`` shows it."""
        return {
            "host": ",".join(self.options.hosts) or "*",
            "path": ",".join(self.options.path_prefixes),
            "tls": self.options.tls_enabled,
            "target": ",".join(self.active.addresses()) if self.active else "",
            "state": self.pause.mode.name.lower(),
        }

    def split(self, rollout: Rollout) -> None:
        """Choose who sees the rollout targets."""
        if self.rollout is None:
            raise RefusedError(NO_ROLLOUT_TARGET)
        self._split = rollout

    def unsplit(self) -> None:
        """Let nobody see the rollout targets."""
        self._split = None

    def dispose(self) -> None:
        """Check nobody's health any more, and keep no connection open."""
        for balancer in self._balancers():
            balancer.dispose()
            balancer.retire()

    async def drain(self, timeout: int) -> None:
        """Wait for the requests that are under way."""
        await asyncio.gather(*(balancer.drain(timeout) for balancer in self._balancers()))

    def _balancers(self) -> list[Balancer]:
        return [balancer for balancer in (self.active, self.rollout) if balancer is not None]

    async def handle(self, exchange: Exchange, prefix: str) -> None:
        """Answer a request; an PageError that is raised wants the house's own page."""
        self._refuse_challenge(exchange.request)
        own_pages = self._pages
        try:
            await self._handle(exchange, prefix)
        except PageError as error:
            page = own_pages.page(error) if own_pages else None
            if page is None:
                raise
            await pages.show(exchange, error, page, piecewise=False)

    def _refuse_challenge(self, request: Request) -> None:
        automatic = self.certificate is not None and self.certificate.automatic
        if automatic and request.path.startswith(CHALLENGES):
            raise PlainError(404, "acme/autocert: certificate cache miss")

    async def _handle(self, exchange: Exchange, prefix: str) -> None:
        request = exchange.request
        exchange.trail.service = self.name
        if request.visitor.scheme == "https" and not self.options.tls_enabled:
            raise PageError(503)
        elsewhere = destination(request, self.options)
        if elsewhere is not None:
            await redirect(exchange, elsewhere)
            return
        if self.pause.mode is not Mode.RUNNING and self._is_health_check(request):
            exchange.response.begin(200)
            return
        await self._admit(request)
        target, claim = self._balancer(request).claim(request, prefix)
        await target.send(exchange, claim)

    async def _admit(self, request: Request) -> None:
        try:
            await self.pause.admit()
        except PauseExpiredError:
            self._log.warn(
                "Rejecting request due to expired pause", service=self.name, path=request.path
            )
            raise

    def _is_health_check(self, request: Request) -> bool:
        path = self.target_options.health_check_config.path
        return request.method in ("GET", "HEAD") and request.path == path

    def _balancer(self, request: Request) -> Balancer:
        if self.rollout is not None and self._split is not None and self._split.includes(request):
            return self.rollout
        if self.active is None:
            raise PageError(503)
        return self.active
