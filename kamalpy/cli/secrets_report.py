"""The rows of ``secrets check``, from the files and from the servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from kamalpy.cli.settings import Settings
from kamalpy.config import Configuration, Env
from kamalpy.config.secret_uses import Use, hooks_of, uses_of
from kamalpy.errors import SecretError
from kamalpy.secrets import Secrets
from kamalpy.secrets.findings import broken_urls

if TYPE_CHECKING:
    from kamalpy.deploys.holdings import Holding


@dataclass(frozen=True)
class Row:
    """One name: where it is defined and used, its state, and why it has no value."""

    name: str
    defined: str
    used: tuple[str, ...]
    state: str
    problem: str = ""
    fails: bool = False
    warning: str = ""

    def columns(self) -> dict[str, Any]:
        """Return the columns of the table."""
        return {"name": self.name, "defined": self.defined, "used": self.used, "state": self.state}

    def fields(self) -> dict[str, Any]:
        """Return the fields of the JSON object."""
        explained = {"problem": self.problem, "fails": self.fails, "warning": self.warning}
        return {**self.columns(), **explained}


@dataclass(frozen=True)
class Holder:
    """A container with secrets: their names in the files, and those with outdated values."""

    host: str
    container: str
    secrets: tuple[str, ...]
    replaced_by: str
    outdated: tuple[str, ...] | None = None

    def columns(self, rotated: Sequence[str]) -> dict[str, Any]:
        """Return the columns of the table."""
        columns: dict[str, Any] = {"host": self.host, "container": self.container}
        if self.outdated is not None:
            columns["other value"] = self.outdated
        key = "has" if not rotated else "rotated"
        return {**columns, key: self.secrets, "replaced by": self.replaced_by}


def secrets_of(config: Configuration) -> Secrets:
    """Return the secrets of a configuration."""
    return Secrets(
        config.secrets_path,
        destination=config.destination,
        root=config.root,
        environ=config.environ,
    )


def rows(config: Configuration) -> list[Row]:
    """List all names: those that are used in the order of deploy.yml, then the others."""
    secrets, uses, hooks = secrets_of(config), uses_of(config), hooks_of(config)
    names = dict.fromkeys([*(use.name for use in uses), *secrets.names()])
    found = [
        _row(name, secrets, [use for use in uses if use.name == name], hooks) for name in names
    ]
    warnings = {
        name: f"{name}: {each.what}, such as @, /, : or #; {each.how}"
        for name, each in broken_urls(secrets).items()
    }
    return [replace(row, warning=warnings.get(row.name, "")) for row in found]


def holders(
    config: Configuration, settings: Settings, servers: bool, rotated: Sequence[str]
) -> Iterator[Holder]:
    """List the containers that have secrets, as they run or as deploy.yml describes them."""
    names = affected(config, rotated)
    if servers:
        yield from running(settings, names)
    elif rotated:
        yield from planned(config, names)


def affected(config: Configuration, rotated: Sequence[str]) -> tuple[str, ...]:
    """List the names whose value changes with others; all names if none is given."""
    secrets = secrets_of(config)
    every = dict.fromkeys([*(use.name for use in uses_of(config)), *secrets.names()])
    if not rotated:
        return tuple(every)
    for name in rotated:
        if name not in every:
            raise SecretError(f"{name} is neither defined nor used; see kamalpy secrets check")
    return tuple(
        name
        for name in every
        if name in rotated or secrets.dependencies(name).intersection(rotated)
    )


def planned(config: Configuration, names: Iterable[str]) -> Iterator[Holder]:
    """List the containers that deploy.yml gives some of these names."""
    wanted = set(names)
    for host, container, env, by in containers(config):
        found = tuple(dict.fromkeys(name for name in env.secret.values() if name in wanted))
        if found:
            yield Holder(host, container, found, by)


def running(settings: Settings, names: tuple[str, ...]) -> Iterator[Holder]:
    """List the containers on the servers in play that have some of these names."""
    from kamalpy.cli.queries.fleet import Fleet, new_engine
    from kamalpy.deploys.holdings import holdings

    engine = new_engine(replace(settings, json=False))  # the rows are the output
    with Fleet.reached(engine, engine.hosts) as fleet:
        found = list(holdings(fleet.project()))
    for each in found:
        yield from _holder(each, names)


def _holder(holding: Holding, names: tuple[str, ...]) -> Iterator[Holder]:
    has = tuple(dict.fromkeys(name for name in holding.secrets if name in names))
    if holding.unknown and set(names).intersection(holding.unknown):
        unknown = ", ".join(holding.unknown)
        click.echo(
            f"{holding.host}: {holding.container}: cannot be compared, no value: {unknown}",
            err=True,
        )
    if has or set(holding.outdated).intersection(names):
        every = dict.fromkeys(chain(has, holding.outdated))
        outdated = tuple(name for name in every if name in holding.outdated)
        yield Holder(holding.host, holding.container, has, holding.replaced_by, outdated)


def containers(config: Configuration) -> Iterator[tuple[str, str, Env, str]]:
    """List the containers of deploy.yml: host, name without a version, variables, what renews."""
    for role in config.roles:
        for host in role.hosts:
            yield host, role.container_prefix, role.env(host), "kamalpy deploy"
    for each in config.accessories:
        for host in each.hosts:
            yield host, each.service_name, each.env, f"kamalpy accessory boot {each.name}"


def _row(name: str, secrets: Secrets, uses: Sequence[Use], hooks: Sequence[str]) -> Row:
    where = secrets.definitions().get(name, "")
    lines = [each for each in secrets.names() if name in secrets.dependencies(each)]
    used = [*(use.key for use in uses), *(lines if where else ()), *(hooks if where else ())]
    used = list(dict.fromkeys(used))
    try:
        empty = not secrets.value(name)
    except SecretError as error:
        is_needed = any(not use.is_for_builds for use in uses) or bool(where and hooks)
        state = "no value" if where else "undefined"
        return Row(name, where, tuple(used), state, str(error), is_needed)
    state = "empty" if empty else "set"
    return Row(name, where, tuple(used), state if used else f"{state}, unused")
