"""Numbers for Prometheus, where a port for them is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"}


class Metrics:
    """Nothing is counted."""

    @contextmanager
    def inflight(self, service: str) -> Iterator[None]:
        """Count a request for as long as it is with a service."""
        yield

    def track(self, service: str, method: str, status: int, duration: float) -> None:
        """Count a request that is over."""

    def text(self) -> bytes:
        """The numbers as Prometheus reads them."""
        return b""


class Prometheus(Metrics):
    """Requests are counted."""

    def __init__(self) -> None:
        # Slow to import, and rarely asked for.
        from prometheus_client import (
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
            disable_created_metrics,
        )

        disable_created_metrics()  # type: ignore[no-untyped-call]

        self._registry = CollectorRegistry()
        labels = ["service", "method", "status"]
        self._requests = Counter(
            "kamal_proxy_http_requests_total", "Requests answered", labels, registry=self._registry
        )
        self._seconds = Histogram(
            "kamal_proxy_http_request_duration_seconds",
            "How long requests took",
            labels,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=self._registry,
        )
        self._now = Gauge(
            "kamal_proxy_http_in_flight_requests",
            "Requests in progress",
            ["service"],
            registry=self._registry,
        )

    @contextmanager
    def inflight(self, service: str) -> Iterator[None]:
        with self._now.labels(service).track_inprogress():
            yield

    def track(self, service: str, method: str, status: int, duration: float) -> None:
        labels = (service, method if method in _METHODS else "OTHER", str(status))
        self._requests.labels(*labels).inc()
        self._seconds.labels(*labels).observe(duration)

    def text(self) -> bytes:
        from prometheus_client import generate_latest

        return generate_latest(self._registry)
