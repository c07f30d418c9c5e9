"""pyinfra's SSH connector, with a place for whoever has something to say about one attempt."""

from __future__ import annotations

from pyinfra.connectors.ssh import SSHConnector


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
