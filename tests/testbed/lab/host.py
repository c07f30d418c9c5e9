"""A server as tests see it: inspected from inside, without SSH, so that no request is counted."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from fleet import network
from fleet.errors import FleetError
from fleet.server import Server
from fleet.shell import wait_for
from fleet.trace import Exec, connections, execs


@dataclass(frozen=True)
class Answer:
    """The response to an HTTP request."""

    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Host:
    """A server, and a mark in its log of SSH requests."""

    server: Server
    _execs: int = 0
    _connections: int = 0

    @property
    def name(self) -> str:
        """The server's name: h1, h2, ..."""
        return self.server.name

    @property
    def address(self) -> str:
        """The server's address, which is how a deploy.yml names it."""
        return self.server.address

    def sh(self, command: str, user: str = "root") -> str:
        """Run a shell command, and return its output; raise if it fails."""
        shell = ["bash", "-c", command] if user == "root" else ["su", "-", user, "-c", command]
        return self.server.must(*shell)

    def status(self, command: str) -> int:
        """Run a shell command and return its exit status."""
        return self.server.run("bash", "-c", command).returncode

    def wait_for(self, command: str, seconds: float = 20) -> None:
        """Try a shell command until it succeeds."""
        said = ""

        def succeeds() -> bool:
            nonlocal said
            done = self.server.run("bash", "-c", command)
            said = done.stdout + done.stderr
            return done.returncode == 0

        try:
            wait_for(f"{self.name}: {command}", succeeds, seconds)
        except FleetError as problem:
            raise FleetError(f"{problem}; at last it said: {said}") from None

    def docker_ps(self, everything: bool = False) -> list[str]:
        """List the names of the running containers, or of all."""
        flags = ["--all"] if everything else []
        return sorted(self.server.must("docker", "ps", *flags, "--format", "{{.Names}}").split())

    def inspect(self, name: str) -> dict[str, Any]:
        """Return `docker inspect` of a container."""
        found: list[dict[str, Any]] = json.loads(
            self.server.must("docker", "container", "inspect", name)
        )
        return found[0]

    def image(self, name: str) -> dict[str, Any]:
        """Return `docker inspect` of an image."""
        said = self.server.must("docker", "image", "inspect", name)
        found: list[dict[str, Any]] = json.loads(said)
        return found[0]

    def logs(self, name: str) -> str:
        """Return the logs of a container."""
        return self.sh(f"docker logs '{name}' 2>&1")

    def state(self, *folders: str) -> str:
        """Return containers and files as text, which is the same unless the server changes."""
        lines = "{{.Id}} {{.Name}} {{.State.StartedAt}} {{.State.Status}}"
        containers = f"docker ps --all --quiet | xargs -r docker inspect --format '{lines}' | sort"
        files = "find {} -printf '%p %m %U:%G %s %T@\\n' | sort".format(
            " ".join(folders or ["/root/.kamal"])
        )
        return self.sh(f"{containers}; docker network ls --no-trunc | sort; {files}")

    def get(self, path: str = "/", host: str | None = None, port: int = 80) -> Answer:
        """Send a GET request from outside, with this Host header."""
        connection = HTTPConnection(self.address, port, timeout=30)
        try:
            connection.request("GET", path, headers={"Host": host or self.address})
            response = connection.getresponse()
            return Answer(response.status, response.read().decode(), dict(response.getheaders()))
        finally:
            connection.close()

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Take the server off the network for a while."""
        network.cut_off(self.server.settings, self.name)
        try:
            yield
        finally:
            network.reconnect(self.server.settings, self.name)

    @contextmanager
    def gate(self, expression: str) -> Iterator[None]:
        """Hold SSH commands that match an extended regular expression before they start."""
        self.sh(f"echo {shlex.quote(expression)} >/run/fleet-gate-new")
        self.sh("mv /run/fleet-gate-new /run/fleet-gate")
        try:
            yield
        finally:
            self.sh("rm -f /run/fleet-gate /run/fleet-gate-reached")

    def at_gate(self) -> bool:
        """Return whether a command has reached the gate."""
        return self.status("test -e /run/fleet-gate-reached") == 0

    def mark(self) -> None:
        """Count SSH requests and connections from here."""
        self._execs = len(execs(self.server.root))
        self._connections = connections(self.server.root)

    def execs(self) -> list[Exec]:
        """List the SSH exec requests since the mark."""
        return execs(self.server.root)[self._execs :]

    def connections(self) -> int:
        """Count the SSH connections since the mark."""
        return connections(self.server.root) - self._connections
