"""The commands of accessories; each is for one of them by name, or for ``all``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyinfra.api.arguments_typed import PyinfraOperation
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


def _deploy(name: str, steps: Steps, summary: str) -> PyinfraOperation[...]:
    """Declare a deploy that takes an accessory and the options of every deploy."""

    def accessory_deploy(accessory: str, **options: Unpack[DeployArguments]) -> None:
        _run(name, accessory, options, steps)

    accessory_deploy.__name__ = f"accessory_{name}"
    accessory_deploy.__doc__ = f"""
    {summary}

    + accessory: its name in deploy.yml, or ``all``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    return pyinfra_deploy(f"Kamal accessory {name}")(accessory_deploy)


def _run(name: str, accessory: str, options: Mapping[str, Any], steps: Steps) -> None:
    command = DeployCommand.of(f"accessory {name}", options)
    accessories = AccessorySteps(command.project)
    chosen = accessories.chosen(accessory)
    command.run(
        lambda: (step for each in chosen for step in steps(accessories, each)),
        partial(infrastructure_queries, accessories=chosen),
    )


accessory_boot = _deploy(
    "boot", AccessorySteps.boot, "Run an accessory as deploy.yml describes it."
)
accessory_reboot = _deploy(
    "reboot", AccessorySteps.reboot, "Pull an accessory's image, and replace its container."
)
accessory_start = _deploy("start", AccessorySteps.start, "Start an accessory's container.")
accessory_stop = _deploy("stop", AccessorySteps.stop, "Stop an accessory's container.")
accessory_restart = _deploy(
    "restart", AccessorySteps.restart, "Stop an accessory's container and start it."
)
accessory_upload = _deploy("upload", AccessorySteps.upload, "Upload an accessory's files.")
accessory_directories = _deploy(
    "directories", AccessorySteps.directories, "Create an accessory's directories."
)
accessory_pull_image = _deploy("pull_image", AccessorySteps.pull, "Pull an accessory's image.")
accessory_remove_container = _deploy(
    "remove_container",
    AccessorySteps.remove_container,
    "Remove an accessory's container, which must not be running.",
)
accessory_remove_image = _deploy(
    "remove_image",
    AccessorySteps.remove_image,
    "Remove an accessory's image, unless a container uses it.",
)
accessory_remove_service_directory = _deploy(
    "remove_service_directory",
    AccessorySteps.remove_data,
    "Remove an accessory's files and data; its container must not be running.",
)


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
    _run("remove", accessory, options, partial(AccessorySteps.remove, data=data))


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
