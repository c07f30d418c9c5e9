"""Which secrets the containers on servers have, and whether their values are up to date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kamalpy.commands.state_query import StateQuery
from kamalpy.config import Env
from kamalpy.deploys.plan import read
from kamalpy.deploys.project import Project
from kamalpy.errors import SecretError
from kamalpy.secrets import Secret
from kamalpy.spec.change import SECRET
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.secret_files import path_of
from kamalpy.spec.state import Container, HostState


@dataclass(frozen=True)
class Holding:
    """
    A container that runs, and the names of the secrets that it should have.

    ``outdated`` are those of which it has another value, or none; ``unknown`` those whose value
    is not known here.
    """

    host: str
    container: str
    secrets: tuple[str, ...]
    outdated: tuple[str, ...]
    unknown: tuple[str, ...]
    replaced_by: str


def holdings(project: Project) -> Iterator[Holding]:
    """Read all hosts in play, and compare what runs there with the files of secrets."""
    config = project.config
    services = (config.service, *(each.service_name for each in config.accessories))
    states = read({host: StateQuery(services=services) for host in project.play(config.hosts)})
    for host, state in states.items():
        yield from _of_roles(project, host, state)
        yield from _of_accessories(project, host, state)


def _of_roles(project: Project, host: str, state: HostState) -> Iterator[Holding]:
    for role in project.roles_on(host):
        for container in state.labelled(**project.app(role.name).labels):
            if container.status == "running":
                env, by = role.env(host), project.typed("deploy")
                yield _holding(project, host, state, container, role.name, env, by)


def _of_accessories(project: Project, host: str, state: HostState) -> Iterator[Holding]:
    for each in project.config.accessories:
        container = state.container(each.service_name)
        if host in each.hosts and container is not None:
            by = project.typed("accessory boot", each.name)
            yield _holding(project, host, state, container, each.name, each.env, by)


def _holding(
    project: Project,
    host: str,
    state: HostState,
    container: Container,
    part: str,
    env: Env,
    replaced_by: str,
) -> Holding:
    secrets, unknown = _divided(project, env)
    as_files = project.config.kamalpy.secrets_of(part).place != "env"
    spec = ContainerSpec(
        name=container.name,
        image=container.image,
        env=env.clear,
        secrets=secrets,
        secrets_as_files=as_files,
    )
    fields = {path_of(name) if as_files else f"env/{name}": name for name in secrets}
    changes = spec.drift(container, state)
    changed = (
        fields[each.field] for each in changes if each.field in fields and each.will == SECRET
    )
    outdated = dict.fromkeys(env.secret[name] for name in changed)
    names = tuple(dict.fromkeys(env.secret.values()))
    return Holding(host, container.name, names, tuple(outdated), unknown, replaced_by)


def _divided(project: Project, env: Env) -> tuple[Mapping[str, Secret], tuple[str, ...]]:
    """Divide variables into those with a value and the names of those without."""
    secrets: dict[str, Secret] = {}
    unknown: list[str] = []
    for variable, name in env.secret.items():
        secret = project.secrets.secret(name)
        try:
            secret.reveal()
            secrets[variable] = secret
        except SecretError:
            unknown.append(name)
    return secrets, tuple(dict.fromkeys(unknown))
