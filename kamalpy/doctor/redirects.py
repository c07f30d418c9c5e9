"""Following redirects, to find those that go round in circles."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

SECONDS = 5
MOST = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A status, and where the answer redirects to."""

    status: int
    location: str | None = None


def ask(url: str) -> Asked:
    """Request a page without following anything; status 0 where nobody answers."""
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.request("GET", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")
        answer = connection.getresponse()
        return Asked(answer.status, answer.getheader("Location"))
    except (OSError, http.client.HTTPException):
        return Asked(0)
    finally:
        connection.close()


def follow(url: str, get: Callable[[str], Asked] = ask) -> list[str]:
    """List the pages that one leads to; the last one is there twice if it is a circle."""
    way = [url]
    while len(way) <= MOST:
        answer = get(way[-1])
        if not 300 <= answer.status < 400 or answer.location is None:
            return way
        following = urljoin(way[-1], answer.location)
        way.append(following)
        if following in way[:-1]:
            return way
    return way


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    """Connect; a certificate that is refused is reported elsewhere."""
    if scheme != "https":
        return http.client.HTTPConnection(host, port, timeout=SECONDS)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)
