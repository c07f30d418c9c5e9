"""The command line of ssh for a terminal: the way that our own connections go."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from pwd import getpwuid
from typing import Any

import pytest
import yaml

from kamalpy.config import load
from kamalpy.connectors.terminal import Terminal
from kamalpy.secrets import Secrets

DEPLOY = {
    "service": "blog",
    "image": "acme/blog",
    "servers": ["192.0.2.1"],
    "registry": {"username": "acme", "password": ["TOKEN"]},
    "builder": {"arch": "amd64"},
}


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make the way that a section ``ssh`` describes."""
    monkeypatch.setenv("HOME", getpwuid(os.getuid()).pw_dir)
    (tmp_path / "config").mkdir()

    def make(**ssh: Any) -> Terminal:
        (tmp_path / "config/deploy.yml").write_text(yaml.safe_dump({**DEPLOY, "ssh": ssh}))
        return Terminal(load("config/deploy.yml", root=tmp_path), Secrets(root=tmp_path))

    return make


LAST = ("--", "192.0.2.1", "ls 'a b'")
WORDS = [
    ({}, "ssh -t -p 22 -l root"),
    ({"user": "app", "port": 2222}, "ssh -t -p 2222 -l app"),
    ({"config": False}, "ssh -F /dev/null -t -p 22 -l root"),
    (
        {"config": "/etc/my"},
        "ssh -F /etc/my -t -p 22 -l root",
    ),
    ({"forward_agent": True}, "ssh -A -t -p 22 -l root"),
    (
        {"keys": ["/k/one", "/k/two"], "keys_only": True},
        "ssh -i /k/one -i /k/two -o IdentitiesOnly=yes -t -p 22 -l root",
    ),
]


@pytest.mark.parametrize(("ssh", "expected"), WORDS)
def test_words(ssh: Any, expected: str, terminal: Any) -> None:
    words = terminal(**ssh).words("192.0.2.1", "ls 'a b'", tty=True)
    before, _, after = expected.partition(" -t ")
    quiet = "-o LogLevel=ERROR -o ConnectTimeout=10"
    assert words == (*f"{before} {quiet} -t {after}".split(), *LAST)


def test_without_a_terminal(terminal: Any) -> None:
    assert "-T" in terminal().words("192.0.2.1", "cat", tty=False)
    assert "-t" not in terminal().words("192.0.2.1", "cat", tty=False)


JUMPS = [
    ({"proxy": "jump.example.com"}, "ssh -p 22 -l root -W '[%h]:%p' -- jump.example.com"),
    (
        {"proxy": "ann@jump.example.com:2200", "keys": ["/k/one"]},
        "ssh -i /k/one -p 2200 -l ann -W '[%h]:%p' -- jump.example.com",
    ),
    ({"proxy": "ann@[2001:db8::1]:2200"}, "ssh -p 2200 -l ann -W '[%h]:%p' -- 2001:db8::1"),
    ({"proxy": "2001:db8::1"}, "ssh -p 22 -l root -W '[%h]:%p' -- 2001:db8::1"),
    (
        {"proxy": "ann@a.example.com,bob@b.example.com:2200"},
        "ssh -o 'ProxyCommand=ssh -p 22 -l ann -W '\"'\"'[%%h]:%%p'\"'\"' -- a.example.com' "
        "-p 2200 -l bob -W '[%h]:%p' -- b.example.com",
    ),
    ({"proxy_command": "nc %h %p"}, "nc %h %p"),
]


@pytest.mark.parametrize(("ssh", "command"), JUMPS)
def test_the_way_through_another_host(ssh: Any, command: str, terminal: Any) -> None:
    words = terminal(**ssh).words("192.0.2.1", "ls", tty=True)
    assert f"ProxyCommand={command}" in words


@pytest.mark.skipif(shutil.which("ssh") is None, reason="there is no ssh here")
def test_ssh_understands_it(terminal: Any) -> None:
    way = terminal(user="app", port=2222, config=False, proxy="ann@jump.example.com")
    program, *words = way.words("192.0.2.1", "ls", tty=True)
    said = subprocess.run(
        [program, "-G", *words], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert {"user app", "hostname 192.0.2.1", "port 2222", "requesttty true"} <= set(said)
    proxy = "ssh -F /dev/null -p 22 -l ann -W '[%h]:%p' -- jump.example.com"
    assert f"proxycommand {proxy}" in said


def test_a_home_that_ssh_does_not_ask_for(
    terminal: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = terminal()
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh/id_ed25519").touch()
    (tmp_path / ".ssh/config").touch()
    assert way.words("192.0.2.1", "ls 'a b'", tty=True) == (
        *("ssh", "-F", f"{tmp_path}/.ssh/config", "-i", f"{tmp_path}/.ssh/id_ed25519"),
        *("-o", f"UserKnownHostsFile={tmp_path}/.ssh/known_hosts"),
        *("-o", "LogLevel=ERROR", "-o", "ConnectTimeout=10"),
        *("-t", "-p", "22", "-l", "root", *LAST),
    )
