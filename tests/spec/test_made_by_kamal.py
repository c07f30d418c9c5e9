"""Containers that Kamal has run: compared by what can be read, not replaced for a label's sake."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kamalpy.secrets import Secret
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.digest import digest
from kamalpy.spec.state import HostState


def said(spec: ContainerSpec, state: HostState) -> list[str]:
    return [str(change) for change in spec.drift(state.containers[0], state)]


def test_it_is_as_it_should_be(spec: ContainerSpec, made_by_kamal: HostState) -> None:
    assert said(spec, made_by_kamal) == []


def test_flags_that_cannot_be_read_back_are_taken_on_trust(
    spec: ContainerSpec, made_by_kamal: HostState
) -> None:
    options = {**spec.options, "tmpfs": "/elsewhere", "gpus": "all"}

    assert said(replace(spec, options=options), made_by_kamal) == []


def test_flags_that_can_be_read_back_count(spec: ContainerSpec, made_by_kamal: HostState) -> None:
    options = {**spec.options, "memory": "1g", "init": True}

    assert said(replace(spec, options=options), made_by_kamal) == [
        "options/init: false -> true",
        "options/memory: 536870912 -> 1073741824",
    ]


def test_an_empty_variable_is_missing_in_what_kamal_runs(
    spec: ContainerSpec, made_by_kamal: HostState, state: HostState
) -> None:
    more = replace(spec, env={**spec.env, "EMPTY": ""})

    assert said(more, made_by_kamal) == []
    assert said(more, state) == ["env/EMPTY: (none) -> ''"]


@pytest.mark.parametrize(
    ("value", "as_docker_shows_it"),
    [
        ("plain", "plain"),
        ("two\nlines", r"two\\nlines"),
        ("back\\slash", r"back\\\\slash"),
        ("tab\there", r"tab\\there"),
        ('a "quote"', r"a \"quote\""),
        ("\a\b\v\f\r\x1b", r"\\a\\b\\v\\f\\r\\e"),
        ("ünïcödé 🎉", "ünïcödé 🎉"),
    ],
)
def test_a_secret_as_kamal_wrote_it(
    spec: ContainerSpec, made_by_kamal: HostState, value: str, as_docker_shows_it: str
) -> None:
    """Kamal's env files escape values, and docker takes them as they are."""
    hidden = digest("key", f'"TOKEN={as_docker_shows_it}"'.encode())
    made_by_kamal.containers[0].hidden["TOKEN"] = hidden  # type: ignore[index]
    with_token = replace(spec, secrets={**spec.secrets, "TOKEN": Secret.of("TOKEN", value)})

    assert said(with_token, made_by_kamal) == []


def test_what_kamal_wrote_does_not_do_for_our_own(
    spec: ContainerSpec, state: HostState, made_by_kamal: HostState
) -> None:
    escaped = digest("key", rb'"KEY=-----BEGIN\\nabc\\n-----END\\n"')
    for host in (state, made_by_kamal):
        host.containers[0].hidden["KEY"] = escaped  # type: ignore[index]

    assert said(spec, made_by_kamal) == []
    assert said(spec, state) == ["env/KEY: changes (secret)"]
