"""Asking servers something, all at the same time, over the connections that deploys use."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

from collections.abc import Iterator, Sequence  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from dataclasses import dataclass, field  # noqa: E402

import gevent  # noqa: E402
from pyinfra.api.command import StringCommand  # noqa: E402
from pyinfra.api.connect import disconnect_all  # noqa: E402
from pyinfra.api.state import State  # noqa: E402
from pyinfra.context import ctx_state  # noqa: E402

from kamalpy._pyinfra import kept  # noqa: E402
from kamalpy.cli.engine import Engine  # noqa: E402
from kamalpy.cli.mask_output import Hiding  # noqa: E402
from kamalpy.cli.output import output  # noqa: E402
from kamalpy.cli.settings import Settings  # noqa: E402
from kamalpy.cli.status import Exit  # noqa: E402
from kamalpy.connectors.hooks import PreConnect  # noqa: E402
from kamalpy.connectors.run_secrets import mask_static  # noqa: E402
from kamalpy.connectors.stream import Line, Stream  # noqa: E402
from kamalpy.errors import DeployError  # noqa: E402


@dataclass(frozen=True)
class Ask:
    """A command for a host; ``heading`` is told before its answer, ``source`` is what answers."""

    host: str
    command: StringCommand
    heading: str = ""
    source: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a host said, and the exit status of its command."""

    ask: Ask
    status: int
    lines: Sequence[Line] = ()


@dataclass
class Fleet:
    """Servers that are connected."""

    engine: Engine
    state: State
    streams: list[Stream] = field(default_factory=list)

    @classmethod
    @contextmanager
    def reached(cls, engine: Engine, hosts: Sequence[str]) -> Iterator[Fleet]:
        """Connect to some hosts for a while; one that cannot be reached is told and left out."""
        if not hosts:
            raise DeployError("no server is meant: see -h, -r and -p, and servers in deploy.yml")
        state = engine.connected(hosts)
        fleet = cls(engine, state)
        try:
            with ctx_state.use(state):
                mask_static(engine.config)
                yield fleet
        finally:
            for stream in fleet.streams:
                stream.close()
            with ctx_state.use(state):
                disconnect_all(state)
            engine.output.close()

    @property
    def status(self) -> int:
        """The exit status, as far as connections tell it."""
        missing = len(self.state.inventory) - len(self.state.activated_hosts)
        return Exit.UNREACHABLE if missing else Exit.OK

    def stream(self, ask: Ask) -> Stream:
        """Ask, and listen to what comes."""
        stream = Stream.of(self.state.inventory.get_host(ask.host), ask.command)
        self.streams.append(stream)
        return stream

    def reachable(self, asks: Sequence[Ask]) -> list[Ask]:
        """Leave out what is for hosts that cannot be reached."""
        active = {host.name for host in self.state.activated_hosts}
        return [ask for ask in asks if ask.host in active]

    def answers(self, asks: Sequence[Ask]) -> Iterator[Answer]:
        """Ask everybody at once; answers come in the order of what was asked."""
        waiting = [gevent.spawn(self._answer, ask) for ask in self.reachable(asks)]
        for each in waiting:
            yield each.get()

    def _answer(self, ask: Ask) -> Answer:
        stream = self.stream(ask)
        lines = list(stream.lines())
        return Answer(ask, stream.status(), lines)


@contextmanager
def at_hand(engine: Engine, hosts: Sequence[str]) -> Iterator[None]:
    """Know some hosts for a while, to which somebody else will connect; hooks are called before."""
    state = engine.unconnected(hosts)
    with ctx_state.use(state):
        mask_static(engine.config)
        kept(PreConnect).call(engine.config)
        yield


def engine_of(settings: Settings) -> Engine:
    """Make the engine for a command that only looks."""
    return Engine(settings, Hiding(output(settings)))
