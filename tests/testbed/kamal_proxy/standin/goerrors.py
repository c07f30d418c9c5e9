"""Network errors in Go's words: they show in logs, and people search for them."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def reason(error: OSError) -> str:
    """The reason alone: ``connection refused``."""
    return os.strerror(error.errno).lower() if error.errno else str(error)


def dial_error(host: str, port: int, error: OSError) -> str:
    """Why a connection could not be made."""
    if isinstance(error, socket.gaierror):
        missing = error.errno in (socket.EAI_NONAME, socket.EAI_NODATA)
        why = "no such host" if missing else "server misbehaving"
        return f"dial tcp: lookup {host} on {_nameserver()}:53: {why}"
    return f"dial tcp {join(host, port)}: connect: {reason(error)}"


def join(host: str, port: int) -> str:
    """Host and port as one address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _nameserver() -> str:
    try:
        lines = Path("/etc/resolv.conf").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    fields = [line.split() for line in lines if line.startswith("nameserver ")]
    return fields[0][1] if fields and len(fields[0]) > 1 else "127.0.0.1"
