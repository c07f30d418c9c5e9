"""Builders: which of Kamal's kinds a ``builder`` section asks for, and how buildx spells them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kamalpy.config import Builder

Words = Sequence[str]
_FORBIDDEN = re.compile(r"[^a-z0-9_-]")
_ENDPOINT = "{{.Endpoints.docker.Host}}"
MISSING = re.compile(
    r"context not found|no builder|no compatible builder|does not exist", re.IGNORECASE
)
"""What docker says about a builder that has to be created first."""


@dataclass(frozen=True, slots=True)
class Architectures:
    """Which architectures are built on this machine, and which on the remote one."""

    local: tuple[str, ...]
    remote: tuple[str, ...]

    @classmethod
    def of(cls, builder: Builder, machine: str) -> Architectures:
        """Divide the architectures; ``machine`` is that of this machine's Docker."""
        wanted = builder.arches
        if not builder.local:
            return cls((), wanted if builder.remote else ())
        if not builder.remote:
            return cls(wanted, ())
        native = tuple(each for each in wanted if each == machine)
        return cls(native, tuple(each for each in wanted if each not in native))


@dataclass(frozen=True, slots=True)
class Buildx:
    """A buildx builder as Kamal names it; ``name`` is None for the Docker engine itself."""

    kind: str
    name: str | None
    driver: str = "docker-container"
    remote: str | None = None
    architectures: Architectures = Architectures((), ())
    local_registry: bool = False

    @classmethod
    def of(cls, builder: Builder, machine: str, local_registry: bool = False) -> Buildx:
        """Choose the builder of a configuration."""
        each = Architectures.of(builder, machine)
        kind = _kind(builder, each)
        name = _name(kind, builder, local_registry)
        return cls(kind, name, builder.driver, builder.remote, each, local_registry)

    @property
    def context(self) -> str:
        """The docker context of the remote machine."""
        return f"{self.name}-context"

    @property
    def is_remote(self) -> bool:
        """Whether another machine builds some of it."""
        return self.kind in ("remote", "hybrid")

    def create(self) -> list[Words]:
        """Create the builder."""
        if self.name is None or self.kind == "pack":
            return []
        if self.kind == "cloud":
            return [("docker", "buildx", "create", "--driver", *self.driver.split(" "))]
        option = ("--driver-opt", "network=host") if self.local_registry else ()
        own = ("--name", self.name, f"--driver={self.driver}", *option)
        if self.kind == "local":
            return [("docker", "buildx", "create", *own)]
        context = (
            "docker",
            "context",
            "create",
            self.context,
            "--description",
            f"{self.name} host",
            "--docker",
            f"host={self.remote}",
        )
        there = ("--name", self.name, *option, self.context)
        if self.kind == "remote":
            return [context, ("docker", "buildx", "create", *there)]
        local, remote = (platforms(each) for each in self._both)
        return [
            ("docker", "buildx", "create", "--platform", local, *own),
            context,
            ("docker", "buildx", "create", "--platform", remote, "--append", *there),
        ]

    def inspect(self) -> list[tuple[Words, str]]:
        """Inspect the builder: commands, and a pattern that a line of each has to match."""
        if self.name is None:
            return []
        shown = ("docker", "buildx", "inspect", self.name)
        if not self.is_remote:
            return [(shown, "")]
        endpoint = ("docker", "context", "inspect", self.context, "--format", _ENDPOINT)
        return [
            (shown, f"Endpoint:.*{re.escape(self.context)}"),
            (endpoint, rf"^{re.escape(self.remote or '')}$"),
        ]

    def remove(self) -> list[Words]:
        """Remove the builder, then its context: buildx needs it to stop BuildKit over there."""
        if self.name is None or self.kind == "pack":
            return []
        builder = ("docker", "buildx", "rm", self.name)
        if self.is_remote:
            return [builder, ("docker", "context", "rm", self.context)]
        return [builder]

    @property
    def _both(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return self.architectures.local, self.architectures.remote


def platforms(arches: Sequence[str]) -> str:
    """Spell architectures as ``--platform`` takes them."""
    return ",".join(f"linux/{each}" for each in arches)


def _kind(builder: Builder, each: Architectures) -> str:
    if each.remote:
        return "hybrid" if each.local else "remote"
    if builder.pack is not None:
        return "pack"
    return "cloud" if builder.driver.startswith("cloud") else "local"


def _name(kind: str, builder: Builder, local_registry: bool) -> str | None:
    if kind == "cloud":
        return re.sub(r"[ /]", "-", builder.driver)
    if kind in ("remote", "hybrid"):
        suffix = _FORBIDDEN.sub("-", builder.remote or "")
        driver = f"{builder.driver}-" if kind == "hybrid" else ""
        return f"kamal-{kind}-{driver}{suffix}{'-local-registry' if local_registry else ''}"
    if kind == "pack" or builder.driver == "docker":
        return None
    return f"kamal-local-{'registry-' if local_registry else ''}{builder.driver}"
