"""The verbs of the proxy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.plan import Step
from kamalpy.deploys.proxies import ProxySteps
from kamalpy.deploys.queries import infrastructure_queries

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments

Steps = Callable[[ProxySteps], Iterator[Step]]


@pyinfra_deploy("Kamal proxy boot")
def proxy_boot(**options: Unpack[DeployArguments]) -> None:
    """
    Have the proxy run; one that differs is left as it is, and told.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("boot", options, ProxySteps.boot)


@pyinfra_deploy("Kamal proxy reboot")
def proxy_reboot(rolling: bool = False, **options: Unpack[DeployArguments]) -> None:
    """
    Give the proxy a new container, which takes a second of service.

    + rolling: one host after the other
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("reboot", options, partial(ProxySteps.reboot, rolling=rolling))


@pyinfra_deploy("Kamal proxy start")
def proxy_start(**options: Unpack[DeployArguments]) -> None:
    """
    Start the proxy's container.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("start", options, ProxySteps.start)


@pyinfra_deploy("Kamal proxy stop")
def proxy_stop(**options: Unpack[DeployArguments]) -> None:
    """
    Stop the proxy's container.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("stop", options, ProxySteps.stop)


@pyinfra_deploy("Kamal proxy restart")
def proxy_restart(**options: Unpack[DeployArguments]) -> None:
    """
    Stop the proxy's container and start it.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("restart", options, ProxySteps.restart)


@pyinfra_deploy("Kamal proxy remove")
def proxy_remove(force: bool = False, **options: Unpack[DeployArguments]) -> None:
    """
    Remove the proxy with its image and its files, where no app needs it.

    + force: even if some app needs it
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("remove", options, partial(ProxySteps.remove, force=force))


@pyinfra_deploy("Kamal proxy boot_config")
def proxy_boot_config(
    options: str | None = None,
    image: str | None = None,
    image_version: str | None = None,
    run_command: str | None = None,
    **deploy_options: Unpack[DeployArguments],
) -> None:
    """
    Have Kamal's files that say how the proxy is run; what is not said has no file.

    + options: flags of ``docker run``
    + image: the proxy's image without a tag
    + image_version: its tag
    + run_command: command that is run in it
    + deploy_options: see `kamalpy.deploys.options.DeployOptions`
    """
    wanted = {
        "options": options,
        "image": image,
        "image_version": image_version,
        "run_command": run_command,
    }
    _play(
        "boot_config", deploy_options, partial(ProxySteps.boot_config, wanted=wanted), locks=False
    )


@pyinfra_deploy("Kamal proxy remove_container")
def proxy_remove_container(**options: Unpack[DeployArguments]) -> None:
    """
    Remove the proxy's container, which must have stopped.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("remove_container", options, ProxySteps.remove_container)


@pyinfra_deploy("Kamal proxy remove_image")
def proxy_remove_image(**options: Unpack[DeployArguments]) -> None:
    """
    Remove the proxy's image, unless it runs from it.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("remove_image", options, ProxySteps.remove_image)


@pyinfra_deploy("Kamal proxy remove_proxy_directory")
def proxy_remove_proxy_directory(**options: Unpack[DeployArguments]) -> None:
    """
    Remove the proxy's files; it must have stopped.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("remove_proxy_directory", options, ProxySteps.remove_directory)


def _play(name: str, options: Mapping[str, Any], steps: Steps, locks: bool = True) -> None:
    command = DeployCommand.of(f"proxy {name}", options, locks)
    of = ProxySteps(command.project, command.hooks)
    of.check()
    command.run(partial(steps, of), infrastructure_queries)
