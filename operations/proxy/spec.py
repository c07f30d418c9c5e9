"""The proxy's container as it should be, which needs no host to be known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kamalpy.config.gem_version import is_version, newer
from kamalpy.operations import valid
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.state import PROXY

VERSION = "v0.9.2"
"""The oldest kamal-proxy that Kamal 2.12 works with, and the one it runs."""
IMAGE = f"basecamp/kamal-proxy:{VERSION}"
APPS_CONFIG = ".kamal/proxy/apps-config"


def spec(
    image: str = IMAGE,
    publish: bool = True,
    http_port: int = 80,
    https_port: int = 443,
    bind_ips: Sequence[str] = (),
    log_max_size: str | None = "10m",
    metrics_port: int | None = None,
    debug: bool = False,
    options: Mapping[str, object] | None = None,
) -> ContainerSpec:
    """Describe the proxy; the arguments are those of ``proxy.container``."""
    flags = ["--debug"] if debug else []
    flags += ["--metrics-port", str(metrics_port)] if metrics_port else []
    exposed = {"expose": str(metrics_port)} if metrics_port else {}
    return ContainerSpec(
        name=PROXY,
        image=valid.image(image),
        command=("kamal-proxy", "run", *flags) if flags else (),
        volumes=(
            "kamal-proxy-config:/home/kamal-proxy/.config/kamal-proxy",
            f"$PWD/{APPS_CONFIG}:/home/kamal-proxy/.apps-config",
        ),
        ports=tuple(_ports(bind_ips, http_port, https_port)) if publish else (),
        log_options={"max-size": log_max_size} if log_max_size else {},
        options=valid.flags({**exposed, **(options or {})}),
    )


def is_too_old(image: str) -> bool:
    """Tell whether an image is of a kamal-proxy that lacks what a deploy needs."""
    tag = image.rpartition(":")[2].removeprefix("v")
    return is_version(tag) and tag != "" and newer(VERSION.removeprefix("v"), tag)


def _ports(bind_ips: Sequence[str], http_port: int, https_port: int) -> Sequence[str]:
    prefixes = [f"[{ip.strip('[]')}]:" if ":" in ip else f"{ip}:" for ip in bind_ips] or [""]
    return [
        f"{prefix}{port}:{inner}"
        for prefix in prefixes
        for port, inner in ((http_port, 80), (https_port, 443))
    ]
