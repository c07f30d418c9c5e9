"""Asking a target, again and again, whether it is healthy."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from urllib.parse import quote, urljoin, urlsplit

import h11

from standin.durations import seconds
from standin.goerrors import join
from standin.http.dial import DialError, dial
from standin.http.headers import Headers
from standin.http.target import TargetConnection, request_event
from standin.log import Log
from standin.options import HealthCheckOptions

_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_REQUESTS = 10
_SAFE = "/%$&+,:;=@-_.~!*'()[]"


class UnhealthyError(Exception):
    """The target did not answer as a healthy one does."""


def health_url(host: str, port: int | None, options: HealthCheckOptions) -> str:
    """Where to ask."""
    port = options.port if options.port > 0 else port
    netloc = host if port is None else join(host, port)
    return f"http://{netloc}/" + quote(options.path.lstrip("/"), safe=_SAFE)


class HealthCheck:
    """Checks at an interval, the first at once, until they are stopped."""

    def __init__(
        self, url: str, options: HealthCheckOptions, report: Callable[[bool], None], log: Log
    ) -> None:
        self._url = url
        self._options = options
        self._report = report
        self._log = log
        self._stopped = False
        self._task = asyncio.ensure_future(self._run())

    def stop(self) -> None:
        """No more checks, and no more reports."""
        self._stopped = True
        self._task.cancel()

    async def _run(self) -> None:
        interval = max(seconds(self._options.interval), 0.001)
        clock = asyncio.get_running_loop().time
        due = clock()
        while not self._stopped:
            await self._check()
            # A check that outlasts its interval swallows the ticks but one, as Go's ticker does.
            late = max(0, int((clock() - due) / interval) - 1)
            due += interval * (1 + late)
            await asyncio.sleep(max(0.0, due - clock()))

    async def _check(self) -> None:
        try:
            await asyncio.wait_for(self._ask(), seconds(self._options.timeout))
        except asyncio.TimeoutError:
            self._conclude("request timed out")
        except UnhealthyError as error:
            self._conclude(str(error))
        else:
            self._conclude(None)

    def _conclude(self, error: str | None) -> None:
        if self._stopped:
            return
        if error is not None:
            self._log.info("Healthcheck failed", url=self._url, error=error)
        self._report(error is None)

    async def _ask(self) -> None:
        url, host = self._url, self._options.host
        for _ in range(_MAX_REQUESTS):
            status, location = await _get(url, host)
            if status not in _REDIRECTS or not location:
                break
            # The Host header that was asked for goes along to the same server only.
            host = "" if "//" in location else host
            url = urljoin(url, location)
        else:
            raise UnhealthyError(f'Get "{location}": stopped after {_MAX_REQUESTS} redirects')
        if not 200 <= status <= 299:
            raise UnhealthyError(f"unexpected status ({status})")


async def _get(url: str, host: str) -> tuple[int, str]:
    try:
        return await _request(url, host)
    except DialError as error:
        raise UnhealthyError(f'Get "{url}": {error}') from error
    except ssl.SSLError as error:
        raise UnhealthyError(f'Get "{url}": {_tls_words(error)}') from error
    except (ValueError, h11.LocalProtocolError) as error:
        raise UnhealthyError(f'Get "{url}": {error}') from error


async def _request(url: str, host: str) -> tuple[int, str]:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    tls = ssl.create_default_context() if secure else None
    wire = await dial(parts.hostname or "", parts.port or (443 if secure else 80), tls)
    connection = TargetConnection(wire)
    try:
        headers = Headers([("User-Agent", "kamal-proxy")])
        uri = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        event = request_event("GET", uri, host or parts.netloc, headers)
        await connection.send(event, h11.EndOfMessage())
        response = await connection.head()
        while isinstance(response, h11.InformationalResponse):
            response = await connection.head()
        await _drain(connection)
        return response.status_code, Headers.from_wire(response.headers).get("Location")
    except (OSError, h11.RemoteProtocolError) as error:
        raise UnhealthyError(f'Get "{url}": {connection.complaint(error)}') from error
    finally:
        wire.abort()


async def _drain(connection: TargetConnection) -> None:
    """Read the body: its status counts even if the body breaks off."""
    try:
        async for _ in connection.body():
            pass
    except (OSError, h11.RemoteProtocolError):
        return


def _tls_words(error: ssl.SSLError) -> str:
    if error.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return "http: server gave HTTP response to HTTPS client"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"tls: failed to verify certificate: x509: {error.verify_message}"
    return f"tls: {error.reason}"
