"""A server that vanishes without a word is noticed, while connecting and afterwards."""

from __future__ import annotations

import getpass
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import local_sshd
import pytest
from fork_server import ForkServer, Process
from local_sshd import SSHD, Link, Sshd

from kamalpy._pyinfra.signals import LIMIT
from kamalpy.connectors import keepalive

pytestmark = pytest.mark.skipif(SSHD is None, reason="there is no sshd on this machine")
FAST = """
from kamalpy.connectors import keepalive
keepalive.INTERVAL, keepalive.TIMEOUT = 0.5, 1
from pyinfra_cli.main import main
main()
"""


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    with local_sshd.sshd(tmp_path / "sshd") as server:
        yield server


@pytest.fixture
def link(sshd: Sshd) -> Iterator[Link]:
    with Link(sshd.port) as link:
        yield link


@pytest.fixture
def ssh(sshd: Sshd, link: Link) -> dict[str, Any]:
    """The section ``ssh`` by which the server is reached."""
    user = getpass.getuser()
    return {"user": user, "port": link.port, "keys": [str(sshd.key)], "keys_only": True}


Start = Callable[..., Process]


@pytest.fixture
def start(write: Callable[..., Path], ssh: dict[str, Any], fork_server: ForkServer) -> Start:
    """Start a program in the project of that server."""

    def start_program(
        *words: str,
        name: str = "127.0.0.1",
        key: Path | None = None,
        program: str = "pyinfra",
        code: str = FAST,
        **changes: Any,
    ) -> Process:
        config = {"servers": [name], "accessories": None, "env": None, "ssh": ssh, **changes}
        folder = write(**config)
        if key is not None:
            (folder / ".kamal/secrets").write_text(
                f'SSH_KEY="{key.read_text()}"\nREGISTRY_PASSWORD=x\n'
            )
        env = {**os.environ, "HOME": str(folder), "VERSION": "v1", "SSH_AUTH_SOCK": ""}
        stderr = subprocess.STDOUT
        return fork_server.start(program, *words, cwd=folder, env=env, stderr=stderr, code=code)

    return start_program


def exec_(*words: str) -> tuple[str, ...]:
    return ("@kamal", "exec", "-y", "--", shlex.join(words))


def until(path: Path) -> None:
    deadline = time.monotonic() + 120
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ended(process: Any, within: float) -> tuple[int, str]:
    text = process.communicate(timeout=within)[0]
    return process.returncode, text


def test_what_may_go_unnoticed_is_45_seconds() -> None:
    assert keepalive.INTERVAL + keepalive.TIMEOUT <= 45


def test_while_a_command_runs(start: Start, link: Link, tmp_path: Path) -> None:
    process = start(*exec_("sh", "-c", f"touch {tmp_path}/began; sleep 60"))
    until(tmp_path / "began")

    link.cut()
    status, text = ended(process, within=60)

    assert status == 1, text
    assert "the connection is lost: the server has closed it, or answers no more" in text
    assert "Traceback" not in text


def test_a_long_command_on_a_connection_that_is_well(start: Start) -> None:
    status, text = ended(start(*exec_("sleep", "5")), within=120)

    assert status == 0, text


def test_while_connecting(start: Start, link: Link) -> None:
    link.cut()
    process = start(*exec_("true"))

    status, text = ended(process, within=120)

    assert status == 1
    assert f"port {link.port} of 127.0.0.1" in text
    assert "Traceback" not in text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("program", ["pyinfra", "kamalpy"])
def test_somebody_interrupts_who_connects(
    start: Start, link: Link, program: str, number: int
) -> None:
    link.cut()
    words = {"pyinfra": ("@kamal", "exec", "-y", "--", "true"), "kamalpy": ("app", "version")}
    process = start(*words[program], program=program, code="")
    deadline = time.monotonic() + 120
    while not link.connections:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)

    process.send_signal(number)
    _, text = ended(process, within=LIMIT + 5)

    assert "Traceback" not in text


def test_an_idle_connection_is_not_made_anew(start: Start, link: Link, tmp_path: Path) -> None:
    (tmp_path / "deploy.py").write_text(
        "import time\n"
        "from pyinfra.operations import python, server\n"
        "server.shell(commands=['true'])\n"
        "python.call(function=lambda: time.sleep(3))\n"
        "server.shell(commands=['true'])\n"
    )
    process = start("@kamal", "deploy.py", "-y", sshkit={"pool_idle_timeout": 1})

    status, text = ended(process, within=120)

    assert (status, link.connections) == (0, 1), text


def test_a_name_of_the_file_in_ssh_config(start: Start, tmp_path: Path, ssh: Any) -> None:
    (tmp_path / "ssh_config").write_text("Host web-1\n  HostName 127.0.0.1\n")
    given = {**ssh, "config": str(tmp_path / "ssh_config")}

    status, text = ended(start(*exec_("true"), name="web-1", ssh=given), within=120)

    assert status == 0, text


def test_what_an_inventory_gives_paramiko_is_added_to_a_key(
    start: Start, tmp_path: Path, ssh: Any, sshd: Sshd
) -> None:
    (tmp_path / "inventory.py").write_text(
        f"given = {{'port': {ssh['port']}}}\n"
        "hosts = [('@kamal/config/deploy.yml', {'ssh_paramiko_connect_kwargs': given})]\n"
    )
    given = {"user": ssh["user"], "port": 1, "keys_only": True, "key_data": ["SSH_KEY"]}
    process = start("inventory.py", "exec", "-y", "--", "true", ssh=given, key=sshd.key)

    status, text = ended(process, within=120)

    assert status == 0, text


@pytest.mark.parametrize(
    "jump",
    ["{user}@[::1]:{port}", "{user}@127.0.0.1:{port}", "{user}@127.0.0.1:{port},[::1]:{port}"],
)
def test_a_jump_host_by_its_address(start: Start, ssh: Any, sshd: Sshd, jump: str) -> None:
    given = {**ssh, "proxy": jump.format(user=ssh["user"], port=sshd.port)}

    status, text = ended(start(*exec_("true"), ssh=given), within=120)

    assert status == 0, text
