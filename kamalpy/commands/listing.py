"""What docker lists, for people."""

from __future__ import annotations

from collections.abc import Mapping

from pyinfra.api.command import StringCommand

from kamalpy.commands.app import marker
from kamalpy.commands.base import docker, joined, quoted, script
from kamalpy.commands.execution import Where
from kamalpy.spec.app import App


def running(labels: Mapping[str, str]) -> StringCommand:
    """List running containers with these labels."""
    return docker("ps", *_filters(labels))


def role(app: App) -> StringCommand:
    """List a role's running containers, and what the host has noted about its last deploy."""
    files = StringCommand(quoted(marker(app.folder, app.role)), ".*note", _separator="")
    return StringCommand(running(app.labels), "&& { cat", files, "2>/dev/null || :; }")


def containers(labels: Mapping[str, str]) -> StringCommand:
    """List all containers that have these labels."""
    return docker("container", "ls", "--all", *_filters(labels))


def images(repository: str) -> StringCommand:
    """List the images of a repository."""
    return docker("image", "ls", quoted(repository))


def proxy() -> StringCommand:
    """List the proxy."""
    return docker("ps", "--filter", quoted("name=^kamal-proxy$"))


def version(where: Where) -> StringCommand:
    """Print the version of a role that serves, or nothing."""
    return script("version", **where.words)


def boot_config() -> StringCommand:
    """Print Kamal's files that configure how the proxy runs, one a line."""
    return script("boot_config")


def _filters(labels: Mapping[str, str]) -> list[str | StringCommand]:
    pairs = (
        ("--filter", joined(f"label={label}=", quoted(value))) for label, value in labels.items()
    )
    return [word for pair in pairs for word in pair]
