"""Which service a request belongs to, by host and path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from standin.options import ROOT_PATH, ServiceOptions
from standin.proxy.service import Service


@dataclass(frozen=True)
class Route:
    """A path prefix, and the service under it."""

    prefix: str
    service: Service


class Routes:
    """Every service, and the way to it."""

    def __init__(self) -> None:
        self.services: dict[str, Service] = {}
        self.default_tls_host = ""
        self._by_host: dict[str, list[Route]] = {}

    def add(self, service: Service) -> None:
        """Know the service, or its new options."""
        self.services[service.name] = service
        self._update()

    def remove(self, name: str) -> None:
        """Forget the service."""
        del self.services[name]
        self._update()

    def conflict(self, name: str, options: ServiceOptions) -> Service | None:
        """Another service that has one of these hosts and prefixes."""
        for host in options.hosts:
            for route in self._by_host.get(host, []):
                if route.prefix in options.path_prefixes and route.service.name != name:
                    return route.service
        return None

    def find(self, host: str, path: str) -> Route | None:
        """The route with the longest prefix, among those of the host that matches best."""
        for route in self._routes(host):
            if _slashed(path).startswith(_slashed(route.prefix)):
                return route
        return None

    def _routes(self, host: str) -> list[Route]:
        _, dot, parent = host.partition(".")
        wildcard = f"*.{parent}" if dot and not host.startswith(".") else ""
        for key in (host, wildcard):
            if key in self._by_host:
                return self._by_host[key]
        return self._by_host.get("", [])

    def _update(self) -> None:
        self._by_host = {}
        for host, route in _all(self.services.values()):
            self._by_host.setdefault(host, []).append(route)
        for routes in self._by_host.values():
            routes.sort(key=lambda route: -len(route.prefix))
        self._inherit_tls()
        secure = (s.options.hosts[0] for s in self.services.values() if s.options.tls_enabled)
        self.default_tls_host = next(secure, self.default_tls_host)

    def _inherit_tls(self) -> None:
        """A service below another one's root does as that one does."""
        for service in self.services.values():
            if service.options.serves_root:
                continue
            above = self.find(service.options.hosts[0], ROOT_PATH)
            enabled = above.service.options.tls_enabled if above else False
            redirect = above.service.options.tls_redirect if above else True
            service.options = service.options._replace(tls_enabled=enabled, tls_redirect=redirect)


def _all(services: Iterable[Service]) -> Iterable[tuple[str, Route]]:
    for service in services:
        for host in service.options.hosts:
            for prefix in service.options.path_prefixes:
                yield host, Route(prefix, service)


def _slashed(path: str) -> str:
    return path if path.endswith("/") else path + "/"
