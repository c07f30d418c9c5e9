"""What was settled about a request before it leaves for its target."""

from __future__ import annotations

from dataclasses import dataclass, field

from standin.http.headers import Headers
from standin.http.request import Request
from standin.proxy import affinity
from standin.proxy.inflight import Inflight
from standin.proxy.rewrite import response_headers, scope_cookies


@dataclass(frozen=True)
class Claim:
    """A place at a target."""

    address: str
    prefix: str = ""
    scopes_cookies: bool = False
    holds_writer: float | None = None
    inflight: Inflight = field(default_factory=Inflight)

    def headers(self, request: Request, fields: Headers) -> Headers:
        """The target's header fields as the visitor is to see them."""
        headers = response_headers(fields)
        if self.scopes_cookies and self.prefix:
            scope_cookies(headers, self.prefix, request.host)
        if self.holds_writer is not None:
            affinity.hold(headers, self.holds_writer)
        return headers
