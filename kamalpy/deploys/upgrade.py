"""``upgrade``: a server that Kamal 1 has set up becomes one of Kamal 2's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.app import AppSteps
from kamalpy.deploys.app_boot import serving
from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.deploys.queries import deploy_queries
from kamalpy.deploys.versions import versions_of
from kamalpy.operations import image, traefik

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments


@pyinfra_deploy("Kamal upgrade")
def upgrade(rolling: bool = False, **options: Unpack[DeployArguments]) -> None:
    """
    Put kamal-proxy in the place of Traefik, and app and accessories into the network kamal.

    + rolling: one host after the other
    + options: see `kamalpy.deploys.options.DeployOptions`; ``version``: the one that runs

    Where that fails, Traefik and the containers of old serve again.
    """
    _play("upgrade", rolling, True, options)


@pyinfra_deploy("Kamal proxy upgrade")
def proxy_upgrade(rolling: bool = False, **options: Unpack[DeployArguments]) -> None:
    """
    Put kamal-proxy in the place of Traefik, and the app into the network kamal.

    + rolling: one host after the other
    + options: see `kamalpy.deploys.options.DeployOptions`; ``version``: the one that runs
    """
    _play("proxy upgrade", rolling, False, options)


def _play(name: str, rolling: bool, accessories: bool, options: Mapping[str, Any]) -> None:
    command = DeployCommand.of(name, options)
    if command.options.version is None:
        command = command.at(serving(versions_of(command.project)))
    command.run(
        partial(_steps, command, rolling, accessories),
        partial(deploy_queries, with_accessories=accessories),
        "Nothing more is upgraded",
    )


def _steps(command: DeployCommand, rolling: bool, accessories: bool) -> Iterator[Step]:
    of = command.project
    hosts = of.play(of.config.hosts)
    for turn in [(host,) for host in hosts] if rolling else [hosts]:
        yield from _turn(command, of.turn_of(*turn))
        yield from Infrastructure(of.turn_of(*turn)).accessories() if accessories else ()


def _turn(command: DeployCommand, of: Project) -> Iterator[Step]:
    """Move some hosts, which are without service from Traefik's end until the switch."""
    app, under, hosts = AppSteps(of, command.hooks, prune=False), Infrastructure(of), _hosts(of)
    behind = of.play(of.config.proxy_hosts)
    yield from command.hooks.step("pre-proxy-reboot", Stage.PREPARE, behind) if behind else ()
    yield from under.logins(with_accessories=True)
    yield from under.network()
    yield from app.prepare()
    yield _pull(under, behind)
    yield Step("Stop Traefik", Stage.PREPARE, hosts, traefik.stopped, lambda host: _who(of))
    yield from under.proxy(replace=True)
    yield from app.boot()
    yield from app.switch()
    yield from app.end(
        Step("Traefik again", Stage.REVERT, hosts, traefik.back, lambda host: _names(of))
    )
    yield Step("Forget Kamal 1", Stage.RETIRE, hosts, traefik.absent, lambda host: _who(of))
    yield from command.hooks.step("post-proxy-reboot", Stage.PREPARE, behind) if behind else ()


def _pull(under: Infrastructure, hosts: tuple[str, ...]) -> Step:
    """Fetch the proxy's image while Traefik still runs."""

    def arguments(host: str) -> Mapping[str, Any]:
        return {"image": under.run(host).image}

    return Step("Pull the proxy's image", Stage.PREPARE, hosts, image.pull, arguments)


def _hosts(of: Project) -> tuple[str, ...]:
    return of.play(of.config.hosts)


def _names(of: Project) -> Mapping[str, Any]:
    config = of.config
    return {
        "service": config.service,
        "roles": [role.name for role in config.roles],
        "accessories": [each.service_name for each in config.accessories],
        "destination": config.destination,
    }


def _who(of: Project) -> Mapping[str, Any]:
    return {**_names(of), "audit": of.audit()}
