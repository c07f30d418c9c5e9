"""The proxy's own container."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyinfra.context import host

from kamalpy.commands import container as _container
from kamalpy.commands import file
from kamalpy.commands.audit import Event
from kamalpy.commands.base import docker
from kamalpy.commands.state_query import StateQuery
from kamalpy.config import ProxyRun
from kamalpy.config.gem_version import is_version, newer
from kamalpy.errors import ArgumentError, DeployError
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, differs, engine, noop, operation, show
from kamalpy.spec.audit import Audit
from kamalpy.spec.boot_config import FOLDER, BootConfig
from kamalpy.spec.change import Change
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.file import FileSpec
from kamalpy.spec.state import PROXY, Container, HostState

VERSION = "v0.9.2"
"""The oldest kamal-proxy that Kamal 2.12 works with, and the one it runs."""
IMAGE = f"basecamp/kamal-proxy:{VERSION}"
APPS_CONFIG = ".kamal/proxy/apps-config"


@operation()
def container(
    image: str = IMAGE,
    publish: bool = True,
    http_port: int = 80,
    https_port: int = 443,
    bind_ips: Sequence[str] = (),
    log_max_size: str | None = "10m",
    metrics_port: int | None = None,
    debug: bool = False,
    options: Mapping[str, object] | None = None,
    shared: bool = False,
    replace: bool = True,
    always: bool = False,
    audit: Audit | None = None,
) -> Commands:
    """
    Ensure the proxy runs as described: one argument for each key of deploy.yml's proxy/run.

    + image: the proxy's image
    + publish: whether its ports are reachable from outside
    + http_port: port of the host for HTTP
    + https_port: port of the host for HTTPS
    + bind_ips: addresses of the host it listens on; all by default
    + log_max_size: how large its log may grow; ``""`` sets no limit
    + metrics_port: port of its metrics inside the network
    + debug: whether it logs more
    + options: further flags of ``docker run``
    + shared: the files of ``kamal proxy boot_config`` on the host win over the arguments, and a
      proxy that runs is only replaced if it is too old
    + replace: replace a proxy that runs but differs, which interrupts service for a second; if
      False, report how it differs
    + always: replace it even if it does not differ
    + audit: records the change in the audit log; None records nothing

    Its state is in the volume ``kamal-proxy-config``: a new container continues where the old one
    stopped. ``proxy/run`` in deploy.yml; Kamal never changes a proxy that runs.

    **Example:**

    .. code:: python

        proxy.container(name="Run kamal-proxy", http_port=8080)
    """
    run = ProxyRun.model_construct(
        publish=publish,
        http_port=http_port,
        https_port=https_port,
        bind_ips=tuple(bind_ips),
        log_max_size=log_max_size or "",
        metrics_port=metrics_port,
        debug=debug,
        options={**(options or {})},  # type: ignore[dict-item]  # checked with all others
    )
    yield from run_proxy(proxy_spec(image, run), shared, replace, always, audit)


def proxy_spec(image: str, run: ProxyRun) -> ContainerSpec:
    """Describe the container of the proxy."""
    flags = ["--debug"] if run.debug else []
    flags += ["--metrics-port", str(run.metrics_port)] if run.metrics_port else []
    exposed = {"expose": str(run.metrics_port)} if run.metrics_port else {}
    return ContainerSpec(
        name=PROXY,
        image=valid.image(image),
        command=("kamal-proxy", "run", *flags) if flags else (),
        volumes=(
            "kamal-proxy-config:/home/kamal-proxy/.config/kamal-proxy",
            f"$PWD/{APPS_CONFIG}:/home/kamal-proxy/.apps-config",
        ),
        ports=tuple(_ports(run)) if run.publish else (),
        log_options={"max-size": run.log_max_size} if run.log_max_size else {},
        options=valid.flags({**exposed, **run.options}),
    )


def is_too_old(image: str) -> bool:
    """Return whether an image is of a kamal-proxy that lacks what a deploy needs."""
    tag = image.rpartition(":")[2].removeprefix("v")
    return is_version(tag) and tag != "" and newer(VERSION.removeprefix("v"), tag)


def run_proxy(
    spec: ContainerSpec,
    shared: bool = False,
    replace: bool = True,
    always: bool = False,
    audit: Audit | None = None,
) -> Commands:
    """Run the proxy as described; the arguments are those of ``proxy.container``."""
    state = engine(StateQuery(images=(spec.image,), paths=(APPS_CONFIG,)))
    spec = _as_left_there(spec, state) if shared else spec
    existing = state.container(PROXY)
    changes = _changes(spec, existing, state, shared)
    if existing and not (replace or always):
        _check(str(existing.config.get("Image", "")))
    show(PROXY, changes)
    if existing and existing.is_running and not always and not (changes and replace):
        differs(PROXY, changes)
        listed = "; ".join(map(str, changes))
        noop(f"the proxy is running{', but differs: ' if listed else ''}{listed}")
    elif existing and shared and not changes and not always:
        yield docker("start", PROXY)
        forget()
    else:
        yield file.put([FileSpec(path=APPS_CONFIG)])
        yield _container.replace(spec, Event.from_audit(audit, "Booted proxy"))
        forget()


def _check(image: str) -> None:
    if is_too_old(image):
        raise DeployError(
            f"{host.name}: its proxy is {image}, and a deploy needs {VERSION}; reboot it, which "
            "takes a second of service: kamalpy proxy reboot"
        )


def _as_left_there(spec: ContainerSpec, state: HostState) -> ContainerSpec:
    try:
        return BootConfig.from_files(state.proxy_options).over(spec)
    except ValueError as error:
        raise ArgumentError(
            f"{FOLDER}: cannot read what kamal proxy boot_config has left there ({error}); write "
            'it under "run" of "proxy" in deploy.yml instead'
        ) from None


def _changes(
    spec: ContainerSpec, existing: Container | None, state: HostState, shared: bool
) -> tuple[Change, ...]:
    if existing is None:
        return (Change("container", None, PROXY),)
    if not shared:
        return spec.drift(existing, state)
    was = str(existing.config.get("Image", ""))
    return (Change("image", was, spec.image),) if is_too_old(was) else ()


def _ports(run: ProxyRun) -> Iterator[str]:
    for ip in run.bind_ips or ("",):
        prefix = f"[{ip.strip('[]')}]:" if ":" in ip else f"{ip}:" if ip else ""
        yield f"{prefix}{run.http_port}:80"
        yield f"{prefix}{run.https_port}:443"
