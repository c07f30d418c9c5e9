"""Each way in which SSH fails, against a real sshd: the whole message that a user reads."""

from __future__ import annotations

import getpass
import json
import os
import pty
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from fork_server import ForkServer
from local_sshd import SSHD, Sshd, free_port, keygen, sshd

ME = getpass.getuser()
Run = Callable[..., str]
Message = Callable[..., str]
pytestmark = pytest.mark.skipif(SSHD is None, reason="there is no sshd on this machine")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """An SSH server that lets one key in."""
    with sshd(tmp_path_factory.mktemp("sshd") / "server") as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder without keys."""
    (tmp_path / "home/.ssh").mkdir(parents=True, mode=0o700)
    return tmp_path / "home"


@pytest.fixture
def kamalpy(tmp_path: Path, home: Path, server: Sshd, fork_server: ForkServer) -> Run:
    """Run ``kamalpy server exec true``, or something else; returns what is on standard error."""

    def run(
        *options: str,
        host: str = "127.0.0.1",
        command: str = "",
        extension: Any = None,
        **ssh: Any,
    ) -> str:
        (tmp_path / "config").mkdir(exist_ok=True)
        section = {"user": ME, "port": server.port, "config": False, **ssh}
        (tmp_path / "config/deploy.yml").write_text(
            yaml.safe_dump(
                {
                    "service": "blog",
                    "image": "acme/blog",
                    "servers": [host],
                    "registry": {"username": "acme", "password": ["TOKEN"]},
                    "builder": {"arch": "amd64"},
                    "ssh": section,
                    "x-kamalpy": extension or {"atomic": True},
                }
            )
        )
        environ = {k: v for k, v in os.environ.items() if k != "SSH_AUTH_SOCK"}
        environ |= {
            "HOME": str(home),
            "VERSION": "v1",
            **({"SSH_AUTH_SOCK": agent} if agent else {}),
        }
        words = command.split() or ["server", "exec", "true"]
        done = fork_server.run("kamalpy", *words, *options, cwd=tmp_path, env=environ)
        text = done.stderr if not options or "--json" not in options else done.stdout
        places = {str(home): "HOME", str(tmp_path): "TMP", str(server.folder): "SERVER"}
        for path, name in places.items():
            text = text.replace(path, name)
        return text.replace(str(server.port), "PORT")

    agent = ""

    def with_agent(path: str) -> None:
        nonlocal agent
        agent = path

    run.with_agent = with_agent  # type: ignore[attr-defined]
    return run


def refused(text: str) -> str:
    """Give the one line that says why the server cannot be reached."""
    (line,) = (each for each in text.splitlines() if "ssh: " in each)
    return line.partition("ssh: ")[2]


MISTAKES = yaml.safe_load((Path(__file__).parents[1] / "cli/mistakes.yaml").read_text())["ssh"]


@pytest.fixture
def message(request: pytest.FixtureRequest) -> Callable[..., str]:
    """Give the message of the table that has the name of the test."""
    name = request.node.name.removeprefix("test_").replace("_", " ")
    return lambda **values: MISTAKES[name].strip().format(me=ME, **values)


def test_no_key_at_all(message: Message, kamalpy: Run) -> None:
    assert refused(kamalpy()) == message()


def test_a_key_that_is_refused(message: Message, kamalpy: Run, home: Path) -> None:
    keygen(home / ".ssh/id_ed25519")
    assert refused(kamalpy()) == message()


def test_another_user(message: Message, kamalpy: Run, home: Path, server: Sshd) -> None:
    shutil.copy(server.key, home / ".ssh/id_ed25519")
    assert refused(kamalpy(user="nobody-of-that-name")) == message()


def test_a_key_file_that_is_missing(message: Message, kamalpy: Run) -> None:
    assert refused(kamalpy(keys=["keys/missing"])) == message()


def test_a_key_file_that_cannot_be_read(message: Message, kamalpy: Run, tmp_path: Path) -> None:
    if os.geteuid() == 0:  # who can read every file
        (tmp_path / "mine").mkdir()
    else:
        keygen(tmp_path / "mine").chmod(0)
    assert refused(kamalpy(keys=["mine"])) == message()


def test_a_key_file_of_garbage(message: Message, kamalpy: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("garbage\n")
    assert refused(kamalpy(keys=["mine"])) == message()


def test_the_public_key_instead(message: Message, kamalpy: Run, tmp_path: Path) -> None:
    keygen(tmp_path / "mine")
    assert refused(kamalpy(keys=["mine.pub"])) == message()


def test_a_key_that_is_damaged(message: Message, kamalpy: Run, tmp_path: Path) -> None:
    text = keygen(tmp_path / "mine").read_text().splitlines()
    (tmp_path / "mine").write_text("\n".join([text[0], text[1][::-1], *text[2:]]) + "\n")
    assert refused(kamalpy(keys=["mine"])) == message()


@pytest.mark.parametrize("where", ["home", "deploy.yml"])
def test_a_key_with_a_passphrase_and_no_agent(
    message: Message, where: str, kamalpy: Run, home: Path, tmp_path: Path
) -> None:
    if where == "home":
        keygen(home / ".ssh/id_ed25519", "a passphrase")
        assert refused(kamalpy()) == message()
    else:
        keygen(tmp_path / "mine", "a passphrase")
        assert refused(kamalpy(keys=["mine"])) == message()


def test_a_host_key_that_has_changed(
    message: Message, kamalpy: Run, home: Path, server: Sshd
) -> None:
    shutil.copy(server.key, home / ".ssh/id_ed25519")
    key = keygen(home / "other").with_suffix(".pub").read_text()
    (home / ".ssh/known_hosts").write_text(f"[127.0.0.1]:{server.port} {key}")
    text = kamalpy()
    assert refused(text) == message()
    assert "eavesdropping" not in text
    assert text.count("ssh-keygen -R") == 1


def test_a_new_host_key_is_one_line(kamalpy: Run, home: Path, server: Sshd) -> None:
    shutil.copy(server.key, home / ".ssh/id_ed25519")
    assert [line for line in kamalpy().splitlines() if "known" in line] == [
        "  [127.0.0.1]:PORT: its host key is new, and added to known_hosts"
    ]
    assert (home / ".ssh/known_hosts").read_text().startswith(f"[127.0.0.1]:{server.port} ")
    assert "known" not in kamalpy()


def test_a_name_that_does_not_resolve(message: Message, kamalpy: Run, home: Path) -> None:
    keygen(home / ".ssh/id_ed25519")
    begun = time.monotonic()
    assert refused(kamalpy("--connect-timeout", "2", host="nowhere.invalid")) == message()
    assert time.monotonic() - begun < 20


def test_a_port_that_is_closed(message: Message, kamalpy: Run, home: Path) -> None:
    keygen(home / ".ssh/id_ed25519")
    port = free_port()
    assert refused(kamalpy(port=port)) == message(port=port)


@contextmanager
def listener(backlog: int) -> Iterator[socket.socket]:
    """A port on which nobody answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(backlog)
        yield listening


def test_a_server_that_accepts_and_stays_silent(message: Message, kamalpy: Run, home: Path) -> None:
    keygen(home / ".ssh/id_ed25519")
    with listener(5) as silent:
        port = silent.getsockname()[1]
        begun = time.monotonic()
        text = refused(kamalpy("--connect-timeout", "1", port=port))
        assert time.monotonic() - begun < 15
    assert text == message(port=port)


def test_a_server_that_hangs_up(message: Message, kamalpy: Run, home: Path) -> None:
    keygen(home / ".ssh/id_ed25519")
    with listener(5) as rude:
        port = rude.getsockname()[1]
        rude.settimeout(30)

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    rude.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        assert refused(kamalpy(port=port)) == message(port=port)


def test_the_timeout_of_deploy_yml(kamalpy: Run, home: Path) -> None:
    keygen(home / ".ssh/id_ed25519")
    with listener(5) as silent:
        begun = time.monotonic()
        kamalpy(port=silent.getsockname()[1], extension={"connect_timeout": 1})
        assert time.monotonic() - begun < 9  # 10 s would be the default


def test_a_terminal_shows_that_servers_are_connected_to(kamalpy: Run, tmp_path: Path) -> None:
    kamalpy()  # writes the project
    ours, theirs = pty.openpty()
    environ = {**os.environ, "HOME": str(tmp_path / "home"), "TERM": "xterm", "VERSION": "v1"}
    words = [sys.executable, "-m", "kamalpy", "server", "exec", "true"]
    with subprocess.Popen(words, cwd=tmp_path, env=environ, stderr=theirs, stdin=theirs):
        os.close(theirs)
        seen = os.read(ours, 1000).decode()
    os.close(ours)
    assert seen.startswith("Connecting to 1 server ...")


def test_a_server_that_does_not_answer_at_all(message: Message, kamalpy: Run, home: Path) -> None:
    keygen(home / ".ssh/id_ed25519")
    with listener(0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:  # the queue is full then, and more packets are dropped
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        text = refused(kamalpy("--connect-timeout", "1", port=port))
        for each in waiting:
            each.close()
    assert text == message(port=port)


def test_too_many_keys_are_offered(message: Message, kamalpy: Run, tmp_path: Path) -> None:
    with sshd(tmp_path / "strict", "MaxAuthTries 2") as strict, agent(tmp_path, 4) as path:
        kamalpy.with_agent(path)  # type: ignore[attr-defined]
        assert refused(kamalpy(port=strict.port)) == message(port=strict.port)


@contextmanager
def agent(folder: Path, keys: int) -> Iterator[str]:
    """An SSH agent with some keys."""
    path = str(folder / "agent")
    words = ["ssh-agent", "-D", "-a", path]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as running:
        while not Path(path).exists():
            time.sleep(0.02)
        for number in range(keys):
            key = keygen(folder / f"key{number}")
            environ = {**os.environ, "SSH_AUTH_SOCK": path}
            subprocess.run(["ssh-add", "-q", key], env=environ, check=True)
        yield path
        running.terminate()


def test_a_jump_host_that_is_down(message: Message, kamalpy: Run, home: Path) -> None:
    keygen(home / ".ssh/id_ed25519")
    port = free_port()
    jump = f"{ME}@127.0.0.1:{port}"
    assert refused(kamalpy(host="inside.test", proxy=jump)) == message(port=port)


def test_the_second_of_two_jump_hosts_is_down(
    message: Message, kamalpy: Run, home: Path, server: Sshd
) -> None:
    shutil.copy(server.key, home / ".ssh/id_ed25519")
    port = free_port()
    jumps = f"{ME}@127.0.0.1:{server.port},{ME}@127.0.0.1:{port}"
    assert refused(kamalpy(host="inside.test", proxy=jumps)) == message(port=port)


def test_a_jump_host_that_refuses_the_key(
    message: Message, kamalpy: Run, home: Path, server: Sshd
) -> None:
    keygen(home / ".ssh/id_ed25519")
    jump = f"{ME}@127.0.0.1:{server.port}"
    assert refused(kamalpy(host="inside.test", proxy=jump)) == message()


def test_a_jump_host_that_cannot_reach_the_server(
    message: Message, kamalpy: Run, home: Path, server: Sshd
) -> None:
    shutil.copy(server.key, home / ".ssh/id_ed25519")
    port = free_port()
    jump = f"{ME}@127.0.0.1:{server.port}"
    assert refused(kamalpy(port=port, proxy=jump)) == message(port=port)


def test_a_terminal_to_an_unreachable_server(
    kamalpy: Run, tmp_path: Path, fork_server: ForkServer
) -> None:
    kamalpy(port=free_port())  # writes the project
    words = ["app", "exec", "-i", "--connect-timeout", "2", "true"]
    environ = {**os.environ, "HOME": str(tmp_path / "home"), "VERSION": "v1"}
    done = fork_server.run("kamalpy", *words, cwd=tmp_path, env=environ)
    assert done.returncode == 6, done.stderr
    assert "Connection refused" in done.stderr
    assert done.stderr.endswith("ERROR: ssh to 127.0.0.1 failed\nTry: kamalpy doctor\n")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["details", "app logs", "app containers"])
def test_a_server_without_docker(
    command: str, kamalpy: Run, tmp_path: Path, home: Path, fork_server: ForkServer
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/sh").symlink_to("/bin/sh")
    with sshd(tmp_path / "bare", f"SetEnv PATH={tmp_path}/bin") as bare:
        keygen(home / ".ssh/id_ed25519")
        bare.authorize(home / ".ssh/id_ed25519.pub")
        kamalpy(port=bare.port)  # writes the project
        environ = {**os.environ, "HOME": str(home), "VERSION": "v1"}
        done = fork_server.run("kamalpy", *command.split(), cwd=tmp_path, env=environ)

    assert done.returncode == 1, done.stderr


def test_the_suggestion_is_another_command(kamalpy: Run) -> None:
    assert "Try: kamalpy doctor\n" in kamalpy()
    assert "Try:" not in kamalpy(command="doctor")


def test_doctor_reports_it_as_a_problem_of_the_server(kamalpy: Run) -> None:
    rows = [json.loads(line) for line in kamalpy("--json", command="doctor").splitlines()]
    (row,) = (row for row in rows if row["check"] == "servers")
    assert row["level"] == "problem"
    assert row["what"] == "there is no SSH key to log in to 127.0.0.1 with"


def test_doctor_looks_at_a_real_server(kamalpy: Run, home: Path, server: Sshd) -> None:
    shutil.copy(server.key, home / ".ssh/id_ed25519")
    rows = [json.loads(line) for line in kamalpy("--json", command="doctor").splitlines()]
    found = [row for row in rows if row["check"] == "servers"]
    assert found
    assert all(row["subject"] == "127.0.0.1" for row in found)
    assert not any("SSH" in row["what"] and row["level"] == "problem" for row in found)


def test_the_table_has_no_other_mistakes() -> None:
    tests = {name.removeprefix("test_").replace("_", " ") for name in globals()}
    assert {name.partition("[")[0] for name in MISTAKES} <= tests
