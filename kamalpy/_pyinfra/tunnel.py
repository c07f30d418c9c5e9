"""A reverse tunnel: a host reaches a port of this machine over the SSH connection that it has."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

import gevent
from paramiko import Channel, SSHException, Transport
from pyinfra import logger
from pyinfra.api.command import FunctionCommand, StringCommand
from pyinfra.api.exceptions import ConnectError
from pyinfra.api.host import Host
from pyinfra.api.state import State

from kamalpy._pyinfra import SAID, is_lost
from kamalpy._pyinfra.execution import report_failure, run_command

LOOPBACK = "127.0.0.1"
_HERE = "localhost"
_CHUNK = 32 * 1024
_OPEN_TIMEOUT = 30
"""Seconds to wait for the port, which the tunnel of another deploy may hold."""
_REPORT_INTERVAL = 5
_LOSS_TIMEOUT = 2
_RECONNECTS = 5


@dataclass(slots=True)
class Tunnel:
    """The way from ``127.0.0.1:PORT`` of a host to ``localhost:PORT`` of this machine."""

    host: Host
    port: int
    size: int = 0
    """Bytes of the image; 0 if unknown."""
    sent: int = 0

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Keep the tunnel open for a while; raise SSHException where the server refuses it."""
        transport = self._transport
        self._open(transport)
        reports = gevent.spawn(self._report)
        try:
            yield
        finally:
            reports.kill()
            with suppress(EOFError, OSError, SSHException):
                transport.cancel_port_forward(LOOPBACK, self.port)

    @property
    def _transport(self) -> Transport:
        client: Any = getattr(self.host.connector, "client", None)
        transport = client.get_transport() if client is not None else None
        if not isinstance(transport, Transport):
            raise SSHException("no SSH connection to send the image over")
        return transport

    def _open(self, transport: Transport) -> None:
        end = monotonic() + _OPEN_TIMEOUT
        while True:
            try:
                transport.request_port_forward(LOOPBACK, self.port, self._accept)
                return
            except SSHException:
                if monotonic() >= end or not transport.is_active():
                    raise
                gevent.sleep(1)

    def _accept(self, channel: Channel, origin: tuple[str, int], server: tuple[str, int]) -> None:
        gevent.spawn(self._connect, channel)

    def _connect(self, channel: Channel) -> None:
        """Connect a channel to the port of this machine, until both sides have ended."""
        errors = suppress(OSError, EOFError, SSHException)
        with channel, errors, socket.create_connection((_HERE, self.port)) as local:
            back = gevent.spawn(_pump, channel, local, lambda: local.shutdown(socket.SHUT_WR))
            _pump(local, channel, channel.shutdown_write, self._count)
            back.join()

    def _count(self, size: int) -> None:
        self.sent += size

    @property
    def progress(self) -> str:
        """How much was sent; a host that has some layers already needs less than the image."""
        whole = f" of the image's {self.size / 1e6:.0f} MB" if self.size else ""
        return f"{self.host.name}: sent {self.sent / 1e6:.0f} MB{whole}"

    def _report(self) -> None:
        """Show how much was sent, as long as more is."""
        last = 0
        while True:
            gevent.sleep(_REPORT_INTERVAL)
            if self.sent != last:
                last = self.sent
                logger.info(self.progress, extra=SAID)


def through_tunnel(command: StringCommand, port: int, size: int = 0) -> FunctionCommand:
    """
    Run a command that reaches a port of this machine on the host's own ``127.0.0.1``.

    If the connection is lost meanwhile, another one is made, and the command runs again. Docker
    continues a layer where it stopped.
    """

    def kamalpy_through_tunnel(state: State, host: Host) -> bool:
        tunnel = Tunnel(host, port, size)
        if not is_listening(port):
            host.log_styled(SILENT.format(port), fg="red")
            return False
        for _ in range(_RECONNECTS):
            try:
                with tunnel.opened():
                    succeeded, output = run_command(host, command)
            except (EOFError, OSError, SSHException) as error:
                host.log_styled(_REFUSED.format(port, error), fg="red")
                return False
            if succeeded or not _becomes_lost(host):
                break
            host.log_styled("connecting again, to go on where it stopped", fg="yellow")
            try:
                host.connector.connect()
            except ConnectError as error:
                host.log_styled(str(error), fg="red")
                return False
            state.trigger_callbacks("host_connect", host)
        if not succeeded:
            report_failure(host, output)
        return succeeded

    return FunctionCommand(kamalpy_through_tunnel, (), {})


def _becomes_lost(host: Host) -> bool:
    """Tell whether a host's connection is lost; a channel may end a moment before it."""
    end = monotonic() + _LOSS_TIMEOUT
    while not is_lost(host):
        if monotonic() >= end:
            return False
        gevent.sleep(0.1)
    return True


def is_listening(port: int, within: float = 0) -> bool:
    """Tell whether something listens on a port of this machine, now or within some seconds."""
    end = monotonic() + within
    while True:
        try:
            socket.create_connection((_HERE, port), 5).close()
            return True
        except OSError:
            if monotonic() >= end:
                return False
        gevent.sleep(0.2)


def _pump(
    source: Any, target: Any, end: Callable[[], object], count: Callable[[int], None] | None = None
) -> None:
    with suppress(OSError, EOFError, SSHException):
        while data := source.recv(_CHUNK):
            target.sendall(data)
            if count is not None:
                count(len(data))
        end()


SILENT = (
    "localhost:{0}: no registry answers on this machine; start it with kamalpy registry setup, or, "
    "if it was made for another port, remove it first with kamalpy registry remove"
)
_REFUSED = (
    "the server opens no tunnel to the registry on this machine ({1}): either its port {0} is in "
    "use, or its sshd_config forbids it; AllowTcpForwarding yes (or remote) permits it"
)
