"""Registries without HTTPS, as configured in this machine's Docker."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

_SYSTEM = Path("/etc/docker/daemon.json")
_USER = (".docker/daemon.json", ".config/docker/daemon.json")


def is_insecure(host: str, environ: Mapping[str, str]) -> bool:
    """Return whether a registry is among Docker's ``insecure-registries``."""
    name = host.rpartition(":")[0] or host
    return any(each == host or _contains(each, name) for each in _listed(environ))


def _listed(environ: Mapping[str, str]) -> Iterator[str]:
    home = Path(environ.get("HOME", "/"))
    for file in (_SYSTEM, *(home / each for each in _USER)):
        try:
            found = json.loads(file.read_text())["insecure-registries"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        yield from (each for each in found or () if isinstance(each, str))


def _contains(network: str, name: str) -> bool:
    try:
        return ipaddress.ip_address(name) in ipaddress.ip_network(network)
    except ValueError:
        return False
