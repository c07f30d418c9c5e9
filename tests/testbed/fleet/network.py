"""A bridge in a network namespace of its own: this machine at .1, servers from .11."""

from __future__ import annotations

from fleet.errors import FleetError
from fleet.settings import Settings
from fleet.shell import must, run, works


def raise_switch(settings: Settings) -> None:
    """Ensure that the bridge exists and this machine is connected to it."""
    switch, device = settings.namespace("switch"), settings.device
    found = run("ip", "-n", switch, "link", "show", "br0")
    if found.returncode == 0 and works("ip", "link", "show", device):
        _check_owner(settings, found.stdout)
        return
    remove_switch(settings)
    must("ip", "netns", "add", switch)
    must("ip", "-n", switch, "link", "add", "br0", "type", "bridge")
    must("ip", "-n", switch, "link", "set", "br0", "alias", settings.directory)
    must("ip", "-n", switch, "link", "set", "br0", "up")
    must("ip", "link", "add", device, "type", "veth", "peer", "name", "machine", "netns", switch)
    must("ip", "-n", switch, "link", "set", "machine", "master", "br0", "up")
    must("ip", "address", "add", f"{settings.address('machine')}/24", "dev", device)
    must("ip", "link", "set", device, "up")


def _check_owner(settings: Settings, shown: str) -> None:
    owner = shown.partition(" alias ")[2].strip()
    if owner not in ("", str(settings.directory)):
        raise FleetError(
            f"{settings.subnet}.0/24 is the network of the fleet in {owner}; set "
            "KAMALPY_FLEET_SUBNET to have another"
        )


def remove_switch(settings: Settings) -> None:
    """Disconnect this machine and remove the bridge."""
    run("ip", "link", "delete", settings.device)
    run("ip", "netns", "delete", settings.namespace("switch"))


def plug_in(settings: Settings, name: str) -> None:
    """Create the network namespace of a server: one address, no default route."""
    switch, namespace, address = (
        settings.namespace("switch"),
        settings.namespace(name),
        settings.address(name),
    )
    unplug(settings, name)
    must("ip", "netns", "add", namespace)
    must("ip", "link", "add", name, "netns", switch, "type", "veth",
         "peer", "name", "eth0", "netns", namespace)  # fmt: skip
    must("ip", "-n", switch, "link", "set", name, "master", "br0", "up")
    # A fixed address of the card keeps the neighbours' caches right when a server comes back.
    card = f"02:78:00:00:00:{int(address.rpartition('.')[2]):02x}"
    must("ip", "-n", namespace, "link", "set", "eth0", "address", card)
    must("ip", "-n", namespace, "address", "add", f"{address}/24", "dev", "eth0")
    must("ip", "-n", namespace, "link", "set", "eth0", "up")


def unplug(settings: Settings, name: str) -> None:
    """Remove a server's network namespace, and with it its port at the bridge."""
    run("ip", "-n", settings.namespace("switch"), "link", "delete", name)
    run("ip", "netns", "delete", settings.namespace(name))


def cut_off(settings: Settings, name: str) -> None:
    """Disconnect a server: packets are dropped silently."""
    must("ip", "-n", settings.namespace("switch"), "link", "set", name, "down")


def reconnect(settings: Settings, name: str) -> None:
    """Reconnect a server."""
    must("ip", "-n", settings.namespace("switch"), "link", "set", name, "up")


def namespaces(settings: Settings) -> list[str]:
    """List the machines that have a network namespace in this fleet."""
    lines = must("ip", "netns", "list").splitlines()
    words = [line.split()[0] for line in lines if line]
    return [
        word.removeprefix(f"{settings.prefix}-")
        for word in words
        if word.startswith(f"{settings.prefix}-")
    ]
