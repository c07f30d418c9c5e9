"""The settings of a fleet: a folder and a subnet of its own."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from fleet.errors import FleetError

#: The last number of the addresses that are no server's.
_FIXED = {"machine": 1, "seed": 9}


@dataclass(frozen=True, slots=True)
class Settings:
    """The folder and the subnet of a fleet."""

    directory: Path = Path("/var/tmp/kamalpy-fleet")
    subnet: str = "10.78.0"

    @classmethod
    def from_environment(cls) -> Settings:
        """Read KAMALPY_FLEET_DIR and KAMALPY_FLEET_SUBNET."""
        directory = Path(os.environ.get("KAMALPY_FLEET_DIR", cls().directory)).resolve()
        subnet = os.environ.get("KAMALPY_FLEET_SUBNET", cls().subnet)
        if not re.fullmatch(r"10(\.\d{1,3}){2}", subnet):
            raise FleetError(
                f"KAMALPY_FLEET_SUBNET={subnet}: should be three numbers, such as 10.78.0"
            )
        return cls(directory, subnet)

    @property
    def prefix(self) -> str:
        """The prefix of the names of network namespaces and cgroups."""
        return f"kamalpy-{self.subnet.replace('.', '-')}"

    @property
    def device(self) -> str:
        """The machine's own interface in the fleet's network (at most 15 characters)."""
        return "kf" + self.subnet.removeprefix("10.").replace(".", "-")

    def address(self, name: str) -> str:
        """Return the address of "machine", "seed" or a server (h1, h2, ...)."""
        return f"{self.subnet}.{_FIXED.get(name) or 10 + int(name.removeprefix('h'))}"

    def namespace(self, name: str) -> str:
        """Return the network namespace of a server, or of the "switch"."""
        return f"{self.prefix}-{name}"

    def mark(self, name: str = "") -> str:
        """Return the mark in the environment of each process of the fleet, or of one machine."""
        return f"{self.directory}:" + (f"{name}:" if name else "")
