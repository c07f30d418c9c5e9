"""Runs commands outside pyinfra's loop over operations, with the same global arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any, cast

import gevent
from paramiko import SSHException
from pyinfra.api.arguments import (
    CONNECTOR_ARGUMENT_KEYS,
    ConnectorArguments,
    all_argument_meta,
    pop_global_arguments,
)
from pyinfra.api.command import PyinfraCommand, StringCommand
from pyinfra.api.host import Host
from pyinfra.api.state import State
from pyinfra.api.util import print_host_combined_output
from pyinfra.connectors.util import CommandOutput, OutputLine

Arguments = Mapping[str, Any]
"""pyinfra's global arguments: ``_sudo``, ``_env`` and so on."""
GLOBAL_ARGUMENTS = frozenset(all_argument_meta)
"""The arguments that every operation takes, such as ``name`` and ``_sudo``."""
Result = tuple[bool, CommandOutput]


def run_command(
    host: Host,
    command: PyinfraCommand,
    arguments: Arguments | None = None,
    timeout: float | None = None,
) -> Result:
    """
    Run a command on a host as pyinfra's loop over operations does, at any time.

    ``arguments`` are global arguments, by default those of the current operation; those of the
    command itself, such as its standard input, override them. A lost connection or a timeout is a
    failure with the reason in its output; nothing is raised.
    """
    chosen = host.current_op_global_arguments if arguments is None else arguments
    try:
        with gevent.Timeout(timeout, TimeoutError):
            done = command.execute(host.state, host, connector_arguments(chosen or {}))
    except TimeoutError:
        return _failed("no answer in time" if timeout is None else f"no answer in {timeout:g} s")
    except (EOFError, OSError, SSHException) as error:
        return _failed(f"the connection has failed: {str(error) or type(error).__name__}")
    return done if isinstance(done, tuple) else (done is not False, CommandOutput([]))


def connector_arguments(arguments: Arguments) -> ConnectorArguments:
    """Select the global arguments that control how a command is run."""
    chosen = {key: arguments[key] for key in CONNECTOR_ARGUMENT_KEYS if key in arguments}
    return cast("ConnectorArguments", chosen)


def global_arguments(host: Host) -> Arguments:
    """
    Return the global arguments that an operation on a host would get if it were called now:
    those of the deploys around it, of the host's data, of the configuration.
    """
    arguments, _ = pop_global_arguments(host.state, host, {})
    return cast("Arguments", arguments)


def arguments_beside(arguments: Arguments, other: Host) -> Arguments:
    """Return a host's arguments for another one, whose own data overrides them."""
    return {name: other.data.get(name, value) for name, value in arguments.items()}


class AtOnce(StringCommand):
    """
    Commands that one host runs in parallel; all of them must succeed.

    They run to their end even if their operation is interrupted. ``ended`` is called with their
    output.
    """

    def __init__(
        self,
        commands: Sequence[StringCommand],
        ended: Callable[[str], None] = lambda output: None,
    ) -> None:
        super().__init__(*commands, _separator=" & ")
        self.commands, self.ended = commands, ended
        self.running: list[gevent.Greenlet] = []

    def wait(self, timeout: float | None) -> None:
        """Wait until all that run have ended."""
        gevent.joinall(self.running, timeout)

    def execute(self, state: State, host: Host, connector_arguments: ConnectorArguments) -> Result:
        """Run them all, and return their output."""
        self.running = [
            gevent.spawn(run_command, host, command, connector_arguments)
            for command in self.commands
        ]
        gevent.joinall(self.running)
        results: list[Result] = [each.get() for each in self.running]
        output = CommandOutput([line for _, output in results for line in output])
        self.ended(output.output)
        return all(succeeded for succeeded, _ in results), output


class Again(StringCommand):
    """
    A command that is retried until it succeeds.

    ``hopeless`` returns the reason why another try would fail as well, if its output has one.
    """

    def __init__(
        self,
        command: StringCommand,
        seconds: float,
        pause: float,
        hopeless: Callable[[str], str | None],
    ) -> None:
        super().__init__(*command.bits, _separator=command.separator, **command.connector_arguments)
        self.command, self.seconds, self.pause, self.hopeless = command, seconds, pause, hopeless

    def execute(self, state: State, host: Host, connector_arguments: ConnectorArguments) -> Result:
        """Run it until it succeeds, is hopeless, or times out."""
        end, reported = monotonic() + self.seconds, ""
        while True:
            succeeded, output = run_command(host, self.command, connector_arguments)
            if succeeded:
                return True, output
            left = end - monotonic()
            reason = self.hopeless(output.output) or (
                "" if left > 0 else f"waited {self.seconds:g} s"
            )
            if reason:
                return False, CommandOutput([*output, OutputLine("stderr", reason)])
            if reported != output.output:
                reported = output.output
                _report(host, f"{reported}\nwaiting, up to {left:.0f} s ...")
            gevent.sleep(min(self.pause, left))


def report_failure(host: Host, output: CommandOutput) -> None:
    """Show the output of a failed command, unless all output is shown."""
    if not host.state.print_output:
        print_host_combined_output(host, output)


def _report(host: Host, text: str) -> None:
    for line in text.splitlines():
        host.log(line)


def _failed(reason: str) -> Result:
    return False, CommandOutput([OutputLine("stderr", reason)])
