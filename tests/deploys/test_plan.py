"""The bookkeeping of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pyinfra.api.command import StringCommand

from kamalpy.deploys.plan import Plan, Stage, Step, one
from kamalpy.operations.base import Commands


def say(word: str) -> Commands:
    yield StringCommand(word)


def step(title: str, stage: Stage, *hosts: str, **more: Any) -> Step:
    return one(title, hosts, say, stage, **more)


@pytest.fixture
def plan() -> Plan:
    """A small deploy over two hosts."""
    return Plan(
        "key",
        (
            step("Lock", Stage.LOCK, "h1"),
            step("Pull", Stage.PREPARE, "h1", "h2"),
            step("Boot first", Stage.BOOT, "h1"),
            step("Boot rest", Stage.BOOT, "h2"),
            step("Switch", Stage.SWITCH, "h1", "h2"),
            step("Revert", Stage.REVERT, "h1", "h2"),
            step("Commit", Stage.COMMIT, "h1", "h2"),
            step("Retire", Stage.RETIRE, "h1", "h2"),
            step("Hook", Stage.AFTER, "h1"),
        ),
        {},
    )


def done(plan: Plan, *numbers: int) -> None:
    for number in numbers:
        for host in plan.steps[number].hosts:
            plan.note(number, host, succeeded=True)


def test_stages_are_in_order() -> None:
    assert [stage.name for stage in sorted(Stage)] == [
        *("LOCK", "PREPARE", "BOOT", "SWITCH", "REVERT", "COMMIT", "RETIRE"),
        *("UNLOCK", "AFTER", "AFTER_FAILURE", "VERDICT"),
    ]


def test_hosts_are_those_of_all_steps(plan: Plan) -> None:
    assert plan.hosts == ("h1", "h2")


def test_nothing_stands_against_preparing(plan: Plan) -> None:
    assert plan.obstacle(1, "h1") is None


@pytest.mark.parametrize(
    ("before", "number", "missing"),
    [
        ((), 2, "h1, h2"),
        ((0, 1), 2, None),
        ((0, 1), 3, "h1"),
        ((0, 1, 2), 3, None),
        ((0, 1, 2), 4, "h2"),
        ((0, 1, 2, 3), 4, None),
        ((0, 1, 2, 3), 6, "h1, h2"),
        ((0, 1, 2, 3, 4), 6, None),
    ],
)
def test_every_step_before_must_be_made_on_every_host(
    plan: Plan, before: tuple[int, ...], number: int, missing: str | None
) -> None:
    done(plan, *before)

    expected = missing and f"skipped because steps before it are missing on {missing}"
    assert plan.obstacle(number, "h1") == expected


def test_one_host_that_is_behind_is_enough(plan: Plan) -> None:
    done(plan, 0, 2, 3)
    plan.note(1, "h1", succeeded=True)

    assert plan.obstacle(4, "h1") == "skipped because steps before it are missing on h2"


def test_a_failure_stands_against_everything(plan: Plan) -> None:
    done(plan, 0, 1)
    plan.note(2, "h1", succeeded=False)
    plan.note(3, "h2", succeeded=False)

    said = "skipped because this failed: Boot first on h1; Boot rest on h2"
    assert [plan.obstacle(number, "h1") for number in (1, 4, 6)] == [said] * 3
    assert plan.failed == {"h1", "h2"}


def test_a_plan_that_is_not_atomic_goes_on_where_nothing_has_failed(plan: Plan) -> None:
    plan.atomic = False
    done(plan, 0, 1)
    plan.note(2, "h1", succeeded=False)
    plan.note(3, "h2", succeeded=True)

    said = "skipped because this failed: Boot first on h1"
    assert [plan.obstacle(4, host) for host in ("h1", "h2")] == [said, None]
    assert [plan.is_lost(host) for host in ("h1", "h2")] == [True, False]


def test_without_a_lock_nothing_goes_on_anywhere(plan: Plan) -> None:
    plan.atomic = False
    plan.note(0, "h1", succeeded=False)

    assert plan.obstacle(1, "h2") == "skipped because this failed: Lock on h1"


def test_a_mistake_found_before_the_lock_stops_everybody(plan: Plan) -> None:
    plan.atomic = False
    plan.mistakes.append("app.test is taken")
    plan.refuse()

    said = "skipped because this failed: app.test is taken"
    assert [plan.obstacle(1, host) for host in ("h1", "h2")] == [said] * 2
    assert plan.failed_stage is Stage.PREPARE


def test_a_host_retires_only_what_it_has_committed(plan: Plan) -> None:
    done(plan, 0, 1, 2, 3, 4)
    plan.begun.add(6)
    plan.note(6, "h1", succeeded=True)
    plan.note(6, "h2", succeeded=False)

    assert plan.obstacle(7, "h1") is None
    assert plan.obstacle(7, "h2") == "skipped because h2 has not committed"
    assert plan.obstacle(8, "h1") == "skipped because this failed: Commit on h2"


def test_nothing_is_taken_back_once_the_commit_has_begun_anywhere(plan: Plan) -> None:
    done(plan, 0, 1, 2, 3, 4)
    assert not plan.is_committed
    plan.begun.add(6)
    plan.note(6, "h1", succeeded=False)

    assert plan.is_committed
    assert not any(plan.is_lost(host) for host in ("h1", "h2"))
    assert plan.obstacle(6, "h2") is None


def test_what_fails_while_old_versions_go_is_no_failure(plan: Plan) -> None:
    done(plan, 0, 1, 2, 3, 4, 6)
    plan.note(7, "h2", succeeded=False)

    assert (plan.failures, plan.leftovers) == ([], ["Retire on h2"])
    assert plan.obstacle(8, "h1") is None


def words(commands: Commands) -> Iterator[str]:
    return (str(command) for command in commands)


def test_a_step_is_an_operation_for_a_host() -> None:
    assert list(words(step("Pull", Stage.PREPARE, "h1").commands("h1"))) == ["h1"]


def test_several_operations_are_one_command() -> None:
    several = Step("x", Stage.BOOT, ("h1",), lambda host: map(say, "ab"))

    assert list(words(several.commands("h1"))) == ["a && b"]


def test_what_is_retired_is_retired_whatever_fails() -> None:
    several = Step("x", Stage.RETIRE, ("h1",), lambda host: map(say, "ab"))

    assert list(words(several.commands("h1"))) == [
        "failed=0; a || failed=1; b || failed=1; exit $failed"
    ]


def test_steps_come_along_on_their_own_hosts() -> None:
    first, other = step("x", Stage.PREPARE, "h1", "h2"), step("y", Stage.PREPARE, "h2")
    both = replace(first, along=(other,))

    assert [list(words(both.commands(host))) for host in ("h1", "h2")] == [["h1"], ["h2 && h2"]]


def test_or_together() -> None:
    several = Step("x", Stage.BOOT, ("h1",), lambda host: map(say, "ab"), parallel=True)

    assert len(list(several.commands("h1"))) == 1
