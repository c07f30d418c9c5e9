"""What the command line can do with a fleet."""

from __future__ import annotations

import os
from argparse import Namespace

from fleet import beside, images
from fleet import trace as log
from fleet.errors import FleetError
from fleet.fleet import Fleet, each
from fleet.server import Server
from fleet.table import table


def up(fleet: Fleet, chosen: Namespace) -> None:
    """Start servers h1 to hN, with images and a registry."""
    fleet.up(chosen.count, docker=not chosen.bare, seeded=not chosen.unseeded)
    known = fleet.control.registry
    print(f"registry {known.server}, user {known.user}, password {known.password}; hub {known.hub}")
    print(f"key {fleet.keys.private} for users root and deploy")
    status(fleet, chosen)


def down(fleet: Fleet, chosen: Namespace) -> None:
    """Remove these servers, or all and the control machine; images stay on disk."""
    if chosen.servers:
        each(lambda server: server.down(), _named(fleet, chosen.servers))
    else:
        beside.down(fleet)
        fleet.down()


def restart(fleet: Fleet, chosen: Namespace) -> None:
    """Reboot these servers, or all."""
    each(lambda server: server.restart(), _named(fleet, chosen.servers))


def status(fleet: Fleet, chosen: Namespace) -> None:
    """Show what runs."""
    print(table(fleet))


def ssh_config(fleet: Fleet, chosen: Namespace) -> None:
    """Print an ssh_config for the servers."""
    servers = fleet.servers()
    known = fleet.keys.directory / "known_hosts"
    known.write_text(fleet.keys.known_hosts(fleet.settings, [server.name for server in servers]))
    for server in servers:
        print(f"Host {server.name} {server.address}\n  HostName {server.address}\n  User root")
        print(f"  IdentityFile {fleet.keys.private}\n  IdentitiesOnly yes")
        print(f"  UserKnownHostsFile {known}")


def exec(fleet: Fleet, chosen: Namespace) -> None:
    """Run a command in a machine, without SSH."""
    machine = fleet.control if chosen.machine == "control" else fleet.server(chosen.machine)
    words = [*machine.entrance(), *(chosen.words or ["bash"])]
    os.execvp(words[0], words)


def trace(fleet: Fleet, chosen: Namespace) -> None:
    """List the SSH exec requests that the servers got, in time order."""
    servers = _named(fleet, chosen.servers)
    for begun, name, text in sorted(line for server in servers for line in _lines(server)):
        print(f"{begun:.3f}", name, text, sep="\t")
    for server in servers:
        requests, logins = len(log.execs(server.root)), log.connections(server.root)
        print(f"{server.name}: {requests} requests, {logins} logins")
        if chosen.clear:
            log.clear(server.root)


def load(fleet: Fleet, chosen: Namespace) -> None:
    """Load saved images into every server that runs."""
    for tar in chosen.tars:
        for server in fleet.servers():
            print(f"{server.name}: {server.must('docker', 'load', stdin=tar).strip()}")


def app(fleet: Fleet, chosen: Namespace) -> None:
    """Build and push a version of the sample app."""
    image = images.app(chosen.version, fault=chosen.fault)
    print(images.push(fleet.control, images.build(fleet.control, image)))


def purge(fleet: Fleet, chosen: Namespace) -> None:
    """Remove everything, images too."""
    beside.down(fleet)
    fleet.purge()


def _named(fleet: Fleet, names: list[str]) -> list[Server]:
    known = {server.name: server for server in fleet.servers()}
    for name in names:
        if name not in known:
            raise FleetError(f"no server {name}; there are {', '.join(known) or 'none'}")
    return [known[name] for name in names] or list(known.values())


def _lines(server: Server) -> list[tuple[float, str, str]]:
    lines = []
    for found in log.execs(server.root):
        took = "-" if found.seconds is None else f"{found.seconds * 1000:.0f} ms"
        words = (took, f"exit {found.status}", found.user, found.port, repr(found.command))
        lines.append((found.start, server.name, "\t".join(map(str, words))))
    return lines
