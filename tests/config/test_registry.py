"""``registry``: literal or secret, local or remote."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kamalpy.config import Configuration, Registry, SecretName

Deploy = Callable[..., Configuration]

REGISTRIES = [
    ("{username: me, password: [TOKEN]}", Registry(None, "me", SecretName("TOKEN"))),
    ("{username: [USER], password: t0p}", Registry(None, SecretName("USER"), "t0p")),
    (
        "{server: ghcr.io, username: me, password: [TOKEN]}",
        Registry("ghcr.io", "me", SecretName("TOKEN")),
    ),
    ("{server: localhost:5000}", Registry("localhost:5000")),
    ("{server: localhost:5000, username: , password: 5}", Registry("localhost:5000")),
    ("{server: localhost, username: me, password: x}", Registry("localhost", "me", "x")),
]


@pytest.mark.parametrize(("text", "registry"), REGISTRIES)
def test_registry(deploy: Deploy, text: str, registry: Registry) -> None:
    assert deploy(f"registry: {text}\n").registry == registry


LOCAL = [
    (None, False, None),
    ("localhost:5555", True, 5555),
    ("localhost:5555/team", True, None),
    ("localhost", False, None),
    ("127.0.0.1:5555", False, None),
    ("localhosts:5555", False, None),
]


@pytest.mark.parametrize(("server", "local", "port"), LOCAL)
def test_local(server: str | None, local: bool, port: int | None) -> None:
    registry = Registry(server)
    assert (registry.local, registry.port) == (local, port)


def test_credentials_are_not_shown(deploy: Deploy) -> None:
    assert "t0p" not in repr(deploy("registry: {username: me, password: t0p}\n"))
