"""A real sshd of this machine, for tests of connections, and a way to it that can be cut."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
OPTIONS = """
Port {port}
ListenAddress 127.0.0.1
ListenAddress ::1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
AcceptEnv *
"""


@dataclass(frozen=True, slots=True)
class Sshd:
    """A running server, which accepts one key of its own."""

    folder: Path
    port: int

    @property
    def key(self) -> Path:
        """The private key that it accepts."""
        return self.folder / "key"

    def authorize(self, public: Path) -> None:
        """Accept one more key."""
        with (self.folder / "authorized_keys").open("a") as file:
            file.write(public.read_text())


@contextmanager
def sshd(folder: Path, *options: str) -> Iterator[Sshd]:
    """Run a server, as whoever runs the tests, on a free port of this machine."""
    folder.mkdir(parents=True)
    keygen(folder / "host_key")
    server = Sshd(folder, free_port())
    server.authorize(keygen(server.key).with_suffix(".pub"))
    config = folder / "sshd_config"
    config.write_text(OPTIONS.format(port=server.port, folder=folder) + "\n".join(options) + "\n")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    words = [str(SSHD), "-D", "-e", "-f", str(config)]
    log = folder / "log"
    with log.open("wb") as file, subprocess.Popen(words, stderr=file) as process:
        try:
            wait_for_port(server.port)
            assert process.poll() is None, log.read_text()
            yield server
        finally:
            process.terminate()


def keygen(path: Path, passphrase: str = "", kind: str = "ed25519") -> Path:
    """Make a key; returns the private key's file."""
    words = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", str(path)]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    return path


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for_port(port: int) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")


class Link:
    """Passes bytes on to a port until it is cut; then it goes on listening, and says nothing."""

    def __init__(self, port: int) -> None:
        self.to, self.is_cut, self.connections = port, False, 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._ends: list[socket.socket] = []

    def __enter__(self) -> Link:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for end in (self._listening, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def cut(self) -> None:
        """Pass nothing on any more: neither an end nor a reset."""
        self.is_cut = True

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                here, _ = self._listening.accept()
                self.connections += 1
                there = socket.create_connection(("127.0.0.1", self.to))
                self._ends += [here, there]
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while data := here.recv(1 << 16):
                if not self.is_cut:
                    there.sendall(data)
            if not self.is_cut:
                there.shutdown(socket.SHUT_WR)
