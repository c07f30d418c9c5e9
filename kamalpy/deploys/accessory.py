"""The verbs of accessories; each is for one of them by its name, or for ``all``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.config import Accessory
from kamalpy.deploys.accessories import AccessorySteps
from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.plan import Step
from kamalpy.deploys.queries import infrastructure_queries

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments

Steps = Callable[[AccessorySteps, Accessory], Iterator[Step]]


@pyinfra_deploy("Kamal accessory boot")
def accessory_boot(accessory: str, **options: Unpack[DeployArguments]) -> None:
    """
    Have an accessory run as deploy.yml says.

    + accessory: its name in deploy.yml, or ``all``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("boot", accessory, options, AccessorySteps.boot)


@pyinfra_deploy("Kamal accessory reboot")
def accessory_reboot(accessory: str, **options: Unpack[DeployArguments]) -> None:
    """
    Fetch an accessory's image, and give it a new container.

    + accessory: its name in deploy.yml, or ``all``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("reboot", accessory, options, AccessorySteps.reboot)


@pyinfra_deploy("Kamal accessory start")
def accessory_start(accessory: str, **options: Unpack[DeployArguments]) -> None:
    """
    Start an accessory's container.

    + accessory: its name in deploy.yml, or ``all``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("start", accessory, options, AccessorySteps.start)


@pyinfra_deploy("Kamal accessory stop")
def accessory_stop(accessory: str, **options: Unpack[DeployArguments]) -> None:
    """
    Stop an accessory's container.

    + accessory: its name in deploy.yml, or ``all``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("stop", accessory, options, AccessorySteps.stop)


@pyinfra_deploy("Kamal accessory restart")
def accessory_restart(accessory: str, **options: Unpack[DeployArguments]) -> None:
    """
    Stop an accessory's container and start it.

    + accessory: its name in deploy.yml, or ``all``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("restart", accessory, options, AccessorySteps.restart)


@pyinfra_deploy("Kamal accessory remove")
def accessory_remove(
    accessory: str, data: bool = False, **options: Unpack[DeployArguments]
) -> None:
    """
    Remove an accessory's container and image.

    + accessory: its name in deploy.yml, or ``all``
    + data: its files and data as well
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("remove", accessory, options, partial(AccessorySteps.remove, data=data))


@pyinfra_deploy("Kamal accessory upgrade")
def accessory_upgrade(
    accessory: str, rolling: bool = False, **options: Unpack[DeployArguments]
) -> None:
    """
    Move an accessory from Kamal 1 to 2: into the network that is called kamal.

    + accessory: its name in deploy.yml, or ``all``
    + rolling: one host after the other
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("accessory upgrade", options)
    of = AccessorySteps(command.project)
    chosen = of.chosen(accessory)

    def steps() -> Iterator[Step]:
        hosts = command.project.play(tuple(host for each in chosen for host in each.hosts))
        hosts = tuple(dict.fromkeys(hosts))
        for turn in [(host,) for host in hosts] if rolling else [hosts]:
            for each in chosen:
                if command.project.turn_of(*turn).play(each.hosts):
                    yield from AccessorySteps(command.project.turn_of(*turn)).reboot(each)

    command.run(steps, partial(infrastructure_queries, accessories=chosen))


@pyinfra_deploy("Kamal accessory upload")
def accessory_upload(accessory: str, **options: Unpack[DeployArguments]) -> None:
    """
    Send an accessory's files.

    + accessory: its name in deploy.yml, or ``all``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("upload", accessory, options, AccessorySteps.upload)


@pyinfra_deploy("Kamal accessory directories")
def accessory_directories(accessory: str, **options: Unpack[DeployArguments]) -> None:
    """
    Make an accessory's directories.

    + accessory: its name in deploy.yml, or ``all``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("directories", accessory, options, AccessorySteps.directories)


@pyinfra_deploy("Kamal accessory pull_image")
def accessory_pull_image(accessory: str, **options: Unpack[DeployArguments]) -> None:
    """
    Fetch an accessory's image.

    + accessory: its name in deploy.yml, or ``all``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("pull_image", accessory, options, AccessorySteps.pull)


@pyinfra_deploy("Kamal accessory remove_container")
def accessory_remove_container(accessory: str, **options: Unpack[DeployArguments]) -> None:
    """
    Remove an accessory's container, which must have stopped.

    + accessory: its name in deploy.yml, or ``all``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("remove_container", accessory, options, AccessorySteps.remove_container)


@pyinfra_deploy("Kamal accessory remove_image")
def accessory_remove_image(accessory: str, **options: Unpack[DeployArguments]) -> None:
    """
    Remove an accessory's image, unless some container runs from it.

    + accessory: its name in deploy.yml, or ``all``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("remove_image", accessory, options, AccessorySteps.remove_image)


@pyinfra_deploy("Kamal accessory remove_service_directory")
def accessory_remove_service_directory(accessory: str, **options: Unpack[DeployArguments]) -> None:
    """
    Remove an accessory's files and data; its container must have stopped.

    + accessory: its name in deploy.yml, or ``all``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("remove_service_directory", accessory, options, AccessorySteps.remove_data)


def _play(name: str, accessory: str, options: Mapping[str, Any], steps: Steps) -> None:
    command = DeployCommand.of(f"accessory {name}", options)
    of = AccessorySteps(command.project)
    chosen = of.chosen(accessory)
    command.run(
        lambda: (step for each in chosen for step in steps(of, each)),
        partial(infrastructure_queries, accessories=chosen),
    )
