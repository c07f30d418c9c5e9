"""A visitor's request, taken apart once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

import h11

from standin.http.headers import Headers

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class BadRequestError(Exception):
    """The request makes no sense."""


@dataclass(frozen=True)
class Visitor:
    """Where requests come from."""

    address: str
    port: int
    scheme: str


@dataclass(frozen=True)
class Request:
    """One request; ``headers`` alone may change on the way."""

    visitor: Visitor
    method: str
    version: str
    host: str
    raw_path: str
    query: str
    headers: Headers

    @classmethod
    def from_event(cls, event: h11.Request, visitor: Visitor) -> Request:
        """Understand what h11 read, or raise BadRequestError."""
        headers = Headers.from_wire(event.headers)
        host, target = _split(event.target.decode("ascii"), headers.get("Host"))
        raw_path, _, query = target.partition("?")
        if _BAD_ESCAPE.search(raw_path):
            raise BadRequestError("invalid URL escape")
        headers.remove("Host")
        version = event.http_version.decode()
        return cls(visitor, event.method.decode(), version, host, raw_path, query, headers)

    @property
    def path(self) -> str:
        """The path with its escapes undone: what routing looks at."""
        return unquote_to_bytes(self.raw_path).decode("utf-8", "surrogateescape")

    @property
    def uri(self) -> str:
        """Path and query as they came."""
        return self.raw_path + (f"?{self.query}" if self.query else "")

    @property
    def chunked(self) -> bool:
        """Whether the length of the body is unknown."""
        return "Transfer-Encoding" in self.headers

    @property
    def content_length(self) -> int:
        """Bytes in the body, -1 for unknown."""
        return -1 if self.chunked else int(self.headers.get("Content-Length") or 0)

    @property
    def host_name(self) -> str:
        """The host without its port."""
        return split_port(self.host)

    def cookie(self, name: str) -> str:
        """The cookie's value, or an empty text."""
        for pair in self.headers.joined("Cookie", ";").split(";"):
            key, _, value = pair.strip().partition("=")
            if key == name:
                return value.strip('"')
        return ""


def split_port(host: str) -> str:
    """The host without a port, and an IPv6 address without its brackets."""
    match = re.fullmatch(r"\[(.*)\](?::\d*)?|([^:]*):\d*", host)
    return next(group for group in match.groups() if group is not None) if match else host


def _split(target: str, host: str) -> tuple[str, str]:
    absolute = re.match(r"https?://([^/?]*)(.*)", target, re.IGNORECASE)
    if absolute:
        host, target = absolute.groups()
    if target.startswith("?") or not target:
        target = "/" + target
    return host, target
