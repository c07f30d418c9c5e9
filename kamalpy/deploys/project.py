"""A deploy.yml with its secrets, as one run of pyinfra uses them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyinfra import logger

from kamalpy._pyinfra import hosts_in_play, this_host
from kamalpy.commands.lock import Lock
from kamalpy.config import EVERY, Accessory, Configuration, Env, Role, SecretName
from kamalpy.connectors.git_identity import holder, performer
from kamalpy.connectors.hosts import DEFAULT, read, read_for
from kamalpy.connectors.run_secrets import mask_static, secrets_of
from kamalpy.deploys.run import Run
from kamalpy.errors import DeployError
from kamalpy.operations.base import SecretValues
from kamalpy.operations.container_section import ContainerSection
from kamalpy.secrets import Secret, Secrets
from kamalpy.spec.app import App
from kamalpy.spec.audit import Audit


@dataclass(frozen=True)
class Project:
    """A configuration, its secrets, and the hosts of it that this run is for."""

    config: Configuration
    secrets: Secrets
    performer: str
    name: str
    run: Run = field(default_factory=Run, repr=False)
    asked_roles: tuple[str, ...] = ()
    accessories: tuple[Accessory, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def lock(self) -> Lock:
        """The deploy lock."""
        return Lock(self.config.service, self.config.destination)

    def app(self, role: str = "") -> App:
        """Name the things of a role on a host, or those of the whole app."""
        return App(self.config.service, role, self.config.destination)

    @property
    def roles(self) -> tuple[Role, ...]:
        """List the roles in play, the primary one first: selected, and with a host in play."""
        return tuple(
            role
            for role in self.config.roles
            if self.play(role.hosts) and (not self.asked_roles or role.name in self.asked_roles)
        )

    @property
    def app_hosts(self) -> tuple[str, ...]:
        """List the hosts of the roles in play."""
        return self.play([host for role in self.roles for host in role.hosts])

    def roles_on(self, host: str) -> tuple[Role, ...]:
        """List the roles in play on a host."""
        return tuple(role for role in self.roles if host in role.hosts)

    @property
    def whole_hosts(self) -> tuple[str, ...]:
        """List the hosts of which all roles are in play, so that no other role needs the app."""
        roles = self.config.roles
        return tuple(
            host
            for host in self.app_hosts
            if len(self.roles_on(host)) == sum(host in role.hosts for role in roles)
        )

    def play(self, hosts: Sequence[str]) -> tuple[str, ...]:
        """Leave out hosts that are not in this run, its ``--limit``, or the turn they take."""
        in_play = {server.name for server in hosts_in_play()} & set(self.only or hosts)
        return tuple(host for host in dict.fromkeys(hosts) if host in in_play)

    def turn_of(self, *hosts: str) -> Project:
        """Restrict it to some of the hosts, where they take turns."""
        return replace(self, only=hosts)

    def turns(self, hosts: Sequence[str], rolling: bool) -> Iterator[Project]:
        """List the project for one host at a time if ``rolling``, else for all of them at once."""
        in_play = self.play(hosts)
        turns = [(host,) for host in in_play] if rolling else [in_play]
        return (self.turn_of(*turn) for turn in turns)

    def about(self, accessories: str | bool) -> Project:
        """Select an accessory with a host in play, all that have one, or none."""
        if not accessories:
            return self
        called = self.config.accessories_called(EVERY if accessories is True else accessories)
        in_play = tuple(each for each in called if self.play(each.hosts))
        if not in_play and accessories not in (True, EVERY):
            hosts = ", ".join(called[0].hosts)
            what = f"{accessories}: is on {hosts}, and this run is not"
            raise DeployError(f"{what}; see -h, -r and -p")
        return replace(self, accessories=in_play)

    @property
    def leader(self) -> str:
        """The host with the lock: the first selected one, the primary one, or the first in play."""
        found = self.play(self.run.command.hosts) or self.app_hosts or self.play(self.config.hosts)
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
        """Spell a command for the program that was used for this run."""
        if self.run.command.program == "pyinfra":
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
        return {variable: self.secrets.secret(name) for variable, name in env.secret.items()}

    def container_section(
        self,
        part: Role | Accessory,
        image: str,
        env: Env,
        secrets: SecretValues | None,
        volumes: Sequence[str],
    ) -> ContainerSection:
        """Describe how a role or accessory runs, with its own secrets or others of their names."""
        place = self.config.kamalpy.secrets_of(part.name)
        return ContainerSection(
            image=image,
            cmd=part.cmd,
            env=env.clear,
            secrets=self.secret_values(env) if secrets is None else secrets,
            secrets_as=place.place,
            secrets_owner=place.owner,
            volumes=volumes,
            labels=part.labels,
            options=part.options,
            restart=part.restart,
            logging=part.logging,
        )


def project(
    run: Run,
    config: str | None = None,
    destination: str | None = None,
    version: str | None = None,
    roles: Sequence[str] = (),
    image: str | None = None,
) -> Project:
    """Read the project of the current host, once for a run."""
    if version is not None and not isinstance(version, str):
        raise DeployError(
            f"version: {version!r} is not text, since pyinfra reads arguments as JSON; set VERSION "
            "in the environment instead"
        )
    read = _read(config, destination)
    key = (read.file, read.destination, version, image, *roles)
    if key not in run.projects:
        of_version = replace(read, asked_version=version) if version else read
        of_version = of_version.with_image(image) if image else of_version
        people = (performer(), holder())
        mask_static(read)
        if key not in run.projects:  # another greenlet may have read it
            _check_support(run, read)
        asked_roles = _checked(read, roles)
        run.projects[key] = Project(of_version, secrets_of(read), *people, run, asked_roles)
    return run.projects[key]


def _read(config: str | None, destination: str | None) -> Configuration:
    """Read the file that is given, else that of the inventory, else the usual one."""
    host = this_host()
    if config is None and destination is None and host.data.get("kamal_file"):
        return read_for(host)
    path = config or host.data.get("kamal_file") or DEFAULT
    return read(path, destination, Path(host.data.get("kamal_root") or ".").absolute())


def _checked(config: Configuration, roles: Sequence[str]) -> tuple[str, ...]:
    for name in roles:
        if config.role(name) is None:
            listed = ", ".join(role.name for role in config.roles)
            raise DeployError(f"{name}: no role of {config.file}; it has {listed}")
    return tuple(roles)


def _check_support(run: Run, config: Configuration) -> None:
    """Refuse what deploys do not support, and report what has no effect."""
    if config.kamalpy.proxy != "kamal-proxy":
        raise DeployError(
            f"{config.where('x-kamalpy', 'proxy')}: x-kamalpy/proxy: {config.kamalpy.proxy} cannot "
            "be deployed to yet; leave it out, and kamal-proxy routes the traffic"
        )
    for each in config.accessories:
        if each.proxy is not None and each.proxy.custom_certificate:
            path = ("accessories", each.name, "proxy", "ssl")
            raise DeployError(
                f"{config.where(*path)}: {'/'.join(path)}: an own certificate is only served for "
                'roles yet; write "ssl: true" for one of Let\'s Encrypt'
            )
    if config.output is not None and run.command.program == "pyinfra":
        logger.warning(
            f"{config.where('output')}: output: has no effect here, pyinfra writes its own log; "
            "kamalpy deploy writes this one"
        )
