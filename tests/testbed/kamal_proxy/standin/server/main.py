"""``kamal-proxy run``: up, until a signal says down."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from typing import Any

from standin import STANDS_IN_FOR
from standin.http.exchange import Exchange
from standin.http.headers import Headers
from standin.log import Log
from standin.paths import socket_path, state_path
from standin.proxy.metrics import Metrics, Prometheus
from standin.proxy.router import Router
from standin.server.commands import Commands
from standin.server.listener import Listener, ListenError, plainly
from standin.server.site import Site
from standin.server.tls import Door

__all__ = ["ListenError", "Ports", "serve"]

SHUTDOWN_SECONDS = 10.0


@dataclass(frozen=True)
class Ports:
    """Where to listen; no metrics on port 0."""

    http: int
    https: int
    metrics: int


def serve(ports: Ports, *, debug: bool, http3: bool) -> None:
    """Serve until SIGTERM or SIGINT; ListenError if a port is taken."""
    log = Log(sys.stdout.buffer, debug)
    log.info(f"This is a stand-in for kamal-proxy {STANDS_IN_FOR}, for tests")
    if http3:
        log.warn("The stand-in does not speak HTTP/3")
    asyncio.run(_serve(ports, log))


async def _serve(ports: Ports, log: Log) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda _, context: _lament(log, context))
    metrics = Prometheus() if ports.metrics else Metrics()
    router = Router(state_path(), metrics, log)
    router.restore()
    commands = Commands(router, log)
    listeners = _listeners(ports, router, metrics, log)
    await commands.listen(socket_path())
    _, http, https = listeners
    log.info("Server started", http=http.port, https=https.port)
    await _signalled()
    commands.close()
    await _stop([listener for listener in listeners if listener is not None], log)
    log.info("Server stopped")
    # Name look-ups in other threads could hold us up for many seconds more.
    os._exit(0)


def _listeners(
    ports: Ports, router: Router, metrics: Metrics, log: Log
) -> tuple[Listener | None, Listener, Listener]:
    site = Site(router, metrics, log, {"http": ports.http, "https": ports.https})
    counted = None
    if ports.metrics:
        counted = Listener(ports.metrics, plainly, _publisher(metrics), log)
        log.info("Metrics enabled", address=f":{ports.metrics}")
    http = Listener(ports.http, plainly, site.handle, log)
    https = Listener(ports.https, Door(router).admit, site.handle, log)
    return counted, http, https


def _publisher(metrics: Metrics) -> Any:
    async def publish(exchange: Exchange) -> None:
        headers = Headers([("Content-Type", "text/plain; version=0.0.4; charset=utf-8")])
        exchange.response.begin(200, headers)
        await exchange.response.write(metrics.text())
        await exchange.response.finish()

    return publish


async def _signalled() -> None:
    signalled = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signalled.set)
    await signalled.wait()


async def _stop(listeners: list[Listener], log: Log) -> None:
    in_time = await asyncio.gather(*(listener.stop(SHUTDOWN_SECONDS) for listener in listeners))
    for _ in range(in_time.count(False)):
        log.warn("Closing active connections")


def _lament(log: Log, context: dict[str, Any]) -> None:
    error = context.get("exception")
    log.error("The stand-in is at a loss", error=repr(error or context.get("message")))
