"""``proxy``: boot, reboot, stop, read the logs of the proxy on the servers."""

from __future__ import annotations

import ipaddress
from typing import Any

import click

from kamalpy.cli.confirm import confirming
from kamalpy.cli.log_options import log_options
from kamalpy.cli.tree import Group, run_deploy, run_query

group = Group(name="proxy", help="The proxy on the servers.")

_DEPRECATED = "proxy boot_config is deprecated: write it under proxy/run in deploy.yml instead"
_rolling = click.option("--rolling", is_flag=True, help="One server after the other.")


group.add_deploys(
    {
        "boot": """
        Run the proxy where it does not run.

        A proxy that runs but differs is reported and left alone.
        """,
        "start": "Start the proxy's container.",
        "stop": "Stop the proxy's container: no request is answered until it starts again.",
        "restart": "Stop the proxy's container and start it.",
    }
)
group.add_deploy(
    "reboot",
    "Replace the proxy's container; the new one keeps its routes.",
    _rolling,
    confirming("This takes a second of service on each server.".format),
)
group.add_query("details", "lists.proxy", "Show the proxy's container.")
group.add_query(
    "logs", "logs.proxy", "Show the proxy's logs, of all servers, ordered by time.", log_options
)
group.add_deploy(
    "remove",
    "Remove the proxy, its image and its files where no app needs it.",
    click.option("--force", is_flag=True, help="Even if an app needs it."),
)


@group.command()
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
def boot_config(what: str, more: tuple[str, ...], **options: Any) -> int:
    """Set how servers run the proxy where deploy.yml does not say."""
    click.echo(_DEPRECATED, err=True)
    if what == "get":
        return run_query("state.boot_config")
    if more and not options["docker_options"]:
        raise click.UsageError(f"{more[0]}: unexpected argument; put --docker-options last")
    arguments = _boot_config(more, options) if what == "set" else {}
    return run_deploy("proxy boot_config", **arguments)


group.add_deploy(
    "upgrade",
    "Replace Kamal 1's Traefik with kamal-proxy.",
    _rolling,
    confirming("This puts kamal-proxy in the place of Traefik.".format),
    hidden=True,
)
group.add_deploys(
    {
        "remove_container": "Remove the proxy's container, which must not be running.",
        "remove_image": "Remove the proxy's image, unless its container uses it.",
        "remove_proxy_directory": "Remove the proxy's files; its container must not be running.",
    },
    hidden=True,
)


def _boot_config(more: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    from kamalpy.spec.boot_config import BootConfig

    ips, ports = given.pop("publish_host_ip"), (given.pop("http_port"), given.pop("https_port"))
    prefixes = [f"{_address(each)}:" for each in ips] or [""]
    pairs = list(zip(ports, (80, 443), strict=True))
    published = [f"{prefix}{port}:{inner}" for prefix in prefixes for port, inner in pairs]
    options = (*given.pop("docker_options"), *more)
    shown = published if given.pop("publish") else ()
    config = BootConfig.from_options(shown, docker_options=options, **given)
    return {name: getattr(config, name) for name in BootConfig.__slots__}


def _address(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        raise click.UsageError(f"--publish-host-ip {text}: is no IP address") from None
    return f"[{address}]" if address.version == 6 else str(address)
