"""A command that runs outside pyinfra's loop over operations ends in a result, whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gevent
import pytest
from paramiko import SSHException
from pyinfra.api import Config, Inventory, State
from pyinfra.api.command import FunctionCommand, StringCommand
from pyinfra.api.host import Host
from pyinfra.connectors.util import CommandOutput, OutputLine  # noqa: TID251

from kamalpy._pyinfra.execution import Again, AtOnce, run_command

Answer = Callable[..., Any]


def says(text: str, succeeded: bool = True) -> tuple[bool, CommandOutput]:
    return succeeded, CommandOutput([OutputLine("stdout", text)])


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], Host]:
    """A host that answers a command, a StringCommand and its arguments, by a function."""
    state = State(Inventory((["@fake/h1"], {})), Config())
    found: Host = state.inventory.get_host("@fake/h1")

    def host_that(answers: Answer) -> Host:
        monkeypatch.setattr(found, "run_shell_command", answers)
        return found

    return host_that


def test_what_the_command_brings_wins(host: Any) -> None:
    given: dict[str, Any] = {}
    command = StringCommand("cat", _stdin="text", _timeout=3)

    done = run_command(
        host(lambda command, **known: given.update(known) or says(str(command))),
        command,
        {"_sudo": True, "_stdin": None, "_timeout": 9, "_parallel": 1, "name": "step"},
    )

    assert (done[0], done[1].output) == (True, "cat")
    expected = {"_sudo": True, "_stdin": "text", "_timeout": 3}
    assert given == {"print_output": False, "print_input": False, **expected}


@pytest.mark.parametrize(
    ("error", "output"),
    [
        (EOFError(), "the connection has failed: EOFError"),
        (OSError("reset"), "the connection has failed: reset"),
        (SSHException("not active"), "the connection has failed: not active"),
        (TimeoutError(), "no answer in time"),
    ],
)
def test_a_connection_that_fails(host: Any, error: Exception, output: str) -> None:
    def fails(*args: Any, **kwargs: Any) -> Any:
        raise error

    done = run_command(host(fails), StringCommand("true"))

    assert (done[0], done[1].output) == (False, output)


def test_no_answer_in_time(host: Any) -> None:
    silent = host(lambda *args, **kwargs: gevent.sleep(30))

    done = run_command(silent, StringCommand("true"), timeout=0.1)

    assert (done[0], done[1].output) == (False, "no answer in 0.1 s")


@pytest.mark.parametrize(("returned", "succeeded"), [(True, True), (False, False), (None, True)])
def test_a_function_of_this_machine(host: Any, returned: Any, succeeded: bool) -> None:
    def act(state: State, host: Host) -> Any:
        return returned

    assert run_command(host(says), FunctionCommand(act, (), {}))[0] is succeeded


def test_several_at_the_same_time(host: Any) -> None:
    running: list[str] = []

    def answer(command: StringCommand, **kwargs: Any) -> Any:
        running.append(str(command))
        gevent.sleep(0.05)
        return says(f"{command} of {len(running)}", str(command) != "b")

    command = AtOnce([StringCommand("a"), StringCommand("b")])
    done = run_command(host(answer), command)

    assert (done[0], done[1].output_lines) == (False, ["a of 2", "b of 2"])


def test_again_until_it_succeeds(host: Any) -> None:
    tries: list[Any] = []

    def answer(command: StringCommand, **kwargs: Any) -> Any:
        tries.append(kwargs["_sudo"])
        return says("busy", len(tries) == 3)

    command = Again(StringCommand("a"), 5, 0.01, lambda output: None)

    assert run_command(host(answer), command, {"_sudo": True})[0] is True
    assert tries == [True] * 3


@pytest.mark.parametrize(
    ("seconds", "hopeless", "output"),
    [(0.05, None, "busy\nwaited 0.05 s"), (5, "never", "busy\nnever")],
)
def test_again_until_there_is_no_point(
    host: Any, seconds: float, hopeless: str | None, output: str
) -> None:
    command = Again(StringCommand("a"), seconds, 0.01, lambda output: hopeless)

    done = run_command(host(lambda *args, **kwargs: says("busy", False)), command)

    assert (done[0], done[1].output) == (False, output)
