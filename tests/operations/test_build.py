"""What a build on this machine needs around it: a way for a remote builder, a second try."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kamalpy.errors import BuildError
from kamalpy.operations.build.process import run_with_registry
from kamalpy.operations.build.tunnel import reverse_tunnel, tunnel_command


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program ``ssh`` to write."""
    path = tmp_path / "ssh"
    path.touch(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return path


def test_a_tunnel_for_a_remote_builder() -> None:
    assert list(tunnel_command("ssh://ada@builder.test:2222", 5555)) == [
        *("ssh", "-o", "ExitOnForwardFailure=yes", "-R", "127.0.0.1:5555:localhost:5555"),
        *("-l", "ada", "-p", "2222", "--", "builder.test", "echo ready && exec cat"),
    ]


@pytest.mark.parametrize("remote", ["tcp://builder.test", "ssh://", "builder.test"])
def test_only_ssh_leads_to_a_registry_on_this_machine(remote: str) -> None:
    with pytest.raises(BuildError, match="must be ssh://USER@HOST"):
        tunnel_command(remote, 5555)


def test_a_tunnel_ends_with_the_build_whatever_is_connected(program: Path) -> None:
    pid = program.with_name("pid")
    program.write_text(f"#!/bin/sh\necho $$ >{pid}; echo Warning; echo ready; exec sleep 60\n")
    begin = time.monotonic()
    with reverse_tunnel("ssh://builder.test", 5555):
        assert Path("/proc", pid.read_text().strip()).exists()
    assert not Path("/proc", pid.read_text().strip()).exists()
    assert time.monotonic() - begin < 30


def test_a_tunnel_that_cannot_be_opened(program: Path) -> None:
    program.write_text("#!/bin/sh\necho Permission denied; exit 255\n")
    expected = "no tunnel to the registry on this machine\nPermission denied"
    with pytest.raises(BuildError, match=expected), reverse_tunnel("ssh://builder.test", 5555):
        pass


@pytest.mark.parametrize(
    ("said", "runs"),
    [
        ("failed with status: 500 Internal Server Error", 2),
        ("failed with status: 503 Service Unavailable", 2),
        ("failed with status: 429 Too Many Requests", 2),
        ("login attempt to https://registry.test/v2/ failed with status: 401 Unauthorized", 2),
        ("unauthorized: incorrect username or password", 1),
    ],
)
def test_a_registry_that_fails_for_a_moment(program: Path, said: str, runs: int) -> None:
    log = program.with_name("log")
    program.write_text(
        f'#!/bin/sh\necho x >>{log}; [ "$(wc -l <{log})" = 2 ] || {{ echo "{said}"; exit 1; }}\n'
    )
    done = run_with_registry(["ssh"])
    assert len(log.read_text().split()) == runs
    assert done.status == (0 if runs == 2 else 1)
