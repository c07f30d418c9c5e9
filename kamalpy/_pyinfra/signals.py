"""Ctrl-C and SIGTERM end a run within seconds; its handlers are removed afterwards."""

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

from kamalpy._pyinfra import run_object, this_state

LIMIT = 10
"""Seconds from the signal to the end of the run, even if a host hangs."""
Handler = Callable[[int, Any], None]


@dataclass(slots=True)
class Signals:
    """The handlers that a run has replaced, and the signal that ends it."""

    before: dict[int, Any] = field(default_factory=dict)
    since: float | None = None
    end: gevent.Greenlet | None = None

    def handle(self, number: int, handler: Handler) -> None:
        """Set a handler until the run ends; does nothing outside of the main thread."""
        with suppress(ValueError):
            before = signal.signal(number, handler)
            self.before.setdefault(number, before)

    def restore(self) -> None:
        """Restore the earlier handlers."""
        for number, handler in self.before.items():
            signal.signal(number, handler)
        self.before.clear()
        if self.end is not None:
            self.end.kill(block=False)

    def interrupt(self, state: State, number: int) -> None:
        """End a run: stop its operations and disconnect its hosts, within the limit."""
        if self.since is None:
            self.since = monotonic()
            logger.warning("Interrupted: putting things in order before the end ...")
            self.end = gevent.spawn_later(LIMIT - 0.5, raise_in_main, SystemExit(128 + number))
        state.pool.kill(block=False)
        raise_in_main(SystemExit(128 + number))


def end_on_ctrl_c() -> None:
    """Let Ctrl-C end this run at any point, unless the caller ignores or handles it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        run_object(Signals).handle(signal.SIGINT, lambda *_: raise_in_main(KeyboardInterrupt()))


def end_in_order() -> None:
    """Let Ctrl-C and SIGTERM disconnect the hosts of this run, which cleans up."""
    state, signals = this_state(), run_object(Signals)
    for number in (signal.SIGINT, signal.SIGTERM):
        signals.handle(number, lambda number, _: signals.interrupt(state, number))


def restore_signals() -> None:
    """Restore the handlers from before this run."""
    run_object(Signals).restore()


def seconds_left() -> float | None:
    """Return the seconds that an interrupted run has left."""
    since = run_object(Signals).since
    return None if since is None else max(LIMIT - (monotonic() - since), 0)


def raise_in_main(error: BaseException) -> None:
    """Raise an error in the main greenlet; a connection greenlet would swallow it."""
    hub = gevent.get_hub()
    if gevent.getcurrent() is hub.parent:
        raise error
    hub.loop.run_callback(hub.parent.throw, error)
