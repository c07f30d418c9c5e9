"""A port of this machine, reached from a server over its SSH connection: a real sshd."""

from __future__ import annotations

import getpass
import os
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import local_sshd
import pytest
from fork_server import ForkServer
from local_sshd import SSHD, Sshd, free_port
from pyinfra.api.host import Host

from kamalpy._pyinfra.tunnel import Tunnel

SCRIPT = """
import sys
from types import SimpleNamespace
from urllib.request import urlopen

from paramiko import AutoAddPolicy, SSHClient, SSHException

from kamalpy._pyinfra import tunnel

ssh_port, user, key, port = sys.argv[1:]
tunnel._OPEN_TIMEOUT, tunnel._HERE = 0, "::1"
client = SSHClient()
client.set_missing_host_key_policy(AutoAddPolicy())
client.connect(
    "127.0.0.1", int(ssh_port), user, key_filename=key, allow_agent=False, look_for_keys=False
)
way = tunnel.Tunnel(SimpleNamespace(name="h1", connector=SimpleNamespace(client=client)), int(port))
try:
    with way.opened():
        print(len(urlopen(f"http://127.0.0.1:{port}/", timeout=10).read()), way.sent > 1_000_000)
    urlopen(f"http://127.0.0.1:{port}/", timeout=10)
except (OSError, SSHException) as error:
    print(error)
client.close()
"""
Run = Callable[[int], list[str]]
BODY = b"x" * 1_000_000


class Handler(BaseHTTPRequestHandler):
    """Answers with a megabyte."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Server(HTTPServer):
    """Serves on ``::1`` alone: 127.0.0.1 is the other end here."""

    address_family = socket.AF_INET6


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    if SSHD is None:
        pytest.skip("there is no sshd on this machine")
    with local_sshd.sshd(tmp_path / "sshd") as server:
        yield server


@pytest.fixture
def run(sshd: Sshd, fork_server: ForkServer) -> Run:
    """Open a tunnel to a port, and use it."""

    def use(port: int) -> list[str]:
        words = map(str, (sshd.port, getpass.getuser(), sshd.key, port))
        env = dict(os.environ)
        done = fork_server.run("pyinfra", *words, cwd=sshd.folder, env=env, code=SCRIPT)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return use


def test_a_server_reaches_a_port_of_this_machine_for_a_while(run: Run) -> None:
    try:
        server = Server(("::1", 0), Handler)
    except OSError:
        pytest.skip("there is no ::1 on this machine")
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        used, after = run(server.server_port)
        server.shutdown()
    assert used == "1000000 True"
    assert "Connection refused" in after


@pytest.mark.parametrize(
    ("size", "progress"),
    [
        (0, "h1: sent 120 MB"),
        (300_000_000, "h1: sent 120 MB of the image's 300 MB"),
    ],
)
def test_progress_of_an_image(size: int, progress: str) -> None:
    host = cast(Host, SimpleNamespace(name="h1"))
    assert Tunnel(host, 5555, size, sent=120_000_000).progress == progress


def test_a_port_that_is_in_use_there(run: Run) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        assert run(taken.getsockname()[1]) == ["TCP forwarding request denied"]
