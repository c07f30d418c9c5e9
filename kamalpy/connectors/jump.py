"""``ssh.proxy``: one connection to the jump host for all hosts behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gevent.lock import RLock
from paramiko import SSHException
from pyinfra.connectors.sshuserclient import SSHClient

from kamalpy.config.ssh import JumpHost
from kamalpy.connectors.connect_errors import JumpError
from kamalpy.connectors.keepalive import keep_alive


@dataclass(slots=True)
class Jumps:
    """The connections to jump hosts that a run has open."""

    clients: dict[str, SSHClient] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    def channel(self, jump: str, host: str, port: int, kwargs: dict[str, Any]) -> Any:
        """Open a way to a host through a jump host, ``user@host[:port]``."""
        try:
            with self.lock:
                client = self.clients.get(jump)
                if client is None or not _lives(client):
                    client = self.clients[jump] = _connect(jump, kwargs)
            transport = client.get_transport()
            if transport is None:
                raise OSError(f"the connection to the jump host {jump} is closed")
            return transport.open_channel("direct-tcpip", (host, port), ("127.0.0.1", 0))
        except (OSError, SSHException, EOFError) as error:
            raise JumpError(str(error)) from error


def _connect(jump: str, kwargs: dict[str, Any]) -> SSHClient:
    address = JumpHost.of(jump)
    client = SSHClient()
    client.connect(address.host, **{**kwargs, "username": address.user, "port": address.port})
    transport = client.get_transport()
    if transport is not None:
        keep_alive(transport)
    return client


def _lives(client: SSHClient) -> bool:
    transport = client.get_transport()
    return transport is not None and transport.is_active()
