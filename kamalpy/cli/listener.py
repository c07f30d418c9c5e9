"""Turning what pyinfra does into events."""

from __future__ import annotations

import logging
import re
import time
from collections import defaultdict

from pyinfra import logger
from pyinfra.api.host import Host
from pyinfra.api.state import BaseStateCallback, State

from kamalpy.cli.events import Said, Status, StepBegins, StepEnds
from kamalpy.cli.output import Output

_OF_HOST = re.compile(r"\s*\[([^\]]+)\]\s+(.*)", re.DOTALL)
_NOISE = re.compile(r"(Success|No changes|Connected|Error.*: executed \d+ commands|noop: .*)$")
_HEADER = "--> "
OWN = "Verdict"
"""The step that only makes the exit status; whoever shows the end tells its reasons once."""


class Listener(BaseStateCallback):
    """Hears of every step on every host, and of all that is said meanwhile."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.begun: dict[tuple[str, str], float] = {}
        self.ended: dict[tuple[str, str], float] = {}
        self.said: dict[str, list[str]] = defaultdict(list)
        logger.addHandler(_Handler(self))
        logger.setLevel(logging.INFO)
        logger.propagate = False

    def operation_start(self, state: State, op_hash: str) -> None:  # type: ignore[override]
        """A step begins."""
        self.output.show(StepBegins(_title(state, op_hash)))

    def operation_host_start(self, state: State, host: Host, op_hash: str) -> None:  # type: ignore[override]
        """A step begins on a host."""
        self.begun[host.name, op_hash] = time.monotonic()
        self.said.pop(host.name, None)

    def operation_host_success(  # type: ignore[override]
        self, state: State, host: Host, op_hash: str, retry_count: int = 0
    ) -> None:
        """A step has gone well on a host."""
        self.ended[host.name, op_hash] = time.monotonic()

    def operation_host_error(  # type: ignore[override]
        self, state: State, host: Host, op_hash: str, retry_count: int = 0, max_retries: int = 0
    ) -> None:
        """A step has failed on a host."""
        self.ended[host.name, op_hash] = time.monotonic()

    def operation_end(self, state: State, op_hash: str) -> None:  # type: ignore[override]
        """A step is over on all hosts."""
        title = _title(state, op_hash)
        for host in state.inventory:
            made, key = state.ops[host].get(op_hash), (host.name, op_hash)
            if made is None or key not in self.ended or title.endswith(OWN):
                continue
            seconds = self.ended[key] - self.begun[key]
            said = tuple(self.said.get(host.name, ()))
            status = _status(made.operation_meta)
            self.output.show(StepEnds(title, host.name, status, seconds, said))

    def heard(self, text: str, level: int) -> None:
        """Keep what is said of a host during a step; tell the rest at once."""
        text = re.sub(r"\x1b\[[0-9;]*m", "", text)
        found = _OF_HOST.match(text)
        host, line = (found[1], found[2]) if found else (None, text.strip())
        if _NOISE.match(line) or line.startswith(_HEADER):
            return
        if host in self._at_work():
            self.said[host].extend(line.splitlines())
        elif line and (level >= logging.WARNING or host):
            self.output.show(Said(line, host))

    def _at_work(self) -> set[str]:
        return {host for host, op_hash in self.begun if (host, op_hash) not in self.ended}


class _Handler(logging.Handler):
    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self.listener = listener

    def emit(self, record: logging.LogRecord) -> None:
        self.listener.heard(record.getMessage(), record.levelno)


def _title(state: State, op_hash: str) -> str:
    return ", ".join(state.op_meta[op_hash].names).partition(" | ")[2] or str(op_hash)


def _status(meta: object) -> Status:
    if not meta.did_succeed():  # type: ignore[attr-defined]
        return Status.FAILED
    return Status.CHANGED if meta.did_change() else Status.UNCHANGED  # type: ignore[attr-defined]
