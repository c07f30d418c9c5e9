"""The verbs of the proxy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.asks import asks_beside
from kamalpy.deploys.plan import Step
from kamalpy.deploys.proxies import ProxySteps
from kamalpy.deploys.verb import Verb

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.asked import Asking

Steps = Callable[[ProxySteps], Iterator[Step]]


@pyinfra_deploy("Kamal proxy boot")
def proxy_boot(**asking: Unpack[Asking]) -> None:
    """
    Have the proxy run; one that differs is left as it is, and told.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("boot", asking, ProxySteps.boot)


@pyinfra_deploy("Kamal proxy reboot")
def proxy_reboot(rolling: bool = False, **asking: Unpack[Asking]) -> None:
    """
    Give the proxy a new container, which takes a second of service.

    + rolling: one host after the other
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("reboot", asking, partial(ProxySteps.reboot, rolling=rolling))


@pyinfra_deploy("Kamal proxy start")
def proxy_start(**asking: Unpack[Asking]) -> None:
    """
    Start the proxy's container.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("start", asking, ProxySteps.start)


@pyinfra_deploy("Kamal proxy stop")
def proxy_stop(**asking: Unpack[Asking]) -> None:
    """
    Stop the proxy's container.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("stop", asking, ProxySteps.stop)


@pyinfra_deploy("Kamal proxy restart")
def proxy_restart(**asking: Unpack[Asking]) -> None:
    """
    Stop the proxy's container and start it.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("restart", asking, ProxySteps.restart)


@pyinfra_deploy("Kamal proxy remove")
def proxy_remove(force: bool = False, **asking: Unpack[Asking]) -> None:
    """
    Remove the proxy with its image and its files, where no app needs it.

    + force: even if some app needs it
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("remove", asking, partial(ProxySteps.remove, force=force))


@pyinfra_deploy("Kamal proxy boot_config")
def proxy_boot_config(
    options: str | None = None,
    image: str | None = None,
    image_version: str | None = None,
    run_command: str | None = None,
    **asking: Unpack[Asking],
) -> None:
    """
    Have Kamal's files that say how the proxy is run; what is not said has no file.

    + options: flags of ``docker run``
    + image: the proxy's image without a tag
    + image_version: its tag
    + run_command: command that is run in it
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    wanted = {
        "options": options,
        "image": image,
        "image_version": image_version,
        "run_command": run_command,
    }
    _play("boot_config", asking, partial(ProxySteps.boot_config, wanted=wanted), locks=False)


@pyinfra_deploy("Kamal proxy remove_container")
def proxy_remove_container(**asking: Unpack[Asking]) -> None:
    """
    Remove the proxy's container, which must have stopped.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("remove_container", asking, ProxySteps.remove_container)


@pyinfra_deploy("Kamal proxy remove_image")
def proxy_remove_image(**asking: Unpack[Asking]) -> None:
    """
    Remove the proxy's image, unless it runs from it.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("remove_image", asking, ProxySteps.remove_image)


@pyinfra_deploy("Kamal proxy remove_proxy_directory")
def proxy_remove_proxy_directory(**asking: Unpack[Asking]) -> None:
    """
    Remove the proxy's files; it must have stopped.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    _play("remove_proxy_directory", asking, ProxySteps.remove_directory)


def _play(command: str, asking: Mapping[str, Any], steps: Steps, locks: bool = True) -> None:
    verb = Verb.of(f"proxy {command}", asking, locks)
    of = ProxySteps(verb.project, verb.hooks)
    of.check()
    verb.play(partial(steps, of), asks_beside)
