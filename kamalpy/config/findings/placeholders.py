"""Texts of a new deploy.yml that are still to be replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kamalpy.config.document import Mapping, Path
from kamalpy.config.document.nodes import scalars
from kamalpy.config.draft import Draft, as_list
from kamalpy.config.faults import Fault

FIRST = re.compile(r"\b(your|my)-(user|org|name|image|registry|server|app)\b|\bchange-?me\b", re.I)
BRACKET = re.compile(r"[<\[{]")
"""Images and servers with a bracket are reported as invalid names."""
ADDRESS = "192.0.2.1"
DOMAIN = re.compile(r"(^|[./@])example\.(com|org|net)\b")
VARIABLE = re.compile(r"\$\{?(\w+)\}?")
PLACES = ("image", "registry", "servers", "accessories")


def placeholders(document: Mapping) -> Iterator[Fault]:
    """Find placeholder names, addresses and domains, and variables of a shell."""
    for path, scalar in scalars(document):
        if path[0] in PLACES and isinstance(scalar.value, str):
            yield from _placeholder(path, scalar.value)
        if isinstance(scalar.value, str) and _is_name(path):
            yield from _variable(path, scalar.value)
    for path in _hosts(document):
        if path[-1] == ADDRESS:
            yield _address(path)


def domains(draft: Draft) -> Iterator[Fault]:
    """Find names that Let's Encrypt issues no certificate for."""
    for path, raw in draft.sections("proxy"):
        named: list[tuple[Any, Any]] = [("host", raw.get("host"))]
        named += [(("hosts", i), host) for i, host in enumerate(as_list(raw.get("hosts")))]
        for key, name in named if raw.get("ssl") is True else ():
            if isinstance(name, str) and (found := _without_certificate(name)):
                where = (*path, *(key if isinstance(key, tuple) else (key,)))
                yield Fault(f"{name} is {found[0]}", found[1], where, fails=True)


def _without_certificate(name: str) -> tuple[str, str] | None:
    """Say what a name is that gets no certificate, and what to write."""
    if DOMAIN.search(name):
        how = "write the name that resolves to your server"
        return "an example name, which gets no certificate", how
    if name.startswith("*"):
        how = "write each name under hosts, or a certificate of your own under ssl"
        return "a wildcard, which gets no certificate from Let's Encrypt", how
    if name and (re.fullmatch(r"[\d.]+|.*:.*:.*", name) or "." not in name):
        how = 'write a name that resolves to your server, or "ssl: false"'
        return "no name of a domain, so it gets no certificate", how
    return None


def _is_name(path: Path) -> bool:
    """Tell whether a value is a name of an image, a registry or a host."""
    if path[0] == "servers":
        return isinstance(path[-1], int) and not {"cmd", "env", "options"}.intersection(path)
    names = (("image",), ("registry", "server"), ("registry", "username"), ("proxy", "host"))
    return path in names


def _variable(path: Path, value: str) -> Iterator[Fault]:
    if found := VARIABLE.search(value):
        what = f"{found[0]} stays as it is, no shell replaces it"
        yield Fault(what, f'write <%= ENV["{found[1]}"] %>', path, fails=True)


def _placeholder(path: Path, value: str) -> Iterator[Fault]:
    if FIRST.search(value) and not BRACKET.search(value):
        how = "write your own, as the registry knows it"
        yield Fault(f"{value} is a placeholder", how, path, fails=True)
    elif value == ADDRESS:
        yield _address(path)


def _address(path: Path) -> Fault:
    how = "write the address of your server"
    return Fault(f"{ADDRESS} is an example address, no server has it", how, path, fails=True)


def _hosts(document: Mapping) -> Iterator[Path]:
    """Find hosts with tags, which are keys."""
    servers = document.entries.get("servers")
    for path, _ in scalars(servers.node) if servers else ():
        yield from (("servers", *path[:end]) for end in range(1, len(path) + 1))
