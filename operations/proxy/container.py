"""The proxy's own container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kamalpy.commands import container as _container
from kamalpy.commands import file
from kamalpy.commands.audit import Event, log_file
from kamalpy.commands.host import Host
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, engine, noop, operation, show
from kamalpy.spec.change import Change
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.file import FileSpec
from kamalpy.spec.state import PROXY

IMAGE = "basecamp/kamal-proxy:v0.9.2"
"""The oldest kamal-proxy that Kamal 2.12 works with, and the one it runs."""
_CONFIG = ".kamal/proxy/apps-config"


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
    replace: bool = True,
    service: str | None = None,
    performer: str | None = None,
) -> Commands:
    """
    Have the proxy run, as it should be.

    + image: the proxy's image
    + publish: whether its ports are reachable from outside
    + http_port: port of the host for HTTP
    + https_port: port of the host for HTTPS
    + bind_ips: addresses of the host it listens on; all by default
    + log_max_size: how large its log may grow; ``""`` sets no limit
    + metrics_port: port of its metrics inside the network
    + debug: whether it logs more
    + options: further flags of ``docker run``
    + replace: replace a proxy that runs but differs, which takes a second of service; if False, say
      how it differs and leave it
    + service: whose audit log is written, if ``performer`` is given
    + performer: who does it, for the audit log

    It keeps what it knows of services in the volume ``kamal-proxy-config``: a new container goes on
    where the old one stopped. ``proxy/run`` in deploy.yml; Kamal never changes a proxy that runs.

    **Example:**

    .. code:: python

        proxy.container(name="Run kamal-proxy", http_port=8080)
    """
    flags = ["--debug"] if debug else []
    flags += ["--metrics-port", str(metrics_port)] if metrics_port else []
    exposed = {"expose": str(metrics_port)} if metrics_port else {}
    spec = ContainerSpec(
        name=PROXY,
        image=valid.image(image),
        command=("kamal-proxy", "run", *flags) if flags else (),
        volumes=(
            "kamal-proxy-config:/home/kamal-proxy/.config/kamal-proxy",
            f"$PWD/{_CONFIG}:/home/kamal-proxy/.apps-config",
        ),
        ports=tuple(_ports(bind_ips, http_port, https_port)) if publish else (),
        log_options={"max-size": log_max_size} if log_max_size else {},
        options=valid.flags({**exposed, **(options or {})}),
    )
    state = engine(Host(images=(image,), paths=(_CONFIG,)))
    there = state.container(PROXY)
    changes = spec.drift(there, state) if there else (Change("container", None, PROXY),)
    show(PROXY, changes)
    if there and there.is_running and not (changes and replace):
        differs = "; ".join(map(str, changes))
        noop(f"the proxy is running{', but differs: ' if differs else ''}{differs}")
        return
    log = log_file(service) if service and performer else ""
    event = Event("Booted proxy", log, performer or "")
    yield file.put([FileSpec(path=_CONFIG)])
    yield _container.replace(spec, event)
    forget()


def _ports(bind_ips: Sequence[str], http_port: int, https_port: int) -> Sequence[str]:
    prefixes = [f"[{ip}]:" if ":" in ip else f"{ip}:" for ip in bind_ips] or [""]
    return [
        f"{prefix}{port}:{inner}"
        for prefix in prefixes
        for port, inner in ((http_port, 80), (https_port, 443))
    ]
