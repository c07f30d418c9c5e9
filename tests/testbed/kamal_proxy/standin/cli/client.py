"""The client's end of the command socket: one line of JSON there, one line back."""

from __future__ import annotations

import json
import os
import socket
from typing import Any

from standin.paths import socket_path


class CallError(Exception):
    """The server could not be reached, or refused."""


def call(method: str, **arguments: Any) -> Any:
    """Ask the running server, and wait for as long as it takes."""
    with _connect() as connection, connection.makefile("rwb") as stream:
        stream.write(json.dumps({"method": method, "arguments": arguments}).encode() + b"\n")
        stream.flush()
        answer = stream.readline()
    if not answer:
        raise CallError("unexpected EOF")
    reply = json.loads(answer)
    if reply["error"] is not None:
        raise CallError(reply["error"])
    return reply["result"]


def _connect() -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(socket_path()))
    except OSError as error:
        connection.close()
        reason = os.strerror(error.errno).lower() if error.errno else str(error)
        raise CallError(f"dial unix {socket_path()}: connect: {reason}") from error
    return connection
