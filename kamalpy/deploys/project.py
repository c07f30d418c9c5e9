"""A deploy.yml with its secrets, as one run of pyinfra uses them."""

from __future__ import annotations

import getpass
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kamalpy._pyinfra import hosts_in_play, kept, this_host
from kamalpy.config import Configuration, Env, SecretName, load
from kamalpy.errors import DeployError
from kamalpy.secrets import Secret, Secrets


@dataclass(frozen=True)
class Project:
    """A configuration, its secrets, and the hosts of it that this run is for."""

    config: Configuration
    secrets: Secrets
    performer: str
    name: str

    def play(self, hosts: tuple[str, ...]) -> tuple[str, ...]:
        """Leave out hosts that are not in this run's inventory or its ``--limit``."""
        known = {server.name for server in hosts_in_play()}
        return tuple(host for host in hosts if host in known)

    @property
    def leader(self) -> str:
        """The host with the lock: the primary one, or of those in play the first, as in Kamal."""
        hosts = [host for role in self.config.roles for host in role.hosts]
        found = self.play(tuple(hosts)) or self.play(self.config.hosts)
        if not found:
            raise DeployError(
                f"none of this run's hosts is in {self.config.file}; see --limit, or pyinfra "
                "@kamal debug-inventory"
            )
        return found[0]

    @property
    def inventory(self) -> str:
        """Spell the inventory that has these hosts, as pyinfra's command line takes it."""
        destination = self.config.destination
        query = f"?destination={destination}" if destination else ""
        return shlex.quote(f"@kamal/{self.config.file}{query}")

    def secret(self, value: str | SecretName | None) -> Secret | str | None:
        """Resolve what may be the name of a secret."""
        return self.secrets.secret(value.name) if isinstance(value, SecretName) else value

    def secret_values(self, env: Env) -> Mapping[str, Secret]:
        """List the secrets of an ``env`` section by the names that the app sees."""
        return {name: self.secrets.secret(known) for name, known in env.secret.items()}


@dataclass(slots=True)
class _Projects:
    by_key: dict[tuple[Any, ...], Project] = field(default_factory=dict)


def project(
    config: str | None = None, destination: str | None = None, version: str | None = None
) -> Project:
    """Read the project of the host at hand, once for a run."""
    if version is not None and not isinstance(version, str):
        raise DeployError(
            f"version: {version!r} is not text, since pyinfra reads arguments as JSON; set VERSION "
            "in the environment instead"
        )
    data = this_host().data
    path = config or data.get("kamal_file") or "config/deploy.yml"
    wanted = destination or data.get("kamal_destination")
    root = Path(data.get("kamal_root") or ".")
    projects = kept(_Projects).by_key
    key = (path, wanted, root, version)
    if key not in projects:
        read = load(path, destination=wanted, version=version, root=root)
        secrets = secrets_of(read)
        projects[key] = Project(read, secrets, _git("user.email"), _git("user.name"))
    return projects[key]


def secrets_of(config: Configuration) -> Secrets:
    """Find a configuration's secrets, with the environment that its templates have left."""
    return Secrets(
        config.secrets_path,
        destination=config.destination,
        root=config.root,
        environ=config.environ,
    )


def _git(setting: str) -> str:
    try:
        said = subprocess.run(
            ["git", "config", setting], capture_output=True, text=True, check=False
        )
    except OSError:
        return getpass.getuser()
    return said.stdout.strip() or getpass.getuser()
