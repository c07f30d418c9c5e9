"""Ports of a server: those the proxy needs, and those that Docker opens past the firewall."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kamalpy.config import Configuration
from kamalpy.doctor.finding import Finding, problem, warning

if TYPE_CHECKING:
    from kamalpy.doctor.server import Server

PROXY = "kamal-proxy"
PUBLISHED = re.compile(r"(?:^|[ ,])(\S*?):(\d+)(?:-\d+)?->(\d+)(?:-\d+)?/(\w+)")
LOCAL = ("127.0.0.1", "[::1]", "localhost")
PROGRAM = re.compile(r'"([^"]+)"')


def check_ports(server: Server, config: Configuration) -> Iterator[Finding]:
    """Report ports that are taken from the proxy, and ports that bypass the firewall."""
    if server.host in config.proxy_hosts and PROXY not in server.containers:
        yield from _taken(server, config)
    yield from _bypassing(server, config)


def proxy_ports(config: Configuration) -> tuple[int, int]:
    """Return the ports of HTTP and HTTPS that the proxy publishes on its hosts."""
    run = config.proxy.run if config.proxy else None
    return (run and run.http_port) or 80, (run and run.https_port) or 443


def _taken(server: Server, config: Configuration) -> Iterator[Finding]:
    for port in proxy_ports(config):
        holder = next((name for name, ports in server.containers.items() if _has(ports, port)), "")
        program = next((who for at, who in server.listeners if at.endswith(f":{port}")), None)
        if holder:
            how = f"on the server: docker stop {holder}; or write proxy/run/http_port"
            yield problem(server.host, f"port {port} is taken by the container {holder}", how)
        elif program is not None:
            name = PROGRAM.search(program)
            by = f"is taken by {name[1]}" if name else "is taken"
            service = name[1] if name else "NAME"
            how = f"on the server: systemctl disable --now {service}; or write proxy/run/http_port"
            yield problem(server.host, f"port {port} {by}", how)


def _bypassing(server: Server, config: Configuration) -> Iterator[Finding]:
    """Find ports that Docker publishes to everybody, whatever the firewall says."""
    meant = {str(port) for port in proxy_ports(config)}
    for name, ports in server.containers.items():
        opened = {
            port
            for address, port, _, protocol in PUBLISHED.findall(ports)
            if address not in LOCAL and protocol == "tcp"
        }
        beyond = sorted(opened - (meant if name == PROXY else set()), key=int)
        if beyond and not server.is_guarded:
            past = f", past the firewall ({server.firewall})" if server.firewall else ""
            what = f"{name} is open to the world on port {', '.join(beyond)}{past}"
            yield warning(server.host, what, f'publish it as "127.0.0.1:{beyond[0]}:PORT"')


def _has(ports: str, port: int) -> bool:
    return any(found[1] == str(port) for found in PUBLISHED.findall(ports))
