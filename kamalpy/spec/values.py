"""Docker's own notations, normalised so that what is written and what is read compare equal."""

from __future__ import annotations

import re
from typing import Any

_BYTES = re.compile(r"(\d+(?:\.\d+)?) ?([kmgtp]?)(?:i?b)?", re.IGNORECASE)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)")
_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}


def size(value: object) -> object:
    """Read ``2g`` or ``512MB`` as a number of bytes; leave what is no size as it is."""
    found = _BYTES.fullmatch(str(value).strip())
    if not found:
        return value
    return int(float(found[1]) * 1024 ** " kmgtp".index(found[2].lower() or " "))


def duration(value: object) -> object:
    """Read ``1m30s`` as a number of nanoseconds; leave what is no duration as it is."""
    text = str(value)
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return value
    return int(sum(float(number) * _NANOSECONDS[unit] for number, unit in parts))


def nano_cpus(value: object) -> object:
    """Read ``1.5`` CPUs as docker stores them."""
    try:
        return round(float(str(value)) * 10**9)
    except ValueError:
        return value


def number(value: object) -> object:
    """Read digits as a number."""
    try:
        return int(str(value))
    except ValueError:
        return value


def truth(value: object) -> object:
    """Read a flag's value: ``true``, ``--init`` with no value, ``false``."""
    return {"true": True, "false": False, "1": True, "0": False}.get(str(value).lower(), value)


def words(value: object) -> list[str]:
    """List the values of a flag that may be given more than once."""
    if value is None or value == "":
        return []
    values = value if isinstance(value, (list, tuple)) else [value]
    return [str(each) for each in values]


def pairs(value: object) -> dict[str, str]:
    """Read the values of a flag that are ``NAME=VALUE``."""
    return {name: text for name, _, text in (each.partition("=") for each in words(value))}


def port_bindings(published: tuple[str, ...]) -> set[str]:
    """Spell ``--publish`` values as ``ip:port:container/protocol``, one for each port."""
    return {each for value in published for each in _ports(value)}


def bound_ports(bindings: Any) -> set[str]:
    """Spell the PortBindings of ``docker inspect`` in the same way."""
    return {
        f"{_address(each.get('HostIp'))}:{each.get('HostPort') or ''}:{container}"
        for container, hosts in (bindings or {}).items()
        for each in hosts or [{}]
    }


def _address(ip: Any) -> str:
    # docker's word for what it does when no address is given
    return "" if ip in (None, "0.0.0.0") else str(ip)  # noqa: S104


def _ports(value: str) -> list[str]:
    address, _, protocol = value.partition("/")
    host, separator, container = address.rpartition(":")
    ip, _, host_port = host.rpartition(":") if separator else ("", "", "")
    ip = _address(ip.strip("[]"))
    spread = list(_range(container))
    hosts = list(_range(host_port)) if host_port else [""] * len(spread)
    if len(hosts) != len(spread):  # one container port, several to choose from: docker chooses
        hosts = [host_port] * len(spread)
    suffix = protocol or "tcp"
    return [f"{ip}:{port}:{inner}/{suffix}" for port, inner in zip(hosts, spread, strict=True)]


def _range(text: str) -> list[str]:
    first, separator, last = text.partition("-")
    if not separator or not first.isdigit() or not last.isdigit():
        return [text]
    return [str(each) for each in range(int(first), int(last) + 1)][:65536]
