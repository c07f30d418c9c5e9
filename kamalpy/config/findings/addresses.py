"""Hosts, ports and paths of the proxy that no request can have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kamalpy.config.document.nodes import Path
from kamalpy.config.draft import Draft, as_dict, as_list
from kamalpy.config.faults import Fault
from kamalpy.config.machine import ARCHITECTURES

SCHEME = re.compile(r"^[a-z]+://", re.I)
PORTS = range(1, 65536)


def addresses(draft: Draft) -> Iterator[Fault]:
    """Find hosts that are more than a name, no port, and a health check whose path is none."""
    for path, raw in draft.sections("proxy"):
        yield from _host(raw.get("host"), (*path, "host"))
        if isinstance(raw.get("host"), str) and "," in raw["host"]:
            names = ", ".join(name.strip() for name in raw["host"].split(","))
            yield Fault("holds several names", f"write hosts: [{names}]", (*path, "host"))
        for index, host in enumerate(as_list(raw.get("hosts"))):
            yield from _host(host, (*path, "hosts", index))
            if isinstance(host, str) and "," in host:
                how = "write one name an item"
                yield Fault(f"{host} has a comma", how, (*path, "hosts", index), fails=True)
        port = raw.get("app_port")
        if isinstance(port, int) and port not in PORTS:
            how = "write the port that the app listens on"
            yield Fault(f"{port} is no port", how, (*path, "app_port"), fails=True)
        check = as_dict(raw.get("healthcheck")).get("path")
        if isinstance(check, str) and check and not check.startswith("/"):
            where = (*path, "healthcheck", "path")
            yield Fault(f"{check} does not begin with /", f'write "/{check}"', where, fails=True)


def architectures(draft: Draft) -> Iterator[Fault]:
    """Find architectures by a name that is not Docker's."""
    arches = as_dict(draft.raw.get("builder")).get("arch")
    for arch in arches if isinstance(arches, list) else [arches]:
        own = ARCHITECTURES.get(str(arch).lower().removeprefix("linux/"))
        if own not in (None, arch):
            what = f"{arch} is not what Docker calls it"
            yield Fault(what, f'write "arch: {own}"', ("builder", "arch"), fails=True)


def _host(value: Any, path: Path) -> Iterator[Fault]:
    for name in value.split(",") if isinstance(value, str) else ():
        bare = SCHEME.sub("", name.strip()).partition("/")[0].partition(":")[0]
        if bare and bare != name.strip():
            what = f"{name.strip()} is more than a host name"
            yield Fault(what, f"write {bare}", path, fails=True)
