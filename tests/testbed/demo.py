"""From nothing to a deployed sample app, on servers made on this machine, and back to nothing."""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from fleet import proxy_image, rootfs
from fleet.errors import FleetError
from fleet.fleet import Fleet
from fleet.images import EXAMPLE
from fleet.lock import held
from lab.client import give_docker
from lab.load import Load
from lab.project import Project, create
from lab.servers import Servers

DOMAIN = "guestbook.example.com"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
BUILDER = """\
builder:
  arch: {arch}
  driver: docker        # Docker's own builder: the image of BuildKit is on Docker Hub
  args:
    VERSION: v1
"""
SECRETS = {"REGISTRY_PASSWORD": "", "POSTGRES_PASSWORD": "a secret, in this demo"}


def main() -> None:
    """Read the command line and play the demo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the servers running at the end")
    keep = parser.parse_args().keep
    fleet = Fleet(say=lambda text: print(f"   {text}", flush=True))
    try:
        with held(fleet.settings), tempfile.TemporaryDirectory() as place:
            _play(fleet, Path(place), keep)
    except FleetError as problem:
        sys.exit(f"demo: {problem}")


def _play(fleet: Fleet, place: Path, keep: bool) -> None:
    try:
        say("Three servers on this machine, each with sshd and Docker; a registry; images")
        fleet.prepare(rootfs.CLIENT)
        servers = Servers(fleet).renew(4)
        *_, engine = servers.first(4)
        project = _project(fleet, place)
        give_docker(fleet, project, engine)
        Demo(fleet, servers, project).play()
    finally:
        if not keep:
            say("Cleaning up: servers, networks and mounts go; images stay for the next time")
            fleet.down()


def _project(fleet: Fleet, place: Path) -> Project:
    """Copy examples/web with real addresses, and commit it."""
    registry = fleet.control.registry
    arch = ARCHITECTURES[platform.machine()]
    project = create(fleet, place, EXAMPLE)
    for path in ("config/deploy.yml", ".kamal/secrets"):
        text = (project.folder / path).read_text()
        text = text.replace("192.0.2.", f"{fleet.settings.subnet}.")
        text = text.replace("builder:\n  arch: amd64\n", BUILDER.format(arch=arch))
        project.write(path, text.replace("registry.example.com:5000", registry.server))
    project.environment.update({**SECRETS, "REGISTRY_PASSWORD": registry.password})
    project.commit()
    return project


def say(text: str) -> None:
    """Announce what comes."""
    print(f"\n\033[1m== {text}\033[0m", flush=True)


@dataclass(frozen=True)
class Demo:
    """What is shown, in order."""

    fleet: Fleet
    servers: Servers
    project: Project

    def play(self) -> None:
        """Show everything."""
        if proxy_image.is_standin(self.fleet.control):
            print("   note: kamal-proxy is a stand-in here, as the real image was not to be had")
        say("The project: examples/web, with the addresses of these servers")
        self.shell("cat config/deploy.yml Dockerfile")
        self.first_version()
        self.second_version()

    def first_version(self) -> None:
        """Build and deploy to empty servers, and use the app."""
        say("Version 1, from the Dockerfile onto empty servers")
        self.shell("kamalpy setup")
        say("It runs: the guest book is read and written through proxy, app and Postgres")
        self.shell(
            f"curl -sS -H 'Host: {DOMAIN}' -d 'Hello, world' http://{self.servers[0].address}/notes"
        )
        self.ask("/notes")
        self.ask("/version")
        for host in self.servers.first(3):
            print(f"   {host.name}: {', '.join(host.docker_ps())}")
        say("The same once more, with pyinfra's command: nothing is to be done")
        self.shell("VERSION=$(git rev-parse HEAD) pyinfra inventory.py deploy.py -y")

    def second_version(self) -> None:
        """Look before the leap, then deploy under load."""
        say("Version 2: what would change?")
        self.shell("sed -i 's/VERSION: v1/VERSION: v2/' config/deploy.yml")
        self.shell("git commit --quiet --all --message='Version 2'")
        self.shell("kamalpy deploy --dry --diff")
        say("Version 2, with 50 requests a second all the while")
        web = self.servers.addresses[:2]
        with Load(web, DOMAIN) as load:
            self.shell("kamalpy deploy")
            switched = time.time()
            time.sleep(1)
        self.ask("/version")
        print(
            f"   {len(load.shots)} requests, {len(load.failures())} failed; "
            f"answered by {dict(load.versions())}, at the end by {dict(load.versions(switched))}"
        )
        if load.failures() or set(load.versions(switched)) != {"v2"}:
            raise FleetError(f"the second version did not take over cleanly: {load.failures()[:3]}")

    def ask(self, path: str) -> None:
        """Send a request to each web server."""
        for address in self.servers.addresses[:2]:
            self.shell(f"curl -sS -H 'Host: {DOMAIN}' http://{address}{path}")

    def shell(self, command: str) -> None:
        """Show a command and run it."""
        print(f"\033[36m$ {command}\033[0m", flush=True)
        done = subprocess.run(
            [*self.project.enter, "sh", "-c", command],
            cwd=self.project.folder,
            env=self.project.variables(),
        )
        if done.returncode:
            raise FleetError(f"exit {done.returncode}: {command}")


if __name__ == "__main__":
    main()
