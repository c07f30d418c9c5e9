"""The verbs of accessories; each is for one of them by its name, or for ``all``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.config import Accessory
from kamalpy.deploys.accessories import AccessorySteps
from kamalpy.deploys.asks import asks_beside
from kamalpy.deploys.plan import Step
from kamalpy.deploys.verb import Verb

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.asked import Asking

Steps = Callable[[AccessorySteps, Accessory], Iterator[Step]]


@pyinfra_deploy("Kamal accessory boot")
def accessory_boot(accessory: str, **asking: Unpack[Asking]) -> None:
    """
    Have an accessory run as deploy.yml says.

    + accessory: its name in deploy.yml, or ``all``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("boot", accessory, asking, AccessorySteps.boot)


@pyinfra_deploy("Kamal accessory reboot")
def accessory_reboot(accessory: str, **asking: Unpack[Asking]) -> None:
    """
    Fetch an accessory's image, and give it a new container.

    + accessory: its name in deploy.yml, or ``all``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("reboot", accessory, asking, AccessorySteps.reboot)


@pyinfra_deploy("Kamal accessory start")
def accessory_start(accessory: str, **asking: Unpack[Asking]) -> None:
    """
    Start an accessory's container.

    + accessory: its name in deploy.yml, or ``all``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("start", accessory, asking, AccessorySteps.start)


@pyinfra_deploy("Kamal accessory stop")
def accessory_stop(accessory: str, **asking: Unpack[Asking]) -> None:
    """
    Stop an accessory's container.

    + accessory: its name in deploy.yml, or ``all``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("stop", accessory, asking, AccessorySteps.stop)


@pyinfra_deploy("Kamal accessory restart")
def accessory_restart(accessory: str, **asking: Unpack[Asking]) -> None:
    """
    Stop an accessory's container and start it.

    + accessory: its name in deploy.yml, or ``all``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("restart", accessory, asking, AccessorySteps.restart)


@pyinfra_deploy("Kamal accessory remove")
def accessory_remove(accessory: str, data: bool = False, **asking: Unpack[Asking]) -> None:
    """
    Remove an accessory's container and image.

    + accessory: its name in deploy.yml, or ``all``
    + data: its files and data as well
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("remove", accessory, asking, partial(AccessorySteps.remove, data=data))


@pyinfra_deploy("Kamal accessory upgrade")
def accessory_upgrade(accessory: str, rolling: bool = False, **asking: Unpack[Asking]) -> None:
    """
    Move an accessory from Kamal 1 to 2: into the network that is called kamal.

    + accessory: its name in deploy.yml, or ``all``
    + rolling: one host after the other
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("accessory upgrade", asking)
    of = AccessorySteps(verb.project)
    chosen = of.chosen(accessory)

    def steps() -> Iterator[Step]:
        hosts = verb.project.play(tuple(host for each in chosen for host in each.hosts))
        hosts = tuple(dict.fromkeys(hosts))
        for turn in [(host,) for host in hosts] if rolling else [hosts]:
            for each in chosen:
                if verb.project.turn_of(*turn).play(each.hosts):
                    yield from AccessorySteps(verb.project.turn_of(*turn)).reboot(each)

    verb.play(steps, partial(asks_beside, accessories=chosen))


@pyinfra_deploy("Kamal accessory upload")
def accessory_upload(accessory: str, **asking: Unpack[Asking]) -> None:
    """
    Send an accessory's files.

    + accessory: its name in deploy.yml, or ``all``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("upload", accessory, asking, AccessorySteps.upload)


@pyinfra_deploy("Kamal accessory directories")
def accessory_directories(accessory: str, **asking: Unpack[Asking]) -> None:
    """
    Make an accessory's directories.

    + accessory: its name in deploy.yml, or ``all``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("directories", accessory, asking, AccessorySteps.directories)


@pyinfra_deploy("Kamal accessory pull_image")
def accessory_pull_image(accessory: str, **asking: Unpack[Asking]) -> None:
    """
    Fetch an accessory's image.

    + accessory: its name in deploy.yml, or ``all``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("pull_image", accessory, asking, AccessorySteps.pull)


@pyinfra_deploy("Kamal accessory remove_container")
def accessory_remove_container(accessory: str, **asking: Unpack[Asking]) -> None:
    """
    Remove an accessory's container, which must have stopped.

    + accessory: its name in deploy.yml, or ``all``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("remove_container", accessory, asking, AccessorySteps.remove_container)


@pyinfra_deploy("Kamal accessory remove_image")
def accessory_remove_image(accessory: str, **asking: Unpack[Asking]) -> None:
    """
    Remove an accessory's image, unless some container runs from it.

    + accessory: its name in deploy.yml, or ``all``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("remove_image", accessory, asking, AccessorySteps.remove_image)


@pyinfra_deploy("Kamal accessory remove_service_directory")
def accessory_remove_service_directory(accessory: str, **asking: Unpack[Asking]) -> None:
    """
    Remove an accessory's files and data; its container must have stopped.

    + accessory: its name in deploy.yml, or ``all``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("remove_service_directory", accessory, asking, AccessorySteps.remove_data)


def _play(command: str, accessory: str, asking: Mapping[str, Any], steps: Steps) -> None:
    verb = Verb.of(f"accessory {command}", asking)
    of = AccessorySteps(verb.project)
    chosen = of.chosen(accessory)
    verb.play(
        lambda: (step for each in chosen for step in steps(of, each)),
        partial(asks_beside, accessories=chosen),
    )
