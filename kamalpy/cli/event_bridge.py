"""Turn pyinfra's callbacks and logs into events."""

from __future__ import annotations

import logging
import re
import time
from collections import defaultdict
from typing import Any

from pyinfra import logger
from pyinfra.api.host import Host
from pyinfra.api.state import BaseStateCallback, State, StateStage
from pyinfra.connectors.base import BaseConnector

from kamalpy._pyinfra import operation_at
from kamalpy.cli.events import Level, Ran, Said, Status, StepBegins, StepEnds, StepGoesOn
from kamalpy.cli.output import Output
from kamalpy.commands.base import shown
from kamalpy.connectors.kamal import KamalConnector

_OF_HOST = re.compile(r"\s*\[([^\]]+)\]\s+(.*)", re.DOTALL)
_NOISE = re.compile(
    r"(Success|No changes|Connected|Error.*: executed \d+ commands)$|Error: could not load fact: "
)
_REASON = "noop: "
_HEADER = "--> "
_ABSENT = ("not for this host",)
_READING = "state.sh"
OWN = "Verdict"
"""The step that only makes the exit status; whoever shows the end tells its reasons once."""


class Listener(BaseStateCallback):
    """Hears of every step on every host, and of all that is said meanwhile."""

    def __init__(self, output: Output, state: State) -> None:
        self.output, self.state = output, state
        self.begun: dict[tuple[str, str], float] = {}
        self.ended: dict[tuple[str, str], float] = {}
        self.said: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.refused: list[Said] = []
        self.handler = _Handler(self)
        logger.addHandler(self.handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        state.print_noop_info = True

    def close(self) -> None:
        """Hear no more."""
        logger.removeHandler(self.handler)

    def operation_start(self, state: State, op_hash: str) -> None:  # type: ignore[override]
        """A step begins."""
        step = title(state, op_hash)
        if not step.endswith(OWN):
            self.output.show(StepBegins(step))

    def operation_host_start(self, state: State, host: Host, op_hash: str) -> None:  # type: ignore[override]
        """A step begins on a host."""
        self.begun[host.name, op_hash] = time.monotonic()
        self.said.pop((host.name, op_hash), None)

    def operation_host_success(  # type: ignore[override]
        self, state: State, host: Host, op_hash: str, retry_count: int = 0
    ) -> None:
        """A step has gone well on a host."""
        self._note(state, host, op_hash)

    def operation_host_error(  # type: ignore[override]
        self, state: State, host: Host, op_hash: str, retry_count: int = 0, max_retries: int = 0
    ) -> None:
        """A step has failed on a host."""
        self._note(state, host, op_hash)

    def operation_end(self, state: State, op_hash: str) -> None:  # type: ignore[override]
        """A step is over on all hosts; they are told of in their order, not in that of time."""
        step = title(state, op_hash)
        for host in state.inventory:
            made, key = state.ops[host].get(op_hash), (host.name, op_hash)
            if made is None or key not in self.ended or step.endswith(OWN):
                continue
            seconds = self.ended[key] - self.begun[key]
            said = tuple(self.said.get(key, ()))
            status = _status(made.operation_meta)
            if status is not Status.UNCHANGED or said != _ABSENT:
                self.output.show(StepEnds(step, host.name, status, round(seconds, 3), said))

    def failed(self) -> None:
        """End the step that no host has survived, which pyinfra leaves without an end."""
        for op_hash in self.state.get_op_order():
            for host in self.state.inventory:
                made = self.state.ops[host].get(op_hash)
                ended = made is not None and (host.name, op_hash) in self.ended
                if made is not None and ended and not made.operation_meta.did_succeed():
                    self.operation_end(self.state, op_hash)

    def heard(self, text: str, level: int) -> None:
        """Keep what is said of a host during a step; tell the rest at once."""
        text = re.sub(r"\x1b\[[0-9;]*m", "", text)
        found = _OF_HOST.match(text)
        host, line = (found[1], found[2]) if found else (None, text.strip())
        if _NOISE.match(line) or line.startswith(_HEADER):
            return
        step = self._step_of(host)
        if host is not None and step is not None:
            self.said[host, step].extend(line.removeprefix(_REASON).splitlines())
        elif line and not line.startswith(_REASON) and (level >= logging.WARNING or host):
            said = Said(line, host, _level(level))
            if self.state.current_stage is StateStage.Connect:
                self.refused.append(said)
            else:
                self.output.show(said)

    def connected(self) -> None:
        """Tell what was said while connecting, in the order of hosts, not in that of time."""
        names = [host.name for host in self.state.inventory]
        order = {name: number for number, name in enumerate(names)}
        for said in sorted(self.refused, key=lambda said: order.get(said.host or "", -1)):
            self.output.show(said)
        self.refused.clear()

    def ran(self, event: Ran) -> None:
        """Tell of a command that has run."""
        self.output.show(event)

    def _note(self, state: State, host: Host, op_hash: str) -> None:
        self.ended[host.name, op_hash] = time.monotonic()
        done = [name for name, ended in self.ended if ended == op_hash]
        hosts = sum(1 for each in state.inventory if op_hash in state.ops[each])
        self.output.show(StepGoesOn(title(state, op_hash), len(done), hosts))

    def _step_of(self, name: str | None) -> str | None:
        """Find the step that a host is at, predicting or making it."""
        host = self.state.inventory.get_host(name) if name in self.state.inventory.hosts else None
        return operation_at(host) if host is not None else None


class Hearing(BaseConnector):
    """Lets every command of a connection be heard of."""

    listener: Listener

    def run_shell_command(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a command, and tell of it."""
        begun = time.monotonic()
        ran = super().run_shell_command(command, *args, **kwargs)  # type: ignore[safe-super]
        succeeded, wrote = ran
        words = shown(command)
        lines = () if words.startswith(_READING) else tuple(wrote.output_lines)
        seconds = time.monotonic() - begun
        self.listener.ran(Ran(self.host.name, words, succeeded, round(seconds, 3), lines))
        return succeeded, wrote


class HeardConnector(Hearing, KamalConnector):
    """A connection whose commands are heard of."""


class _Handler(logging.Handler):
    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self.listener = listener

    def emit(self, record: logging.LogRecord) -> None:
        if getattr(record, "kamalpy", None):
            for line in record.getMessage().splitlines():
                self.listener.output.show(Said(line, level=_level(record.levelno)))
            return
        self.listener.heard(record.getMessage(), record.levelno)


def title(state: State, op_hash: str) -> str:
    """Name a step, without the name of the deploy before it."""
    return ", ".join(state.op_meta[op_hash].names).partition(" | ")[2] or str(op_hash)


def _level(number: int) -> Level:
    if number >= logging.ERROR:
        return Level.ERROR
    return Level.WARNING if number >= logging.WARNING else Level.INFO


def _status(meta: object) -> Status:
    if not meta.did_succeed():  # type: ignore[attr-defined]
        return Status.FAILED
    return Status.CHANGED if meta.did_change() else Status.UNCHANGED  # type: ignore[attr-defined]
