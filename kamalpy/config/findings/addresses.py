"""Hosts, ports and paths of the proxy that no request can have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kamalpy.config.document.nodes import Path
from kamalpy.config.draft import Draft, as_dict, as_list
from kamalpy.config.faults import Fault

SCHEME = re.compile(r"^[a-z]+://", re.I)


def addresses(draft: Draft) -> Iterator[Fault]:
    """Find hosts that are more than a name, and a health check whose path is none."""
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
        check = as_dict(raw.get("healthcheck")).get("path")
        if isinstance(check, str) and check and not check.startswith("/"):
            where = (*path, "healthcheck", "path")
            yield Fault(f"{check} does not begin with /", f'write "/{check}"', where, fails=True)


def _host(value: Any, path: Path) -> Iterator[Fault]:
    for name in value.split(",") if isinstance(value, str) else ():
        bare = SCHEME.sub("", name.strip()).partition("/")[0].partition(":")[0]
        if bare and bare != name.strip():
            what = f"{name.strip()} is more than a host name"
            yield Fault(what, f"write {bare}", path, fails=True)
