"""The proxy's container as it should be, which needs no host to be known."""

from __future__ import annotations

from collections.abc import Iterator

from kamalpy.config import ProxyRun
from kamalpy.config.gem_version import is_version, newer
from kamalpy.operations import valid
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.state import PROXY

VERSION = "v0.9.2"
"""The oldest kamal-proxy that Kamal 2.12 works with, and the one it runs."""
IMAGE = f"basecamp/kamal-proxy:{VERSION}"
APPS_CONFIG = ".kamal/proxy/apps-config"


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
    """Tell whether an image is of a kamal-proxy that lacks what a deploy needs."""
    tag = image.rpartition(":")[2].removeprefix("v")
    return is_version(tag) and tag != "" and newer(VERSION.removeprefix("v"), tag)


def _ports(run: ProxyRun) -> Iterator[str]:
    for ip in run.bind_ips or ("",):
        prefix = f"[{ip.strip('[]')}]:" if ":" in ip else f"{ip}:" if ip else ""
        yield f"{prefix}{run.http_port}:80"
        yield f"{prefix}{run.https_port}:443"
