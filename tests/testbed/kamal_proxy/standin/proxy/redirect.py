"""Requests that belong elsewhere: to HTTPS, or to the canonical host."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from standin.http.exchange import Exchange
from standin.http.headers import Headers
from standin.http.request import Request
from standin.http.statuses import words
from standin.options import ServiceOptions


def destination(request: Request, options: ServiceOptions) -> str | None:
    """Where the request belongs, if that is not here."""
    host, scheme = request.host_name, request.visitor.scheme
    wanted_host = options.canonical_host or host
    wanted_scheme = "https" if options.tls_enabled and options.tls_redirect else scheme
    if (wanted_scheme, wanted_host) == (scheme, host):
        return None
    return f"{wanted_scheme}://{wanted_host}{request.uri}"


async def redirect(exchange: Exchange, url: str) -> None:
    """Send the visitor there, for good."""
    headers = Headers([("Connection", "close"), ("Location", _ascii(url))])
    body = ""
    if exchange.request.method in ("GET", "HEAD"):
        headers.set("Content-Type", "text/html; charset=utf-8")
        body = f'<a href="{_escape(url)}">{words(301)}</a>.\n\n'
    exchange.response.begin(301, headers)
    if exchange.request.method == "GET":
        await exchange.response.write(body.encode())


def _ascii(url: str) -> str:
    return quote(url, safe="".join(map(chr, range(0x21, 0x7F))), errors="surrogateescape")


def _escape(url: str) -> str:
    return escape(url, quote=True).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
