"""The commands of ``proxy`` that change servers."""

from __future__ import annotations

import ipaddress
from typing import Any

import click

from kamalpy.cli.confirming import agreed, confirmed_option
from kamalpy.cli.tree import command

_OUTAGE = "This takes a second of service on each server."
_DEPRECATED = "proxy boot_config is deprecated: write it under proxy/run in deploy.yml instead"


@command()
def boot() -> int:
    """Run the proxy where it does not run; one that differs is told and left."""
    return _run("boot")


@command()
@click.option("--rolling", is_flag=True, help="One server after the other.")
@confirmed_option
def reboot(rolling: bool, confirmed: bool) -> int:
    """Give the proxy a new container; it goes on with the routes it has."""
    agreed(_OUTAGE, confirmed)
    return _run("reboot", rolling=rolling)


@command()
def start() -> int:
    """Start the proxy's container."""
    return _run("start")


@command()
def stop() -> int:
    """Stop the proxy's container: no request is answered any more."""
    return _run("stop")


@command()
def restart() -> int:
    """Stop the proxy's container and start it."""
    return _run("restart")


@command()
@click.option("--force", is_flag=True, help="Even if some app needs it.")
def remove(force: bool) -> int:
    """Remove the proxy, its image and its files where no app needs it."""
    return _run("remove", force=force)


@command()
@click.option("--rolling", is_flag=True, help="One server after the other.")
@confirmed_option
def upgrade(rolling: bool, confirmed: bool) -> int:
    """Put kamal-proxy in the place of Kamal 1's Traefik."""
    agreed("This puts kamal-proxy in the place of Traefik.", confirmed)
    return _run("upgrade", rolling=rolling)


@command(name="remove-container")
def remove_container() -> int:
    """Remove the proxy's container, which must have stopped."""
    return _run("remove_container")


@command(name="remove-image")
def remove_image() -> int:
    """Remove the proxy's image, unless it runs from it."""
    return _run("remove_image")


@command(name="remove-proxy-directory")
def remove_proxy_directory() -> int:
    """Remove the proxy's files; it must have stopped."""
    return _run("remove_proxy_directory")


@command(name="boot-config")
@click.argument("what", type=click.Choice(["set", "get", "reset"]))
@click.argument("more", nargs=-1, metavar="")
@click.option("--publish/--no-publish", default=True, help="Publish its ports [yes]")
@click.option("--publish-host-ip", multiple=True, metavar="IP", help="Only on this address.")
@click.option("--http-port", type=int, default=80, help="[80]")
@click.option("--https-port", type=int, default=443, help="[443]")
@click.option("--log-max-size", default="10m", help="[10m]")
@click.option("--registry", help="Registry of its image.")
@click.option("--repository", help="Repository of its image [basecamp]")
@click.option("--image-version", help="Tag of its image.")
@click.option("--metrics-port", type=int, help="Port of its metrics.")
@click.option("--debug", is_flag=True, help="Log more.")
@click.option("--docker-options", multiple=True, metavar="A=B...", help="More of docker run.")
def boot_config(what: str, more: tuple[str, ...], **said: Any) -> int:
    """Say on the servers how the proxy is run, where deploy.yml does not."""
    click.echo(_DEPRECATED, err=True)
    if what == "get":
        from kamalpy.cli.looking import boot_configs

        return boot_configs.tell()
    if more and not said["docker_options"]:
        raise click.UsageError(f"{more[0]}: what is this? --docker-options come last")
    words = _boot_config(more, said) if what == "set" else {}
    return _run("boot_config", **words)


def _boot_config(more: tuple[str, ...], said: dict[str, Any]) -> dict[str, Any]:
    from kamalpy.spec.boot_config import BootConfig

    ips, ports = said.pop("publish_host_ip"), (said.pop("http_port"), said.pop("https_port"))
    prefixes = [f"{_address(each)}:" for each in ips] or [""]
    pairs = list(zip(ports, (80, 443), strict=True))
    published = [f"{prefix}{port}:{inner}" for prefix in prefixes for port, inner in pairs]
    options = (*said.pop("docker_options"), *more)
    shown = published if said.pop("publish") else ()
    config = BootConfig.said(shown, docker_options=options, **said)
    return {name: getattr(config, name) for name in BootConfig.__slots__}


def _address(text: str) -> str:
    try:
        known = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        raise click.UsageError(f"--publish-host-ip {text}: is no IP address") from None
    return f"[{known}]" if known.version == 6 else str(known)


def _run(verb: str, **arguments: Any) -> int:
    from kamalpy.cli.run import run

    return run(f"proxy {verb}", f"proxy_{verb}", **arguments)
