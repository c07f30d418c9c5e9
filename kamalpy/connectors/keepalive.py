"""Keep-alive requests: a connection whose server has vanished is closed, so that nothing hangs."""

from __future__ import annotations

import gevent
from paramiko import SSHException, Transport

INTERVAL = 15
"""Seconds between two requests."""
TIMEOUT = 20
"""Seconds within which the server has to answer."""


def keep_alive(transport: Transport) -> None:
    """Send keep-alive requests in the background; close the connection if one is not answered."""
    gevent.spawn(_watch, transport)


def _watch(transport: Transport) -> None:
    while transport.is_active():
        gevent.sleep(INTERVAL)
        try:
            with gevent.Timeout(TIMEOUT, TimeoutError):
                transport.global_request("keepalive@openssh.com", wait=True)
        except (EOFError, OSError, SSHException):
            transport.close()
