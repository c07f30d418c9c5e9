"""A registry with a password, and a read-only mirror of its store in the place of Docker Hub."""

from __future__ import annotations

import json
from dataclasses import dataclass

from fleet.machine import Machine

#: htpasswd of PASSWORD; the registry understands bcrypt only.
_HASH = "$2b$06$aYikRxi36LjDmOA6hkljiOOc53woMTw9vdjOIvW51k63oWZk4Plaq"


@dataclass(frozen=True, slots=True)
class Registry:
    """The address and credentials of the registry."""

    address: str
    user: str = "acme"
    password: str = "registry-secret"

    @property
    def server(self) -> str:
        """The registry that needs a login."""
        return f"{self.address}:5000"

    @property
    def hub(self) -> str:
        """The mirror from which servers pull images without a registry in their name."""
        return f"{self.address}:5001"

    def hosted(self, image: str) -> str:
        """Return the name in this registry of an image of Docker Hub."""
        return f"{self.server}/{image if '/' in image else f'library/{image}'}"


def install(machine: Machine, registry: Registry) -> None:
    """Write the registry's files and services to the disk of a machine."""
    machine.write("/etc/fleet/htpasswd", f"{registry.user}:{_HASH}\n")
    auth: dict[str, object] = {
        "auth": {"htpasswd": {"realm": "fleet", "path": "/etc/fleet/htpasswd"}}
    }
    _serve(machine, "registry", registry.server, auth, read_only=False)
    _serve(machine, "hub", registry.hub, {}, read_only=True)


def _serve(
    machine: Machine, name: str, address: str, more: dict[str, object], *, read_only: bool
) -> None:
    storage = {
        "filesystem": {"rootdirectory": "/var/lib/docker-registry"},
        "delete": {"enabled": True},
        "maintenance": {"readonly": {"enabled": read_only}},
    }
    settings = {"version": "0.1", "storage": storage, "http": {"addr": address}, **more}
    machine.write(f"/etc/fleet/{name}.yml", json.dumps(settings))  # JSON is YAML
    service = f"#!/bin/sh\nexec docker-registry serve /etc/fleet/{name}.yml\n"
    machine.write(f"/etc/fleet/services/{name}", service, 0o755)
