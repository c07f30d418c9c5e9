"""Whether a service's requests go through, wait, or are turned away."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any

from standin.durations import seconds
from standin.proxy.errors import PageError


class Mode(Enum):
    """What happens to requests; the values are those of the state file."""

    RUNNING = 0
    PAUSED = 1
    STOPPED = 2


class PauseExpiredError(PageError):
    """The request waited for as long as one may."""

    def __init__(self) -> None:
        super().__init__(504)


class Pause:
    """The switch between the three."""

    def __init__(self, saved: dict[str, Any] | None = None) -> None:
        saved = saved or {}
        self.mode = Mode(saved.get("state", 0))
        self._message = str(saved.get("stop_message", ""))
        self._held = int(saved.get("fail_after", 0))
        self._gate: asyncio.Future[None] | None = None

    def to_json(self) -> dict[str, Any]:
        """The switch as the state file has it."""
        return {"state": self.mode.value, "stop_message": self._message, "fail_after": self._held}

    def pause(self, held: int) -> None:
        """Hold requests, each for so long."""
        self.mode, self._message, self._held = Mode.PAUSED, "", held

    def stop(self, message: str) -> None:
        """Turn requests away, those that are held too."""
        self._open(Mode.STOPPED, message)

    def resume(self) -> None:
        """Let requests through, those that are held first."""
        self._open(Mode.RUNNING, "")

    async def admit(self) -> None:
        """Return when the request may go on; PageError if it may not."""
        if self.mode is Mode.PAUSED:
            self._gate = self._gate or asyncio.get_running_loop().create_future()
            opened, _ = await asyncio.wait([self._gate], timeout=max(seconds(self._held), 0))
            if not opened:
                raise PauseExpiredError
        if self.mode is Mode.STOPPED:
            raise PageError(503, self._message)

    def _open(self, mode: Mode, message: str) -> None:
        self.mode, self._message = mode, message
        if self._gate is not None:
            self._gate.set_result(None)
            self._gate = None
