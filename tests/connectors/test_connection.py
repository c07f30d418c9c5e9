"""What ``ssh`` and ``sshkit`` of a deploy.yml make of a connection, before any is made."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyinfra.api import Config, Inventory, State
from pyinfra.api.exceptions import ConnectError
from pyinfra.connectors.ssh import SSHConnector  # noqa: TID251
from pyinfra.context import ctx_host, ctx_state

from kamalpy.connectors.hosts import read
from kamalpy.connectors.kamal import KamalConnector, _starts

Write = Callable[..., Path]


@pytest.fixture
def connector(write: Write, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The connector of the first host, with these keys in deploy.yml."""

    def connector_with(**changes: Any) -> KamalConnector:
        monkeypatch.chdir(write(**changes))
        read.cache_clear()
        inventory = Inventory((["@kamal/config/deploy.yml"], {}))
        state = State(inventory, Config())
        host = inventory.get_host("h1.test")
        ctx_state.set(state)
        ctx_host.set(host)
        made = host.connector
        assert isinstance(made, KamalConnector)
        return made

    yield connector_with
    ctx_state.reset()
    ctx_host.reset()


@pytest.mark.parametrize(
    ("ssh", "expected"),
    [
        ({"user": "deploy"}, {"username": "deploy"}),
        ({"port": "2222"}, {"port": 2222}),
        ({"keys": ["ops/key", "/etc/key"]}, {"key_filename": ["{root}/ops/key", "/etc/key"]}),
        ({"keys_only": True}, {"allow_agent": False}),
    ],
)
def test_the_arguments_of_paramiko(connector: Any, ssh: dict[str, Any], expected: Any) -> None:
    made = connector(ssh=ssh)
    kwargs = made.make_paramiko_kwargs()
    root = str(Path.cwd())
    told = {
        key: [each.replace("{root}", root) for each in value] if isinstance(value, list) else value
        for key, value in expected.items()
    }
    assert told.items() <= kwargs.items()
    assert not told.items() <= connector(ssh=None).make_paramiko_kwargs().items()


def test_a_command_that_connects(connector: Any) -> None:
    command = "sh -c 'echo %r %h %p >asked.tmp; mv asked.tmp asked; cat'"
    made = connector(ssh={"proxy_command": command, "user": "ann", "port": 2222})
    channel = made.make_paramiko_kwargs()["sock"]
    deadline = time.monotonic() + 10
    while not Path("asked").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    channel.process.terminate()
    channel.process.communicate()
    assert Path("asked").read_text() == "ann h1.test 2222\n"


@pytest.mark.parametrize(
    ("level", "expected"), [("debug", logging.DEBUG), ("error", logging.ERROR)]
)
def test_what_the_library_logs(
    connector: Any, level: str, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SSHConnector, "connect", lambda self: None)
    connector(ssh={"log_level": level}).connect()
    assert logging.getLogger("paramiko").level == expected


@pytest.mark.parametrize(("sshkit", "times"), [({"dns_retries": 0}, 1), ({"dns_retries": 2}, 3)])
def test_a_name_is_looked_up_again(
    connector: Any, sshkit: dict[str, Any], times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def nobody(name: str, *rest: Any) -> Any:
        asked.append(name)
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises((ConnectError, socket.gaierror)):
        connector(sshkit=sshkit)._resolve()
    assert asked == ["h1.test"] * times


def test_a_limited_number_of_connections_begins_at_a_time(
    connector: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(SSHConnector, "connect", lambda self: seen.append(_starts(3).counter))
    connector(ssh=None, sshkit={"max_concurrent_starts": 3}).connect()
    assert (seen, _starts(3).counter) == ([2], 3)
