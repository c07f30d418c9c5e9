"""``ssh.proxy``: one connection to each jump host for all hosts behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gevent.lock import RLock
from paramiko import SSHException

from kamalpy._pyinfra.connection import SSHClient
from kamalpy.config.ssh import JumpHost
from kamalpy.connectors.connect_errors import JumpError
from kamalpy.connectors.keepalive import keep_alive


@dataclass(slots=True)
class Jumps:
    """The open connections to jump hosts of a run."""

    clients: dict[str, SSHClient] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    def channel(self, jumps: str, host: str, port: int, kwargs: dict[str, Any]) -> Any:
        """Open a channel to a host through jump hosts, ``user@host[:port]`` between commas."""
        before, _, last = jumps.rpartition(",")
        jump = JumpHost.parse(last)
        try:
            with self.lock:
                client = self.clients.get(jumps)
                if client is None or not _is_alive(client):
                    inner = self.channel(before, jump.host, jump.port, kwargs) if before else None
                    client = self.clients[jumps] = _connect(jump, {**kwargs, "sock": inner})
            transport = client.get_transport()
            if transport is None:
                raise OSError(f"the connection to the jump host {jump.host} is closed")
            return transport.open_channel("direct-tcpip", (host, port), ("127.0.0.1", 0))
        except JumpError:
            raise
        except (OSError, SSHException, EOFError) as error:
            raise JumpError(jump, host, port, str(error)) from error


def _connect(jump: JumpHost, kwargs: dict[str, Any]) -> SSHClient:
    client = SSHClient()
    client.connect(jump.host, **{**kwargs, "username": jump.user, "port": jump.port})
    transport = client.get_transport()
    if transport is not None:
        keep_alive(transport)
    return client


def _is_alive(client: SSHClient) -> bool:
    transport = client.get_transport()
    return transport is not None and transport.is_active()
