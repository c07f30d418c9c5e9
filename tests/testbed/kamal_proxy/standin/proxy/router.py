"""What the commands do to the services, and where requests go meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from standin.http.exchange import Exchange
from standin.log import Log
from standin.options import ROOT_PATH, DeploymentOptions, ServiceOptions, TargetOptions
from standin.proxy.balancer import Balancer
from standin.proxy.certificates import AutomaticCertificate, Certificate, HandshakeRefusedError
from standin.proxy.errors import HOST_IN_USE, SERVICE_NOT_FOUND, PageError, RefusedError
from standin.proxy.metrics import Metrics
from standin.proxy.rollout import Rollout
from standin.proxy.routes import Routes
from standin.proxy.service import Service
from standin.proxy.state import restore, save


class Router:
    """Every service of one proxy."""

    def __init__(self, state: Path, metrics: Metrics, log: Log) -> None:
        self._state = state
        self._metrics = metrics
        self._log = log
        self._routes = Routes()

    def restore(self) -> None:
        """Go on where the last run ended."""
        for service in restore(self._state, self._log):
            self._routes.add(service)

    async def handle(self, exchange: Exchange) -> None:
        """Have the right service answer."""
        request = exchange.request
        route = self._routes.find(request.host_name, request.path)
        if route is None:
            raise PageError(404)
        strips = route.service.options.strip_prefix and route.prefix != ROOT_PATH
        with self._metrics.inflight(route.service.name):
            await route.service.handle(exchange, route.prefix if strips else "")

    def certificate(self, name: str | None) -> Certificate | AutomaticCertificate:
        """What to show to a visitor who asks for this host."""
        if not name:
            name = self._routes.default_tls_host
            if not name:
                raise HandshakeRefusedError("no server name provided")
            self._log.warn("No server name; using default TLS hostname", host=name)
        route = self._routes.find(name, ROOT_PATH)
        if route is None or route.service.certificate is None:
            raise HandshakeRefusedError("unknown server name")
        return route.service.certificate

    def describe(self) -> dict[str, dict[str, Any]]:
        """Every service as ``list`` shows it."""
        return {name: service.description() for name, service in self._routes.services.items()}

    async def deploy(
        self,
        name: str,
        targets: list[str],
        readers: list[str],
        options: ServiceOptions,
        target_options: TargetOptions,
        deployment: DeploymentOptions,
    ) -> None:
        """Wait for new targets to be healthy, switch to them, and drain the old ones."""
        about = {
            "service": name,
            "targets": targets or None,
            "hosts": options.hosts,
            "paths": options.path_prefixes,
            "tls": options.tls_enabled,
        }
        self._log.info("Deploying", **about)
        balancer = await self._balancer(targets, readers, options, target_options, deployment)
        try:
            self._check_free(name, options)
            service = self._configured(name, options, target_options)
        except RefusedError:
            balancer.dispose()
            raise
        replaced, service.active = service.active, balancer
        self._routes.add(service)
        self._save()
        await self._retire(replaced, deployment)
        self._log.info("Deployed", **about)

    async def rollout_deploy(
        self, name: str, targets: list[str], readers: list[str], deployment: DeploymentOptions
    ) -> None:
        """The same for the rollout targets."""
        service = self._find(name)
        self._log.info("Deploying for rollout", service=name, targets=targets or None)
        options = service.options
        balancer = await self._balancer(
            targets, readers, options, service.target_options, deployment
        )
        self._check_free(name, options)
        replaced, service.rollout = service.rollout, balancer
        self._routes.add(service)
        self._save()
        await self._retire(replaced, deployment)
        self._log.info("Deployed for rollout", service=name, targets=targets or None)

    def rollout_set(self, name: str, percentage: int, allowlist: list[str]) -> None:
        """Choose who sees the rollout targets."""
        self._find(name).split(Rollout.of(percentage, allowlist))
        self._log.info(
            "Set rollout split", service=name, percentage=percentage, allowlist=allowlist or None
        )
        self._save()

    def rollout_stop(self, name: str) -> None:
        """Let nobody see the rollout targets."""
        self._find(name).unsplit()
        self._log.info("Stopped rollout", service=name)
        self._save()

    def remove(self, name: str) -> None:
        """Forget a service; requests that are under way go on."""
        self._find(name).dispose()
        self._routes.remove(name)
        self._save()

    async def pause(self, name: str, drain: int, held: int) -> None:
        """Hold a service's requests."""
        service = self._find(name)
        service.pause.pause(held)
        self._log.info("Service paused", service=name)
        await self._drain(service, drain)

    async def stop(self, name: str, drain: int, message: str) -> None:
        """Turn a service's requests away."""
        service = self._find(name)
        service.pause.stop(message)
        self._log.info("Service stopped", service=name)
        await self._drain(service, drain)

    def resume(self, name: str) -> None:
        """Let a service's requests through."""
        self._find(name).pause.resume()
        self._log.info("Service resumed", service=name)
        self._save()

    def _find(self, name: str) -> Service:
        try:
            return self._routes.services[name]
        except KeyError:
            raise RefusedError(SERVICE_NOT_FOUND) from None

    def _save(self) -> None:
        save(self._state, self._routes.services.values(), self._log)

    def _check_free(self, name: str, options: ServiceOptions) -> None:
        other = self._routes.conflict(name, options)
        if other is not None:
            self._log.error("Host settings conflict with another service", service=other.name)
            raise RefusedError(HOST_IN_USE)

    def _configured(
        self, name: str, options: ServiceOptions, target_options: TargetOptions
    ) -> Service:
        service = self._routes.services.get(name)
        if service is None:
            return Service(name, options, target_options, self._log)
        service.configure(options, target_options)
        return service

    async def _balancer(
        self,
        targets: list[str],
        readers: list[str],
        options: ServiceOptions,
        target_options: TargetOptions,
        deployment: DeploymentOptions,
    ) -> Balancer:
        balancer = Balancer(targets, readers, options, target_options, self._log)
        try:
            if not deployment.force:
                await balancer.wait(deployment.deploy_timeout)
        except RefusedError:
            balancer.dispose()
            raise
        return balancer

    async def _retire(self, replaced: Balancer | None, deployment: DeploymentOptions) -> None:
        if replaced is not None:
            replaced.dispose()
            await replaced.drain(deployment.drain_timeout)
            replaced.retire()

    async def _drain(self, service: Service, timeout: int) -> None:
        await service.drain(timeout)
        self._log.info("Service drained", service=service.name)
        self._save()
