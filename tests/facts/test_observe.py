"""How often a host is asked, and for what."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator

import pytest
from pyinfra.api import Config, Inventory, State
from pyinfra.context import ctx_host, ctx_state

from kamalpy.commands.state_query import StateQuery
from kamalpy.facts import observe as observing
from kamalpy.facts.observe import expect, forget, observe, planning

SAID = "#home /root\n#docker 28.2.2\n#network kamal"
BLOG, WEB_ENV = StateQuery(services=("blog",)), StateQuery(paths=("web.env",))


@pytest.fixture
def state() -> Iterator[State]:
    """A run of pyinfra with two hosts that say the same whenever they are asked."""
    data = {"fake_responses": {"state": SAID}, "fake_delay": 0.0, "fake_delay_jitter": 0.0}
    state = State(Inventory((["@fake/h1", "@fake/h2"], data)), Config())
    with ctx_state.use(state):
        yield state


@pytest.fixture
def asked(state: State) -> Iterator[Callable[[], list[list[str]]]]:
    """Be on the first host, and tell the words of every reading so far."""
    server = state.inventory.get_host("@fake/h1")
    with ctx_host.use(server):
        yield lambda: [shlex.split(said)[4:] for said in server.connector.executed_commands]


def test_an_operation_called_by_hand_always_reads(asked: Callable[[], list[list[str]]]) -> None:
    first, second = observe(BLOG), observe(BLOG)

    assert asked() == [["service=blog"]] * 2
    assert first == second
    assert (first.docker, first.home, first.networks) == ("28.2.2", "/root", ("kamal",))


def test_operations_of_a_plan_share_a_reading(asked: Callable[[], list[list[str]]]) -> None:
    with planning():
        assert observe(BLOG) is observe(BLOG)
        assert observe(StateQuery()) is observe(BLOG)

    assert asked() == [["service=blog"]]


def test_whoever_wants_to_know_more_reads_everything_again(
    asked: Callable[[], list[list[str]]],
) -> None:
    with planning():
        observe(BLOG)
        observe(WEB_ENV)
        observe(StateQuery(services=("blog",), paths=("web.env",)))

    assert asked() == [["service=blog"], ["path=web.env"], ["service=blog", "path=web.env"]]


def test_what_is_expected_is_read_at_once(asked: Callable[[], list[list[str]]]) -> None:
    expect(BLOG)
    expect(StateQuery(paths=("web.env",), lock=".kamal/lock-blog"))

    with planning():
        observe(BLOG)
        observe(WEB_ENV)
        observe(StateQuery(lock=".kamal/lock-blog"))

    assert asked() == [["service=blog", "path=web.env", "lock=.kamal/lock-blog"]]


def test_execution_reads_anew(state: State, asked: Callable[[], list[list[str]]]) -> None:
    with planning():
        observe(BLOG)
        state.is_executing = True
        observe(BLOG)
        observe(BLOG)

    assert len(asked()) == 2


def test_whoever_changed_something_lets_it_be_forgotten(
    asked: Callable[[], list[list[str]]],
) -> None:
    with planning():
        observe(BLOG)
        forget()
        observe(BLOG)

    assert len(asked()) == 2


def test_another_host_is_another_reading(
    state: State, asked: Callable[[], list[list[str]]]
) -> None:
    other = state.inventory.get_host("@fake/h2")

    with planning():
        observe(BLOG)
        with ctx_host.use(other), planning():
            observe(BLOG)
        observe(BLOG)

    assert len(asked()) == 1
    assert len(other.connector.executed_commands) == 1


def test_a_plan_continues_after_another_host_was_read(
    state: State, asked: Callable[[], list[list[str]]]
) -> None:
    server = state.inventory.get_host("@fake/h1")
    of_another_host = planning()
    of_another_host.__enter__()

    with planning():
        of_another_host.__exit__(None, None, None)
        with ctx_host.use(server):
            observe(BLOG)
            observe(BLOG)

    assert len(asked()) == 1


def test_digests_of_one_run_have_one_key_of_their_own(state: State) -> None:
    server = state.inventory.get_host("@fake/h1")
    with ctx_host.use(server):
        keys = {observe(BLOG).key for _ in range(2)}
    with ctx_state.use(State(state.inventory, Config())), ctx_host.use(server):
        other = observe(BLOG).key

    assert len(keys) == 1
    assert len(other) == 32
    assert other not in keys
    assert not [key for key in keys if key in repr(server.connector.executed_commands)]


def test_asking_merges_without_repeating() -> None:
    one = StateQuery(("a",), ("i",), ("p",), ("c",), None)
    other = StateQuery(("b", "a"), (), ("p", "q"), ("d",), "lock")

    assert observing._union(one, other) == StateQuery(
        ("a", "b"), ("i",), ("p", "q"), ("c", "d"), "lock"
    )
