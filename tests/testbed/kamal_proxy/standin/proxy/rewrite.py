"""What of a request and a response is changed between visitor and target."""

from __future__ import annotations

from urllib.parse import quote_from_bytes, unquote_to_bytes

from standin.http.headers import Headers
from standin.http.request import Request, split_port

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto")
_BODIED = ("POST", "PUT", "PATCH")
_PATH_SAFE = "$&+,/:;=@-_.~"


def request_uri(request: Request, prefix: str) -> str:
    """Path and query for the target, without the service's prefix."""
    if not prefix:
        return request.uri
    path = unquote_to_bytes(request.raw_path).removeprefix(prefix.encode())
    query = f"?{request.query}" if request.query else ""
    return (quote_from_bytes(path, safe=_PATH_SAFE) or "/") + query


def request_headers(request: Request, target: str, *, trusting: bool) -> Headers:
    """The header fields for the target; a trusting one keeps what a proxy before us said."""
    incoming = request.headers
    headers = incoming.copy()
    upgrade = headers.upgrade()
    trailers = "trailers" in headers.joined("Te")
    headers.drop_hop_by_hop()
    headers.remove(*_FORWARDED)
    if trailers:
        headers.set("Te", "trailers")
    if upgrade:
        headers.set("Connection", "Upgrade")
        headers.set("Upgrade", upgrade)
    if request.chunked:
        headers.set("Transfer-Encoding", "chunked")
    if request.method in _BODIED and not request.chunked and "Content-Length" not in headers:
        headers.set("Content-Length", "0")
    _forwarded(headers, request, trusting=trusting)
    _target(headers, target, trusting=trusting)
    return headers


def _forwarded(headers: Headers, request: Request, *, trusting: bool) -> None:
    before = request.headers.all("X-Forwarded-For") if trusting else []
    headers.set("X-Forwarded-For", ", ".join([*before, request.visitor.address]))
    headers.set("X-Forwarded-Host", request.host)
    headers.set("X-Forwarded-Proto", request.visitor.scheme)
    for name in ("X-Forwarded-Host", "X-Forwarded-Proto"):
        if trusting and request.headers.get(name):
            headers.set(name, request.headers.get(name))


def _target(headers: Headers, target: str, *, trusting: bool) -> None:
    before = headers.all("X-Kamal-Target") if trusting else []
    headers.set("X-Kamal-Target", ", ".join([*before, target]))


def response_headers(headers: Headers) -> Headers:
    """The header fields for the visitor."""
    kept = headers.copy()
    trailer = kept.all("Trailer")
    kept.drop_hop_by_hop()
    if trailer:
        kept.set("Trailer", *trailer)
    return kept


def scope_cookies(headers: Headers, prefix: str, host: str) -> None:
    """Put the prefix in front of the paths of the target's own cookies."""
    cookies = headers.all("Set-Cookie")
    if cookies:
        headers.set(
            "Set-Cookie", *(_scoped(cookie, prefix, split_port(host)) for cookie in cookies)
        )


def _scoped(cookie: str, prefix: str, host: str) -> str:
    pair, *attributes = [part.strip() for part in cookie.split(";")]
    named = {a.partition("=")[0].lower(): a.partition("=")[2] for a in attributes}
    if named.get("domain", host) not in (host, ""):
        return cookie
    path = prefix.rstrip("/") + "/" + named.get("path", "").strip("/")
    others = [a for a in attributes if not a.lower().startswith("path=")]
    return "; ".join([pair, f"Path={path.rstrip('/') or '/'}", *others])
