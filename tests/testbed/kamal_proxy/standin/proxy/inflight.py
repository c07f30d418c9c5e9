"""A request on its way to a target, and the reasons for which it may be called back."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from enum import Enum
from typing import Any


class Cancelled(Enum):
    """Why a request was given up."""

    DRAINING = "the target is drained"
    TIMED_OUT = "the target took too long"
    GONE = "the visitor hung up"
    BROKEN = "invalid byte in chunk length"


class Inflight:
    """One request that a target was given."""

    def __init__(self) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.hijacked = False
        self._reason: Cancelled | None = None
        self._task: asyncio.Task[None] | None = None

    def cancel(self, reason: Cancelled) -> None:
        """Give the request up, unless it is over or given up already."""
        if self._reason is None and not self.done.done():
            self._reason = reason
            if self._task is not None:
                self._task.cancel()

    async def run(self, work: Coroutine[Any, Any, None]) -> Cancelled | None:
        """Do the work in a task of its own; the answer is why it was given up, if it was."""
        self._task = asyncio.ensure_future(work)
        if self._reason is not None:
            self._task.cancel()
        try:
            await asyncio.wait([self._task])
        finally:
            self._task.cancel()
            self.finish()
        if self._task.cancelled():
            return self._reason
        self._task.result()
        return None

    def finish(self) -> None:
        """Let go of whoever waits for the request to be over."""
        if not self.done.done():
            self.done.set_result(None)
