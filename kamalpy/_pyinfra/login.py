"""Another connection to a host, in the middle of a run."""

from __future__ import annotations

from pyinfra.api.command import FunctionCommand
from pyinfra.api.exceptions import ConnectError
from pyinfra.api.host import Host
from pyinfra.api.state import State

_FORMER: list[object] = []
"""Connections that stay open to the end of the run: the lease of the deploy lock names one."""


def connect_again() -> FunctionCommand:
    """Connect once more: a login has the groups that its user has by then."""

    def kamalpy_connect_again(state: State, host: Host) -> bool:
        _FORMER.append(getattr(host.connector, "client", None))
        try:
            host.connector.connect()
        except ConnectError as error:
            host.log_styled(str(error), fg="red")
            return False
        return True

    return FunctionCommand(kamalpy_connect_again, (), {})
