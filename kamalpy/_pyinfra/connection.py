"""pyinfra's SSH connector, with one attempt to connect as a method of its own."""

from __future__ import annotations

from pyinfra.connectors.ssh import SSHConnector
from pyinfra.connectors.sshuserclient import SSHClient
from pyinfra.connectors.sshuserclient.client import get_ssh_config
from pyinfra.connectors.util import CommandOutput, make_unix_command_for_host

__all__ = [
    "CommandOutput",
    "SSHClient",
    "SSHConnection",
    "get_ssh_config",
    "make_unix_command_for_host",
]


class SSHConnection(SSHConnector):
    """An SSH connection; ``connect`` makes several attempts."""

    def attempt(self) -> None:
        """Connect once."""
        super()._connect()

    def _connect(self) -> None:
        self.attempt()

    @property
    def is_lost(self) -> bool:
        """Whether there was a connection and is none any more."""
        transport = self.client.get_transport() if self.client is not None else None
        return transport is not None and not transport.is_active()
