"""Names of the app: where they resolve to, who is in between, and the certificate."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timezone

from kamalpy.config import Accessory, Configuration, ProxySection, Role
from kamalpy.doctor import redirects
from kamalpy.doctor.cloudflare import is_cloudflare
from kamalpy.doctor.finding import Finding, ok, problem, warning

Resolve = Callable[[str], Sequence[str]]
Follow = Callable[[str], Sequence[str]]
SECONDS = 5
FEW_DAYS = 14


def resolve(name: str) -> list[str]:
    """Look up the addresses of a name, none where there are none."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def check(
    config: Configuration, look_up: Resolve = resolve, follow: Follow | None = None
) -> Iterator[Finding]:
    """Report names that do not resolve to their servers, CDNs in between, and redirect loops."""
    for name, hosts, proxy in names_of(config):
        servers = {address for host in hosts for address in look_up(host)}
        addresses = look_up(name)
        if not addresses:
            record = "an A record with the address of a server"
            yield problem(
                name, "does not resolve", f"add {record} at the DNS provider of your domain"
            )
            continue
        found = [*_route(name, addresses, servers, proxy), *_loop(name, proxy, follow)]
        yield from found or [ok(name, f"resolves to {', '.join(addresses)}")]
        if proxy.tls and not found and follow is redirects.follow:
            yield from certificate(name)


def names_of(config: Configuration) -> Iterator[tuple[str, Sequence[str], ProxySection]]:
    """List the names that proxies answer for, with the hosts of each and its section."""
    proxied: list[Role | Accessory] = [*config.roles, *config.accessories]
    for each in proxied:
        for name in each.proxy.hosts if each.proxy is not None else ():
            if "*" not in name and each.proxy is not None:
                yield name, each.hosts, each.proxy


def _route(
    name: str, addresses: Sequence[str], servers: set[str], proxy: ProxySection
) -> Iterator[Finding]:
    if any(is_cloudflare(each) for each in addresses):
        if proxy.tls and not proxy.custom_certificate:
            what = "is proxied by Cloudflare, and ssl: true wants Let's Encrypt to reach the server"
            how = (
                'either set the record to "DNS only"; or choose SSL mode "Full" there, and write '
                "ssl: false or a certificate of your own with forward_headers: true"
            )
            yield warning(name, what, how)
        return
    elsewhere = [each for each in addresses if each not in servers]
    if elsewhere and servers:
        wanted = ", ".join(sorted(servers))
        what = f"resolves to {', '.join(elsewhere)}, and not to its server ({wanted})"
        how = "correct its A and AAAA records; behind a load balancer this is as it should be"
        yield (warning if len(elsewhere) < len(addresses) else problem)(name, what, how)


def _loop(name: str, proxy: ProxySection, follow: Follow | None) -> Iterator[Finding]:
    urls = follow(f"{'https' if proxy.tls else 'http'}://{name}/") if follow else ()
    if urls and urls[-1] in urls[:-1]:
        how = (
            'behind Cloudflare choose SSL mode "Full"; behind another proxy that ends HTTPS, write '
            "proxy/ssl_redirect: false or forward_headers: true"
        )
        yield problem(name, f"redirects in a loop: {' -> '.join(urls)}", how)


def certificate(name: str) -> Iterator[Finding]:
    """Report how long the served certificate is valid; nothing without an answer."""
    context = ssl.create_default_context()
    with suppress(OSError):
        try:
            with (
                socket.create_connection((name, 443), SECONDS) as connection,
                context.wrap_socket(connection, server_hostname=name) as wrapped,
            ):
                peer = wrapped.getpeercert() or {}
        except ssl.SSLCertVerificationError as error:
            how = "kamalpy proxy logs shows why there is no certificate"
            yield problem(name, f"its certificate is refused: {error.verify_message}", how)
            return
        left = _days(str(peer.get("notAfter", "")))
        how = "renewal is automatic with ssl: true; kamalpy proxy logs shows why it fails"
        if left < FEW_DAYS:
            yield warning(name, f"its certificate is valid for {left} days more", how)
        else:
            yield ok(name, f"certificate valid for {left} days")


def _days(until: str) -> int:
    end = datetime.fromtimestamp(ssl.cert_time_to_seconds(until), timezone.utc)
    return (end - datetime.now(timezone.utc)).days
