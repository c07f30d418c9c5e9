"""The commands of the proxy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyinfra.api.arguments_typed import PyinfraOperation

from kamalpy._pyinfra import commands_of
from kamalpy.commands import file
from kamalpy.commands.state_query import StateQuery
from kamalpy.deploys.deploy_command import DeployCommand, deploy_command
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Stage, Step, call, one
from kamalpy.deploys.queries import infrastructure_queries
from kamalpy.errors import ArgumentError, DeployError
from kamalpy.facts.observe import forget
from kamalpy.operations import container, image, proxy
from kamalpy.operations.base import Commands, engine, noop
from kamalpy.spec.boot_config import FOLDER
from kamalpy.spec.state import PROXY


@dataclass(frozen=True)
class ProxySteps(Infrastructure):
    """The steps of the proxy on its hosts in play."""

    @classmethod
    def of(cls, command: DeployCommand) -> ProxySteps:
        """Refuse a command where there is no proxy."""
        steps, config = cls(command.project), command.project.config
        if not steps.proxy_hosts:
            hosts = ", ".join(config.proxy_hosts)
            elsewhere = f"the proxy is on {hosts}, and this run is not; see -h, -r and -p"
            raise DeployError(elsewhere if hosts else f"{config.file} has nothing behind a proxy")
        return steps

    def step(self, title: str, operation: Callable[[str], Commands]) -> Step:
        """Make an operation on all its hosts in play."""
        return one(title, self.proxy_hosts, operation)

    def pull(self) -> Step:
        """Fetch its image."""
        return self.step(
            "Pull the proxy's image",
            lambda host: commands_of(image.pull, image=self.proxy_image(host)),
        )

    def remove_unless_needed(self) -> Iterator[Step]:
        """Remove it where nothing else needs it, once this service is removed."""
        whole, config = self.project.whole_hosts, self._config
        apps = [self.project.app(each.name).prefix for each in config.roles]
        accessories = [each.service_name for each in config.accessories]
        gone = (config.service_and_destination, *apps, *accessories)

        def remove(host: str) -> Commands:
            return commands_of(
                proxy.absent,
                image=self.proxy_image(host),
                besides=gone if host in whole else (),
                leave=True,
                audit=self.project.audit(),
            )

        if self.proxy_hosts:
            yield self.step("Remove the proxy", remove)


def _command(
    name: str, summary: str, steps: Callable[[ProxySteps], Iterator[Step]]
) -> PyinfraOperation[...]:
    """Declare a deploy that takes only the options of every deploy."""

    def listed(command: DeployCommand) -> Iterator[Step]:
        yield from steps(ProxySteps.of(command))

    listed.__name__, listed.__doc__ = f"proxy_{name}", summary
    return deploy_command(f"proxy {name}", infrastructure_queries)(listed)


def _container_command(
    name: str, summary: str, title: str, operation: PyinfraOperation[...], done: str, **more: bool
) -> PyinfraOperation[...]:
    """Declare a deploy that does one thing to the proxy's container."""

    def steps(proxy: ProxySteps) -> Iterator[Step]:
        audit, hosts = proxy.project.audit(done), proxy.proxy_hosts
        yield call(title, hosts, operation, container=PROXY, audit=audit, **more)

    return _command(name, summary, steps)


def _boot(proxy: ProxySteps) -> Iterator[Step]:
    yield proxy.network()
    yield from proxy.login(proxy.project.config.registry, proxy.proxy_hosts)
    yield proxy.proxy(replace=False)


def _remove_image(proxy: ProxySteps) -> Iterator[Step]:
    audit = proxy.project.audit("Removed proxy image")
    yield proxy.step(
        "Remove the proxy's image",
        lambda host: commands_of(image.absent, image=proxy.proxy_image(host), audit=audit),
    )


def _remove_directory(proxy: ProxySteps) -> Iterator[Step]:
    yield proxy.step("Remove the proxy's files", lambda host: _directory_absent())


proxy_boot = _command(
    "boot",
    "Run the proxy where it does not run; one that differs is reported and left alone.",
    _boot,
)
proxy_start = _container_command(
    "start", "Start the proxy's container.", "Start the proxy", container.running, "Started proxy"
)
proxy_stop = _container_command(
    "stop", "Stop the proxy's container.", "Stop the proxy", container.stopped, "Stopped proxy"
)
proxy_restart = _container_command(
    "restart",
    "Stop the proxy's container and start it.",
    "Restart the proxy",
    container.restart,
    "Restarted proxy",
)
proxy_remove_container = _container_command(
    "remove_container",
    "Remove the proxy's container, which must not be running.",
    "Remove the proxy",
    container.absent,
    "Removed proxy container",
    running=False,
)
proxy_remove_image = _command(
    "remove_image", "Remove the proxy's image, unless its container uses it.", _remove_image
)
proxy_remove_proxy_directory = _command(
    "remove_proxy_directory",
    "Remove the proxy's files; its container must not be running.",
    _remove_directory,
)


@deploy_command("proxy reboot", infrastructure_queries)
def proxy_reboot(command: DeployCommand, rolling: bool = False) -> Iterator[Step]:
    """
    Replace the proxy's container, which interrupts service for a second.

    + rolling: one host after the other
    """
    steps, audit = ProxySteps.of(command), command.project.audit("Rebooted proxy")
    yield from steps.login(command.project.config.registry, steps.proxy_hosts)
    yield steps.network()
    yield steps.pull()
    for turn in command.project.turns(steps.proxy_hosts, rolling):
        yield from command.hooks.step("pre-proxy-reboot", Stage.PREPARE, turn.only)
        yield one(
            "Reboot the proxy",
            turn.only,
            lambda host: steps.run_proxy(host, always=True, audit=audit),
        )
        yield from command.hooks.step("post-proxy-reboot", Stage.PREPARE, turn.only)


@deploy_command("proxy remove", infrastructure_queries)
def proxy_remove(command: DeployCommand, force: bool = False) -> Iterator[Step]:
    """
    Remove the proxy with its image and its files, where no app needs it.

    + force: even if an app needs it
    """
    steps, audit = ProxySteps.of(command), command.project.audit()

    def remove(host: str) -> Commands:
        return commands_of(proxy.absent, image=steps.proxy_image(host), force=force, audit=audit)

    yield steps.step("Remove the proxy", remove)


def _directory_absent() -> Commands:
    """Remove the proxy's files, once it has stopped; Kamal removes them from a running one."""
    state = engine(StateQuery(paths=(FOLDER,)))
    existing = state.container(PROXY)
    if FOLDER not in state.files:
        noop(f"there is no {FOLDER}")
        return
    if existing is not None and existing.is_active:
        raise ArgumentError(f"{PROXY} is running; stop it before {FOLDER} goes")
    yield file.remove(FOLDER)
    forget()


@deploy_command("proxy boot_config", infrastructure_queries, locks=False)
def proxy_boot_config(
    command: DeployCommand,
    options: str | None = None,
    image: str | None = None,
    image_version: str | None = None,
    run_command: str | None = None,
) -> Iterator[Step]:
    """
    Write Kamal's files that configure how the proxy runs; an option that is not given has no file.

    + options: flags of ``docker run``
    + image: the proxy's image without a tag
    + image_version: its tag
    + run_command: command that is run in it
    """
    wanted = (options, image, image_version, run_command)
    hosts = ProxySteps.of(command).proxy_hosts
    yield call("Boot configuration", hosts, proxy.boot_config, *wanted)
