"""A real sshd of this machine on a port of its own, and a way to it that can be cut silently."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
OPTIONS = """
Port {port}
ListenAddress 127.0.0.1
ListenAddress ::1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
AcceptEnv *
"""


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port


@dataclass
class Sshd:
    """The server; ``key`` is the file of a key that it takes."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def key(self) -> Path:
        return self.folder / "key"

    def start(self) -> None:
        """Make keys, and serve; root's sshd wants a folder that packages make."""
        for name in ("key", "host_key"):
            words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name]
            subprocess.run(words, check=True)
        (self.folder / "sshd_config").write_text(OPTIONS.format(port=self.port, folder=self.folder))
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        assert SSHD is not None
        log = (self.folder / "sshd.log").open("wb")
        words = [SSHD, "-D", "-e", "-f", self.folder / "sshd_config"]
        self.process = subprocess.Popen(words, stderr=log, stdin=subprocess.DEVNULL)
        wait_for_port(self.port)

    def stop(self) -> None:
        """Serve nobody any more."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
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
