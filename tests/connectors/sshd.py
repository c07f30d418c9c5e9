"""An SSH server on this machine, as whoever runs the tests, with its own keys."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")


@dataclass(frozen=True, slots=True)
class Sshd:
    """A running server."""

    folder: Path
    port: int

    def authorize(self, public: Path) -> None:
        """Let a key in."""
        with (self.folder / "authorized_keys").open("a") as file:
            file.write(public.read_text())


def keygen(path: Path, passphrase: str = "", kind: str = "ed25519") -> Path:
    """Make a key; returns the private key's file."""
    words = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", str(path)]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    return path


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def sshd(folder: Path, *options: str) -> Iterator[Sshd]:
    """Run a server on a free port of 127.0.0.1 until the test ends."""
    folder.mkdir(parents=True, exist_ok=True)
    key, port = keygen(folder / "host_key"), free_port()
    (folder / "authorized_keys").touch()
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    settings = [
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {key}",
        f"AuthorizedKeysFile {folder}/authorized_keys",
        "PidFile none",
        "StrictModes no",
        "UsePAM no",
        "PasswordAuthentication no",
        "PermitRootLogin yes",
        *options,
    ]
    (folder / "sshd_config").write_text("\n".join(settings) + "\n")
    words = [str(SSHD), "-D", "-e", "-f", str(folder / "sshd_config")]
    with (folder / "log").open("wb") as log, subprocess.Popen(words, stderr=log) as server:
        try:
            _wait(port)
            yield Sshd(folder, port)
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(500):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise TimeoutError(f"sshd does not listen on port {port}")
