"""The commands of accessories; each is for one of them by name, or for ``all``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pyinfra.api.arguments_typed import PyinfraOperation

from kamalpy.deploys.accessory_steps import AccessorySteps
from kamalpy.deploys.deploy_command import DeployCommand, deploy_command
from kamalpy.deploys.plan import Step
from kamalpy.deploys.queries import infrastructure_queries


def _command(
    name: str, summary: str, steps: Callable[[AccessorySteps], Iterable[Step]]
) -> PyinfraOperation[...]:
    """Declare a deploy that takes only an accessory."""

    def listed(command: DeployCommand, accessory: str) -> Iterator[Step]:
        for each in AccessorySteps.of(command.project):
            yield from steps(each)

    listed.__name__ = f"accessory_{name}"
    listed.__doc__ = f"{summary}\n\n+ accessory: its name in deploy.yml, or ``all``"
    return deploy_command(f"accessory {name}", infrastructure_queries)(listed)


accessory_boot = _command(
    "boot",
    "Run an accessory as described in deploy.yml.",
    lambda each: (*each.prerequisites(), *each.run()),
)
accessory_reboot = _command(
    "reboot", "Pull an accessory's image, and replace its container.", AccessorySteps.reboot
)
accessory_start = _command("start", "Start an accessory's container.", AccessorySteps.start)
accessory_stop = _command("stop", "Stop an accessory's container.", AccessorySteps.stop)
accessory_restart = _command(
    "restart", "Stop an accessory's container and start it.", AccessorySteps.restart
)
accessory_upload = _command("upload", "Upload an accessory's files.", lambda each: [each.files()])
accessory_directories = _command(
    "directories", "Create an accessory's directories.", lambda each: [each.directories()]
)
accessory_pull_image = _command(
    "pull_image", "Pull an accessory's image.", lambda each: [each.pull()]
)
accessory_remove_container = _command(
    "remove_container",
    "Remove an accessory's container, which must not be running.",
    lambda each: [each.remove_container()],
)
accessory_remove_image = _command(
    "remove_image",
    "Remove an accessory's image, unless a container uses it.",
    lambda each: [each.remove_image()],
)
accessory_remove_service_directory = _command(
    "remove_service_directory",
    "Remove an accessory's files and data; its container must not be running.",
    lambda each: [each.remove_data()],
)


@deploy_command("accessory remove", infrastructure_queries)
def accessory_remove(command: DeployCommand, accessory: str, data: bool = False) -> Iterator[Step]:
    """
    Remove an accessory's container and image.

    + accessory: its name in deploy.yml, or ``all``
    + data: its files and data as well
    """
    for each in AccessorySteps.of(command.project):
        yield from each.remove(data)


@deploy_command("accessory upgrade", infrastructure_queries)
def accessory_upgrade(
    command: DeployCommand, accessory: str, rolling: bool = False
) -> Iterator[Step]:
    """
    Move an accessory from Kamal 1 to 2: into the network that is called kamal.

    + accessory: its name in deploy.yml, or ``all``
    + rolling: one host after the other
    """
    hosts = [host for each in command.project.accessories for host in each.hosts]
    for turn in command.project.turns(hosts, rolling):
        for each in AccessorySteps.of(turn):
            yield from each.reboot() if turn.play(each.accessory.hosts) else ()
