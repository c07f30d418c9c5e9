"""Ctrl-C and SIGTERM: a run ends, within seconds, and gives the handlers back that were there."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import gevent
from pyinfra import logger
from pyinfra.api.state import State

from kamalpy._pyinfra import kept, this_state

LIMIT = 10
"""Seconds from the signal to the end of the run, whatever a host does."""
Handler = Callable[[int, Any], None]


@dataclass(slots=True)
class Signals:
    """The handlers that a run has replaced, and the signal that ends it."""

    before: dict[int, Any] = field(default_factory=dict)
    since: float | None = None
    end: gevent.Greenlet | None = None

    def handle(self, number: int, handler: Handler) -> None:
        """Call a handler for a signal until the run ends; only the main thread may ask for that."""
        with suppress(ValueError):
            before = signal.signal(number, handler)
            self.before.setdefault(number, before)

    def restore(self) -> None:
        """Give the handlers back."""
        for number, handler in self.before.items():
            signal.signal(number, handler)
        self.before.clear()
        if self.end is not None:
            self.end.kill(block=False)

    def interrupt(self, state: State, number: int) -> None:
        """End a run: its hosts are left, then disconnected, and nobody is waited for too long."""
        if self.since is None:
            self.since = monotonic()
            logger.warning("Interrupted: putting things in order before the end ...")
            self.end = gevent.spawn_later(LIMIT - 0.5, raise_in_main, SystemExit(128 + number))
        state.pool.kill(block=False)
        raise_in_main(SystemExit(128 + number))


def end_on_ctrl_c() -> None:
    """Let Ctrl-C end this run, whatever it is at; who has it ignored, or handles it, goes on so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        kept(Signals).handle(signal.SIGINT, lambda *_: raise_in_main(KeyboardInterrupt()))


def end_in_order() -> None:
    """Let Ctrl-C and SIGTERM disconnect the hosts of this run, which puts things in order."""
    state, signals = this_state(), kept(Signals)
    for number in (signal.SIGINT, signal.SIGTERM):
        signals.handle(number, lambda number, _: signals.interrupt(state, number))


def restore_signals() -> None:
    """Give back the handlers that were there before this run."""
    kept(Signals).restore()


def seconds_left() -> float | None:
    """Return how long this run may go on, once it was interrupted."""
    since = kept(Signals).since
    return None if since is None else max(LIMIT - (monotonic() - since), 0)


def raise_in_main(error: BaseException) -> None:
    """Raise an error where the run waits; a connection that a signal happens to hit swallows it."""
    hub = gevent.get_hub()
    if gevent.getcurrent() is hub.parent:
        raise error
    hub.loop.run_callback(hub.parent.throw, error)
