"""The commands of the proxy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyinfra.api.arguments_typed import PyinfraOperation
from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.plan import Step
from kamalpy.deploys.proxies import ProxySteps
from kamalpy.deploys.queries import infrastructure_queries

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments

Steps = Callable[[ProxySteps], Iterator[Step]]


def _deploy(name: str, steps: Steps, summary: str) -> PyinfraOperation[...]:
    """Declare a deploy that takes the options of every deploy alone."""

    def proxy_deploy(**options: Unpack[DeployArguments]) -> None:
        _run(name, options, steps)

    proxy_deploy.__name__ = f"proxy_{name}"
    proxy_deploy.__doc__ = f"""
    {summary}

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    return pyinfra_deploy(f"Kamal proxy {name}")(proxy_deploy)


def _run(name: str, options: Mapping[str, Any], steps: Steps, locks: bool = True) -> None:
    command = DeployCommand.of(f"proxy {name}", options, locks)
    of = ProxySteps(command.project, command.hooks)
    of.check()
    command.run(partial(steps, of), infrastructure_queries)


proxy_boot = _deploy(
    "boot",
    ProxySteps.boot,
    "Run the proxy where it does not run; one that differs is reported and left alone.",
)
proxy_start = _deploy("start", ProxySteps.start, "Start the proxy's container.")
proxy_stop = _deploy("stop", ProxySteps.stop, "Stop the proxy's container.")
proxy_restart = _deploy("restart", ProxySteps.restart, "Stop the proxy's container and start it.")
proxy_remove_container = _deploy(
    "remove_container",
    ProxySteps.remove_container,
    "Remove the proxy's container, which must not be running.",
)
proxy_remove_image = _deploy(
    "remove_image",
    ProxySteps.remove_image,
    "Remove the proxy's image, unless its container uses it.",
)
proxy_remove_proxy_directory = _deploy(
    "remove_proxy_directory",
    ProxySteps.remove_directory,
    "Remove the proxy's files; its container must not be running.",
)


@pyinfra_deploy("Kamal proxy reboot")
def proxy_reboot(rolling: bool = False, **options: Unpack[DeployArguments]) -> None:
    """
    Give the proxy a new container, which takes a second of service.

    + rolling: one host after the other
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _run("reboot", options, partial(ProxySteps.reboot, rolling=rolling))


@pyinfra_deploy("Kamal proxy remove")
def proxy_remove(force: bool = False, **options: Unpack[DeployArguments]) -> None:
    """
    Remove the proxy with its image and its files, where no app needs it.

    + force: even if some app needs it
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _run("remove", options, partial(ProxySteps.remove, force=force))


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
    _run("boot_config", deploy_options, partial(ProxySteps.boot_config, wanted=wanted), locks=False)
