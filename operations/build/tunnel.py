"""The way from a remote builder to the registry on this machine, by the system's ``ssh``."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

from kamalpy.errors import BuildError

_READY = "ready"


@contextmanager
def reverse_tunnel(remote: str, port: int) -> Iterator[None]:
    """Let ``127.0.0.1:PORT`` of a builder, ``ssh://user@host:22``, be that of this machine."""
    process = subprocess.Popen(
        tunnel_command(remote, port),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    with process:
        lines: list[str] = []
        for line in process.stdout or ():
            lines.append(line.strip())
            if lines[-1] == _READY:
                break
        else:
            reason = "\n".join(lines)
            raise BuildError(f"{remote}: no tunnel to the registry on this machine\n{reason}")
        try:
            yield
        finally:  # by itself ssh waits for connections that BuildKit keeps open, 90 s
            process.terminate()


def tunnel_command(remote: str, port: int) -> Sequence[str]:
    """Spell the command, which reports when the tunnel is open and ends with its input."""
    url = urlsplit(remote)
    if url.scheme != "ssh" or not url.hostname:
        raise BuildError(
            f"{remote}: builder/remote must be ssh://USER@HOST to use a registry on this machine"
        )
    user = ("-l", url.username) if url.username else ()
    ssh_port = ("-p", str(url.port)) if url.port else ()
    forward = f"127.0.0.1:{port}:localhost:{port}"
    return (
        *("ssh", "-o", "ExitOnForwardFailure=yes", "-R", forward),
        *(*user, *ssh_port, "--", url.hostname, f"echo {_READY} && exec cat"),
    )
