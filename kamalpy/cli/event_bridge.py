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
from kamalpy.cli.events import (
    CommandRan,
    Level,
    Message,
    Status,
    StepEnded,
    StepProgress,
    StepStarted,
)
from kamalpy.cli.output import Output
from kamalpy.commands.base import shown
from kamalpy.connectors.kamal import KamalConnector

_OF_HOST = re.compile(r"\s*\[([^\]]+)\]\s+(.*)", re.DOTALL)
_NOISE = re.compile(
    r"(Success|No changes|Connected|Error.*: executed \d+ commands)$"
    r"|Error: could not load fact: |--> "
)
_REASON = "noop: "
_OTHER_HOST = ("not for this host",)
_STATE_SCRIPT = "state.sh"
VERDICT = "Verdict"
"""The step that only sets the exit status; its reasons are shown at the end."""


class Listener(BaseStateCallback, logging.Handler):
    """Reports the steps of a run, and what pyinfra logs."""

    def __init__(self, output: Output, state: State) -> None:
        super().__init__()
        self.output, self.state = output, state
        self.begun: dict[tuple[str, str], float] = {}
        self.ended: dict[tuple[str, str], float] = {}
        self.messages: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.connecting: list[Message] = []
        logger.addHandler(self)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        state.print_noop_info = True
        state.add_callback_handler(self)

    def close(self) -> None:
        """Stop listening."""
        logger.removeHandler(self)
        super().close()

    def operation_start(self, state: State, op_hash: str) -> None:  # type: ignore[override]
        """Report that a step begins."""
        step = title(state, op_hash)
        if not step.endswith(VERDICT):
            self.output.show(StepStarted(step))

    def operation_host_start(self, state: State, host: Host, op_hash: str) -> None:  # type: ignore[override]
        """Start the clock of a step on a host."""
        self.begun[host.name, op_hash] = time.monotonic()
        self.messages.pop((host.name, op_hash), None)

    def operation_host_success(  # type: ignore[override]
        self, state: State, host: Host, op_hash: str, retry_count: int = 0, max_retries: int = 0
    ) -> None:
        """Report on how many hosts a step has ended."""
        self.ended[host.name, op_hash] = time.monotonic()
        done = [name for name, ended in self.ended if ended == op_hash]
        hosts = sum(1 for each in state.inventory if op_hash in state.ops[each])
        self.output.show(StepProgress(title(state, op_hash), len(done), hosts))

    operation_host_error = operation_host_success

    def operation_end(self, state: State, op_hash: str) -> None:  # type: ignore[override]
        """Report the results of a step, host by host in their order, when all have ended."""
        step = title(state, op_hash)
        for host in state.inventory:
            operation, key = state.ops[host].get(op_hash), (host.name, op_hash)
            if operation is None or key not in self.ended or step.endswith(VERDICT):
                continue
            seconds = round(self.ended[key] - self.begun[key], 3)
            messages = tuple(self.messages.get(key, ()))
            status = _status(operation.operation_meta)
            if status is not Status.UNCHANGED or messages != _OTHER_HOST:
                self.output.show(StepEnded(step, host.name, status, seconds, messages))

    def end_failed_steps(self) -> None:
        """End the step that failed on all hosts, which pyinfra leaves without an end."""
        state = self.state
        for op_hash in state.get_op_order():
            for host in state.inventory:
                operation = state.ops[host].get(op_hash)
                if operation is None or (host.name, op_hash) not in self.ended:
                    continue
                if not operation.operation_meta.did_succeed():
                    self.operation_end(state, op_hash)

    def emit(self, record: logging.LogRecord) -> None:
        """Add what is logged about a host to its step, show everything else at once."""
        level, text = _level(record.levelno), record.getMessage()
        if getattr(record, "kamalpy", None):
            for line in text.splitlines():
                self.output.show(Message(line, level=level))
            return
        text = re.sub(r"\x1b\[[0-9;]*m", "", text)
        found = _OF_HOST.match(text)
        host, line = (found[1], found[2]) if found else (None, text.strip())
        if _NOISE.match(line):
            return
        step = self._step_at(host)
        if host is not None and step is not None:
            self.messages[host, step].extend(line.removeprefix(_REASON).splitlines())
        elif line and not line.startswith(_REASON) and (level is not Level.INFO or host):
            message = Message(line, host, level)
            if self.state.current_stage is StateStage.Connect:
                self.connecting.append(message)
            else:
                self.output.show(message)

    def show_connecting(self) -> None:
        """Show what was logged while connecting, in the order of hosts, not in that of time."""
        order = {host.name: number for number, host in enumerate(self.state.inventory)}
        for message in sorted(self.connecting, key=lambda each: order.get(each.host or "", -1)):
            self.output.show(message)
        self.connecting.clear()

    def _step_at(self, name: str | None) -> str | None:
        """Return the step that a host is predicting or executing."""
        inventory = self.state.inventory
        host = inventory.get_host(name) if name in inventory.hosts else None
        return operation_at(host) if host is not None else None


class Reporting(BaseConnector):
    """Reports every command of a connection."""

    output: Output

    def run_shell_command(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a command, and report it."""
        begun = time.monotonic()
        ran = super().run_shell_command(command, *args, **kwargs)  # type: ignore[safe-super]
        succeeded, output = ran
        words = shown(command)
        lines = () if words.startswith(_STATE_SCRIPT) else tuple(output.output_lines)
        seconds = round(time.monotonic() - begun, 3)
        self.output.show(CommandRan(self.host.name, words, succeeded, seconds, lines))
        return ran


class ReportingConnector(Reporting, KamalConnector):
    """A connection whose commands are reported."""


def title(state: State, op_hash: str) -> str:
    """Name a step, without the name of the deploy before it."""
    return ", ".join(state.op_meta[op_hash].names).partition(" | ")[2] or str(op_hash)


def _level(number: int) -> Level:
    if number >= logging.ERROR:
        return Level.ERROR
    return Level.WARNING if number >= logging.WARNING else Level.INFO


def _status(meta: Any) -> Status:
    if not meta.did_succeed():
        return Status.FAILED
    return Status.CHANGED if meta.did_change() else Status.UNCHANGED
