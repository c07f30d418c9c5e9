"""Log in to a registry, and out of it."""

from __future__ import annotations

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import Payload, docker, joined, quoted

HUB = "https://index.docker.io/v1/"  # what docker's config.json calls Docker Hub


def login(server: str | None, username: str, password: str) -> StringCommand:
    """Log in; the password travels on standard input."""
    words = [quoted(server)] if server else []
    command = docker("login", joined("--username=", quoted(username)), "--password-stdin", *words)
    return StringCommand(*command.bits, _stdin=Payload(password))


def logout(server: str | None) -> StringCommand:
    """Log out; the password is removed."""
    return docker("logout", *([quoted(server)] if server else []))


def name_in_config(server: str | None) -> str:
    """Name a registry as docker's config.json does."""
    return HUB if server in (None, "", "docker.io", "index.docker.io") else str(server)
