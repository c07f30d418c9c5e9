"""What every operation has in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pyinfra.api.command import FunctionCommand, StringCommand
from pyinfra.api.hiddenvalue import HiddenValue
from pyinfra.context import ctx_host, ctx_state
from pyinfra_testing.util import FakeState, create_host

from kamalpy._pyinfra import decide_quietly, refusal
from kamalpy._pyinfra.execution import AtOnce
from kamalpy.errors import ArgumentError, SecretError
from kamalpy.operations.base import (
    Commands,
    combined,
    noop,
    operation,
    secret,
    secrets_of,
    show,
)
from kamalpy.secrets import Secret
from kamalpy.spec.change import Change

CHANGES = [Change("memory", "1", "2"), Change("env/A", None, "x")]


@pytest.fixture
def state() -> Iterator[FakeState]:
    state = FakeState()
    state.failed_hosts = set()
    state.check_for_changes = True
    with ctx_state.use(state):
        yield state


@pytest.fixture
def host(state: FakeState) -> Iterator[Any]:
    host = create_host(state)
    host.lines = []
    host.log = host.lines.append
    host.log_styled = lambda line, **_: host.lines.append(line)
    with ctx_host.use(host):
        yield host


@operation()
def careful(wrong: bool = False) -> Commands:
    """Act, or find a mistake."""
    yield StringCommand("first")
    if wrong:
        raise SecretError("two\nlines")


class TestAMistake:
    """It stops everything before anything has changed, and one host only afterwards."""

    def test_there_is_none(self, host: Any) -> None:
        assert [str(command) for command in careful._inner()] == ["first"]

    def test_while_operations_are_prepared(self, host: Any) -> None:
        with pytest.raises(SecretError):
            list(careful._inner(wrong=True))

    def test_while_they_are_executed(self, host: Any, state: FakeState) -> None:
        state.is_executing = True

        first, refused = careful._inner(wrong=True)

        assert str(first) == "first"
        assert isinstance(refused, FunctionCommand)
        assert refused.function(state, host) is False
        assert host.lines == ["two", "lines"]
        assert state.failed_hosts == {host}

    def test_another_error_is_no_mistake_of_the_user_s(self, host: Any, state: FakeState) -> None:
        @operation()
        def broken() -> Commands:
            yield StringCommand("first")
            raise ZeroDivisionError

        state.is_executing = True

        with pytest.raises(ZeroDivisionError):
            list(broken._inner())


def commands(*words: str) -> Commands:
    yield from (StringCommand(word) for word in words)


class TestTogether:
    """Several operations of one command each are one command."""

    def test_none(self) -> None:
        assert list(combined([], parallel=True)) == []
        assert list(combined([commands(), commands()], parallel=True)) == []

    def test_one(self) -> None:
        assert [str(each) for each in combined([commands(), commands("a")], parallel=True)] == ["a"]

    def test_several(self) -> None:
        (command,) = combined([commands("a"), commands(), commands("b")], parallel=True)

        assert isinstance(command, AtOnce)
        assert [str(each) for each in command.commands] == ["a", "b"]

    def test_one_that_refuses(self) -> None:
        no = refusal("no")

        refused, command = combined([iter([no]), commands("a")], parallel=True)  # type: ignore[list-item]

        assert (refused, str(command)) == (no, "a")


class TestSaying:
    """What is said is said once, and not while somebody only asks."""

    def test_why_nothing_happens(self, host: Any) -> None:
        noop("it is there")

        assert host.noop_description == "it is there"

    def test_what_changes(self, host: Any, state: FakeState) -> None:
        state.config.DIFF = True

        show("blog", CHANGES)

        assert host.lines == ["~ blog: memory: 1 -> 2", "+ blog: env/A: (none) -> x"]

    @pytest.mark.parametrize(
        ("diff", "checks", "executing", "shown"),
        [
            (False, True, False, False),
            (True, True, False, True),
            (True, True, True, False),
            (True, False, False, False),
            (True, False, True, True),
        ],
    )
    def test_when_changes_are_shown(
        self, host: Any, state: FakeState, diff: bool, checks: bool, executing: bool, shown: bool
    ) -> None:
        """Where operations are looked at before they run it is then, with -y it is later."""
        state.config.DIFF, state.check_for_changes, state.is_executing = diff, checks, executing

        show("blog", CHANGES)

        assert bool(host.lines) is shown

    def test_nobody_hears_of_a_question(self, host: Any, state: FakeState) -> None:
        state.config.DIFF = True

        with decide_quietly():
            show("blog", CHANGES)
            noop("it is there")

        assert (host.lines, host.noop_description) == ([], None)


class TestSecrets:
    """A secret comes as one, or not at all."""

    @pytest.mark.parametrize("value", [Secret.of("OTHER", "x"), HiddenValue("x")])
    @pytest.mark.usefixtures("state")
    def test_is_taken(self, value: Secret | HiddenValue) -> None:
        assert secret("A", value).reveal() == "x"
        assert secrets_of({"A": value})["A"].reveal() == "x"

    @pytest.mark.parametrize("value", ["hunter2", b"hunter2", 7, None])
    def test_would_be_printed(self, value: Any) -> None:
        with pytest.raises(ArgumentError) as caught:
            secret("A", value)

        assert str(caught.value) == (
            "A: a plain value would be printed; give kamalpy.secrets.Secret or HiddenValue(...)"
        )

    def test_there_are_none(self) -> None:
        assert secrets_of(None) == secrets_of({}) == {}
