"""
For inventory files that change hosts in Python before pyinfra sees them.

.. code:: python

    from kamalpy.inventory import kamal

    globals().update(kamal("config/deploy.yml", destination="staging"))

Without such a need ``hosts = ["@kamal/config/deploy.yml"]`` is shorter, and does more: keys and
jump hosts of deploy.yml are used only there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kamalpy.connectors.hosts import data_of, groups_of, read

Group = list[tuple[str, dict[str, Any]]]


def kamal(path: str = "config/deploy.yml", destination: str | None = None) -> dict[str, Group]:
    """Return the groups of a deploy.yml, each a list of hosts with their SSH data."""
    config = read(path, destination, Path.cwd())
    groups: dict[str, Group] = {}
    for host in config.hosts:
        for group in groups_of(config, host):
            groups.setdefault(group, []).append((host, data_of(config, host)))
    return groups
