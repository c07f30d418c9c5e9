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
"""Of an image or server with one is said that it is no name at all."""
ADDRESS = "192.0.2.1"
DOMAIN = re.compile(r"(^|[./@])example\.(com|org|net)\b")
PLACES = ("image", "registry", "servers", "accessories")


def placeholders(document: Mapping) -> Iterator[Fault]:
    """Find names, addresses and domains that nobody can have."""
    for path, scalar in scalars(document):
        if path[0] in PLACES and isinstance(scalar.value, str):
            yield from _placeholder(path, scalar.value)
    for path in _hosts(document):
        if path[-1] == ADDRESS:
            yield _address(path)


def domains(draft: Draft) -> Iterator[Fault]:
    """Find names for which Let's Encrypt gives no certificate, whoever asks."""
    for path, raw in draft.sections("proxy"):
        named: list[tuple[Any, Any]] = [("host", raw.get("host"))]
        named += [(("hosts", i), host) for i, host in enumerate(as_list(raw.get("hosts")))]
        for key, name in named if raw.get("ssl") is True else ():
            if isinstance(name, str) and DOMAIN.search(name):
                where = (*path, *(key if isinstance(key, tuple) else (key,)))
                how = "write the name that resolves to your server"
                what = f"{name} is an example name, which gets no certificate"
                yield Fault(what, how, where, fails=True)


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
