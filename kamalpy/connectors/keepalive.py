"""A connection whose other end has vanished is closed, so that whoever waits for it goes on."""

from __future__ import annotations

import gevent
from paramiko import SSHException, Transport

INTERVAL = 15
"""Seconds between two questions whether the server is there."""
PATIENCE = 20
"""Seconds within which it has to answer."""


def keep_alive(transport: Transport) -> None:
    """Ask a server every now and then whether it is there; close the connection if it is not."""
    gevent.spawn(_watch, transport)


def _watch(transport: Transport) -> None:
    while transport.is_active():
        gevent.sleep(INTERVAL)
        try:
            with gevent.Timeout(PATIENCE, TimeoutError):
                transport.global_request("keepalive@openssh.com", wait=True)
        except (EOFError, OSError, SSHException):
            transport.close()
