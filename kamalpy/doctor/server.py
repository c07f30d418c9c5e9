"""One server: its user, Docker, architecture, disk, clock, ports, the last deploy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from kamalpy.config import Configuration
from kamalpy.doctor.finding import Finding, ok, problem, warning
from kamalpy.doctor.ports import check_ports
from kamalpy.reference.spelling import count
from kamalpy.spec.history import BOOTED

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "arm64": "arm64"}
OLDEST_DOCKER = (20, 10)
ENOUGH_KB = 2 * 1024**2
LITTLE_KB = 5 * 1024**2
SKEW = 60
"""Seconds by which a clock may differ: registries and certificates tolerate little more."""
UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))


@dataclass(slots=True)
class Server:
    """What ``doctor.sh`` printed on a server."""

    host: str
    user: str = ""
    sudo: str = ""
    docker: str = ""
    arch: str = ""
    clock: int = 0
    disk: tuple[int, int, str] | None = None
    image: str = ""
    volumes: tuple[str, ...] = ()
    firewall: str = ""
    containers: dict[str, str] = field(default_factory=dict)
    listeners: list[tuple[str, str]] = field(default_factory=list)
    is_guarded: bool = False
    booted: str = ""

    @classmethod
    def read(cls, host: str, lines: Sequence[str]) -> Server:
        """Read the tagged lines of ``doctor.sh``; what cannot be read is left out."""
        server = cls(host)
        for line in lines:
            tag, _, text = line.partition(" ")
            server._take(tag, text)
        return server

    def _take(self, tag: str, text: str) -> None:
        words = text.split()
        if tag in ("user", "sudo", "docker", "arch", "firewall", "booted"):
            setattr(self, tag, text)
        elif tag == "clock" and text.isdigit():
            self.clock = int(text)
        elif tag == "disk" and len(words) == 3 and words[0].isdigit() and words[1].isdigit():
            self.disk = (int(words[0]), int(words[1]), words[2])
        elif tag == "image":
            self.image, _, volumes = text.partition(" ")
            self.volumes = _folders(volumes)
        elif tag == "container":
            name, _, ports = text.partition(" ")
            self.containers[name] = ports
        elif tag == "listens":
            self.listeners.append((words[0], words[1] if len(words) > 1 else ""))
        elif tag == "guard":
            self.is_guarded = True


def check(server: Server, config: Configuration, now: float) -> Iterator[Finding]:
    """Report what is wrong with one server, or that it is ready."""
    found = [
        *_access(server),
        *_docker(server),
        *_architecture(server, config),
        *_volumes(server, config),
        *_disk(server),
        *_clock(server, now),
        *check_ports(server, config),
    ]
    yield from found
    if not found:
        yield ok(server.host, f"SSH as {server.user}, Docker {server.docker}, {server.arch}")
    yield from _last_deploy(server, now)


def _access(server: Server) -> Iterator[Finding]:
    if server.docker == "denied":
        how = f"on the server, as root: usermod -aG docker {server.user}; then log in again"
        yield problem(server.host, f"{server.user} may not use Docker", how)
    if server.sudo == "no" and server.docker == "absent":
        how = "write ssh/user: root, install Docker by hand, or allow sudo without a password"
        what = f"{server.user} may not become root without a password, to install Docker"
        yield problem(server.host, what, how)


def _docker(server: Server) -> Iterator[Finding]:
    if server.docker == "absent" and server.sudo != "no":
        yield warning(server.host, "has no Docker", "kamalpy setup installs it")
    elif server.docker == "stopped":
        how = "on the server: systemctl status docker; systemctl enable --now docker"
        yield problem(server.host, "the Docker engine does not answer", how)
    elif server.docker[:1].isdigit() and _version(server.docker) < OLDEST_DOCKER:
        what = f"Docker {server.docker} is older than {'.'.join(map(str, OLDEST_DOCKER))}"
        yield warning(server.host, what, "update it from https://docs.docker.com/engine/install/")


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())


def _architecture(server: Server, config: Configuration) -> Iterator[Finding]:
    arch = ARCHITECTURES.get(server.arch, server.arch)
    built = config.builder.arches if config.builder else ()
    is_app = server.host in config.app_hosts
    if is_app and built and arch not in built:
        what = f"is {arch} ({server.arch}), and the image is built for {', '.join(built)}"
        both = ", ".join(dict.fromkeys([*built, arch]))
        yield problem(server.host, what, f"write builder/arch: [{both}], or {arch} alone")
    if server.image and server.image != arch:
        what = f"has the image for {server.image}, and is {arch}"
        yield problem(server.host, what, f"build it for {arch}: builder/arch")


def _folders(text: str) -> tuple[str, ...]:
    """Read the folders that an image declares as volumes: an object, or null."""
    with suppress(ValueError):
        return tuple(json.loads(text) or ())
    return ()


def _volumes(server: Server, config: Configuration) -> Iterator[Finding]:
    """Find volumes of the image that nothing is mounted at, so that each deploy empties them."""
    targets = {each.split(":")[1].rstrip("/") for each in config.volumes if ":" in each}
    for folder in server.volumes:
        if folder.rstrip("/") not in targets:
            name = folder.strip("/").replace("/", "-")
            what = f"the image declares a volume at {folder}, and nothing is mounted there"
            volume = f"{config.service}-{name}:{folder}"
            how = f'add "{volume}" to volumes, or its data is lost with each deploy'
            yield warning(server.host, what, how)


def _disk(server: Server) -> Iterator[Finding]:
    if server.disk is None:
        return
    free, size, where = server.disk
    what = f"{free / 1024**2:.1f} of {size / 1024**2:.0f} GB are free on {where}"
    how = "kamalpy prune all, or on the server: docker system df"
    if free < ENOUGH_KB:
        yield problem(server.host, what, how)
    elif free < LITTLE_KB:
        yield warning(server.host, what, how)


def _clock(server: Server, now: float) -> Iterator[Finding]:
    skew = round(server.clock - now)
    if server.clock and abs(skew) > SKEW:
        what = f"its clock is {abs(skew)} s {'ahead' if skew > 0 else 'behind'}"
        yield warning(server.host, what, "on the server: timedatectl set-ntp true")


def _last_deploy(server: Server, now: float) -> Iterator[Finding]:
    """Report the last deploy in the audit log, whichever tool made it."""
    booted = BOOTED.search(server.booted)
    if booted is None:
        return
    with suppress(ValueError):
        seconds = now - datetime.fromisoformat(booted["at"].replace("Z", "+00:00")).timestamp()
        what = f"last deploy {_age(seconds)} ago: {booted['version']} by {booted['who']}"
        yield ok(server.host, what)


def _age(seconds: float) -> str:
    for unit, size in UNITS:
        if number := int(seconds // size):
            return count(number, unit)
    return "less than a minute"
