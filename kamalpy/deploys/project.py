"""A deploy.yml with its secrets, as one run of pyinfra uses them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kamalpy._pyinfra import hosts_in_play, kept, this_host
from kamalpy.config import Configuration, Env, Role, SecretName
from kamalpy.connectors.command import Command
from kamalpy.connectors.git_identity import holder, performer
from kamalpy.connectors.hosts import DEFAULT, read, read_for
from kamalpy.connectors.run_secrets import mask_static, secrets_of
from kamalpy.deploys import support
from kamalpy.errors import DeployError
from kamalpy.secrets import Secret, Secrets
from kamalpy.spec.audit import Audit


@dataclass(frozen=True)
class Project:
    """A configuration, its secrets, and the hosts of it that this run is for."""

    config: Configuration
    secrets: Secrets
    performer: str
    name: str
    asked_roles: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[Role, ...]:
        """List the roles in play, the primary one first: asked for, and with a host in play."""
        return tuple(
            role
            for role in self.config.roles
            if self.play(role.hosts) and (not self.asked_roles or role.name in self.asked_roles)
        )

    @property
    def app_hosts(self) -> tuple[str, ...]:
        """List the hosts of the roles in play."""
        hosts = (host for role in self.roles for host in role.hosts)
        return self.play(tuple(dict.fromkeys(hosts)))

    def roles_on(self, host: str) -> tuple[Role, ...]:
        """List the roles in play on a host."""
        return tuple(role for role in self.roles if host in role.hosts)

    def play(self, hosts: tuple[str, ...]) -> tuple[str, ...]:
        """Leave out hosts that are not in this run, its ``--limit``, or the turn they take."""
        known = {server.name for server in hosts_in_play() if self._has_its_turn(server.name)}
        return tuple(host for host in hosts if host in known)

    def turn_of(self, *hosts: str) -> Project:
        """Look at some of the hosts alone, where they take turns."""
        return replace(self, only=hosts)

    def _has_its_turn(self, host: str) -> bool:
        return not self.only or host in self.only

    @property
    def leader(self) -> str:
        """The host with the lock: the first asked for, or the primary one, or the first in play."""
        found = self.play(kept(Command).hosts) or self.app_hosts or self.play(self.config.hosts)
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

    def typed(self, command: str, name: str | None = None) -> str:
        """Spell a command as it is typed by whoever has begun this run."""
        if kept(Command).program == "pyinfra":
            named = f" accessory={shlex.quote(name)}" if name else ""
            return f"pyinfra {self.inventory} kamalpy.deploys:{'_'.join(command.split())}{named}"
        file = [] if self.config.file == DEFAULT else ["-c", self.config.file]
        destination = ["-d", self.config.destination] if self.config.destination else []
        named_ = [name] if name else []
        return shlex.join(["kamalpy", *command.split(), *named_, *file, *destination])

    def audit(self, text: str | None = None) -> Audit:
        """Record a change in this project's audit log; ``text`` replaces an operation's words."""
        return Audit(self.config.service, self.performer, self.config.destination, text)

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
    config: str | None = None,
    destination: str | None = None,
    version: str | None = None,
    roles: Sequence[str] = (),
    image: str | None = None,
) -> Project:
    """Read the project of the host at hand, once for a run."""
    if version is not None and not isinstance(version, str):
        raise DeployError(
            f"version: {version!r} is not text, since pyinfra reads arguments as JSON; set VERSION "
            "in the environment instead"
        )
    read = _read(config, destination)
    key = (read.file, read.destination, version, image, *roles)
    projects = kept(_Projects).by_key
    if key not in projects:
        of_version = replace(read, asked_version=version) if version else read
        of_version = of_version.with_image(image) if image else of_version
        people = (performer(), holder())
        mask_static(read)
        if key not in projects:  # others may have been here meanwhile
            support.check(read)
        projects[key] = Project(of_version, secrets_of(read), *people, _known(read, roles))
    return projects[key]


def projects() -> list[Project]:
    """List the projects of this run."""
    return list(kept(_Projects).by_key.values())


def _read(config: str | None, destination: str | None) -> Configuration:
    """Read what is asked for, else what the inventory comes from, else the usual file."""
    host = this_host()
    if config is None and destination is None and host.data.get("kamal_file"):
        return read_for(host)
    path = config or host.data.get("kamal_file") or DEFAULT
    return read(path, destination, Path(host.data.get("kamal_root") or ".").absolute())


def _known(config: Configuration, roles: Sequence[str]) -> tuple[str, ...]:
    for name in roles:
        if config.role(name) is None:
            known = ", ".join(role.name for role in config.roles)
            raise DeployError(f"{name}: no role of {config.file}; it has {known}")
    return tuple(roles)
