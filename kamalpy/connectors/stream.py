"""The output of a command on a host, while it runs."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

import gevent
from gevent.queue import Queue
from paramiko import Channel, SSHException
from pyinfra.api.command import StringCommand
from pyinfra.api.host import Host

from kamalpy._pyinfra.connection import make_unix_command_for_host
from kamalpy.errors import DeployError

OUT, ERR = "stdout", "stderr"
_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes that came on standard output or standard error."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, without its end."""

    name: str
    text: str


class Stream:
    """
    A command on the open connection of its host.

    Its standard input stays open until ``close`` or the end of the connection: a script that must
    not outlive this process reads it.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._chunks: Queue = Queue()
        self._readers = [
            gevent.spawn(self._read, OUT, channel.recv),
            gevent.spawn(self._read, ERR, channel.recv_stderr),
        ]

    @classmethod
    def of(cls, host: Host, command: StringCommand) -> Stream:
        """Start a command on a connected host."""
        client = getattr(host.connector, "client", None)
        transport = client.get_transport() if client is not None else None
        if transport is None:
            raise DeployError(f"{host.name}: there is no SSH connection to run a command by")
        try:
            channel = transport.open_session()
            words = make_unix_command_for_host(host.state, host, command)
            channel.exec_command(words.get_raw_value())
        except (SSHException, EOFError, OSError) as error:
            raise DeployError(f"{host.name}: the SSH connection has ended ({error})") from None
        return cls(channel)

    def chunks(self) -> Iterator[Chunk]:
        """Yield the output, until both ends are closed."""
        open_ends = len(self._readers)
        while open_ends:
            chunk = self._chunks.get()
            if chunk is None:
                open_ends -= 1
            else:
                yield chunk

    def lines(self) -> Iterator[Line]:
        """Yield the output line by line; the last one may have no end."""
        decoders = {each: codecs.getincrementaldecoder("utf-8")("replace") for each in (OUT, ERR)}
        rests = {OUT: "", ERR: ""}
        for chunk in self.chunks():
            text = rests[chunk.name] + decoders[chunk.name].decode(chunk.data)
            *whole, rests[chunk.name] = text.split("\n")
            yield from (Line(chunk.name, line) for line in whole)
        for name, rest in rests.items():
            last = rest + decoders[name].decode(b"", final=True)
            if last:
                yield Line(name, last)

    def status(self) -> int:
        """Wait for the end and return the exit status, 255 if the connection ended first."""
        status = self._channel.recv_exit_status()
        return status if status >= 0 else 255

    def close(self) -> None:
        """Stop reading, and end its standard input."""
        gevent.killall(self._readers, block=False)
        self._channel.close()

    def _read(self, name: str, receive: object) -> None:
        try:
            while data := receive(_BYTES):  # type: ignore[operator]
                self._chunks.put(Chunk(name, data))
        finally:
            self._chunks.put(None)
