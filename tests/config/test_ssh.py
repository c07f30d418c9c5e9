"""``ssh``: values that have several forms, and defaults."""

from __future__ import annotations

from collections.abc import Callable
from getpass import getuser
from typing import Any

import pytest

from kamalpy.config import Configuration
from kamalpy.config.ssh import JumpHost

Deploy = Callable[..., Configuration]


def test_defaults(deploy: Deploy) -> None:
    assert deploy().ssh.model_dump() == {
        "user": "root",
        "port": 22,
        "proxy": None,
        "proxy_command": None,
        "log_level": "fatal",
        "keys_only": None,
        "keys": None,
        "key_data": None,
        "config": None,
        "forward_agent": None,
    }


VALUES = [
    ("port: 2222", "port", 2222),
    ('port: "2222"', "port", 2222),
    ("user: 1000", "user", "1000"),
    ("log_level: :debug", "log_level", "debug"),
    ("log_level: WARN", "log_level", "warn"),
    ("log_level: 0", "log_level", "debug"),
    ("config: true", "config", True),
    ("config: false", "config", False),
    ("config: ops/ssh_config", "config", "ops/ssh_config"),
    ("config: [a, b]", "config", ("a", "b")),
    ("keys: []", "keys", ()),
    ("forward_agent: true", "forward_agent", True),
    ("proxy: false", "proxy", None),
    ("proxy_command: false", "proxy_command", None),
]


@pytest.mark.parametrize(("text", "key", "value"), VALUES)
def test_values(deploy: Deploy, text: str, key: str, value: Any) -> None:
    assert getattr(deploy(f"ssh:\n  {text}\n").ssh, key) == value


JUMPS = [
    ("{}", None),
    ("{proxy: 192.0.2.1}", "root@192.0.2.1"),
    ("{proxy: deploy@192.0.2.1}", "deploy@192.0.2.1"),
]


@pytest.mark.parametrize(("text", "jump"), JUMPS)
def test_the_jump_host_has_a_user(deploy: Deploy, text: str, jump: str | None) -> None:
    assert deploy(f"ssh: {text}\n").ssh.jump == jump


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("root@jump.test", JumpHost("root", "jump.test")),
        ("jump.test", JumpHost(getuser(), "jump.test")),
        ("ann@jump.test:2200", JumpHost("ann", "jump.test", 2200)),
        ("ann@[2001:db8::1]", JumpHost("ann", "2001:db8::1")),
        ("ann@[2001:db8::1]:2200", JumpHost("ann", "2001:db8::1", 2200)),
        ("ann@2001:db8:0:1:1:1:1:abcd", JumpHost("ann", "2001:db8:0:1:1:1:1:abcd")),
    ],
)
def test_the_parts_of_a_jump_host(text: str, expected: JumpHost) -> None:
    assert JumpHost.parse(text) == expected
