"""``env``: its forms, and what lies over what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config import Configuration, Env

Deploy = Callable[..., Configuration]

ENVS = [
    ("{}", Env()),
    ("{A: b}", Env({"A": "b"})),
    ("{clear: {}}", Env()),
    ("{clear: {A: b}}", Env({"A": "b"})),
    ("{secret: [A]}", Env({}, {"A": "A"})),
    ("{secret: ['A:B']}", Env({}, {"A": "B"})),
    ("{secret: ['A:B:C', 'D:']}", Env({}, {"A": "B:C", "D": "D"})),
    ("{secret: [A, 'A:B']}", Env({}, {"A": "B"})),
    ("{clear: {A: b}, secret: [A]}", Env({"A": "b"}, {"A": "A"})),
    (
        "{A: 5, B: true, C: no, D: 1.10, E: 0640, F: 1_000, G: '0640'}",
        Env(
            {"A": "5", "B": "true", "C": "false", "D": "1.1", "E": "416", "F": "1000", "G": "0640"}
        ),
    ),
    ("{A: ''}", Env({"A": ""})),
    ("\n  80: a\n  on: b\n  :c: d", Env({"80": "a", "true": "b", ":c": "d"})),
    ("{A: 'multi\n\n  line'}", Env({"A": "multi\nline"})),
]


@pytest.mark.parametrize(("text", "env"), ENVS)
def test_forms(deploy: Deploy, text: str, env: Env) -> None:
    assert deploy(f"env: {text}\n").env == env


def test_root_then_role_then_each_tag(deploy: Deploy) -> None:
    config = deploy(
        "servers: {web: {hosts: [a, b: [t1, t2], c: [t2, t1], d: nope], env: {X: role}}}\n"
        "env: {clear: {X: root, Y: root}, tags: {t1: {X: t1, Z: t1}, t2: {X: t2}}}\n"
    )
    role = config.primary_role
    assert role.env("a") == Env({"X": "role", "Y": "root"})
    assert role.env("b") == Env({"X": "t2", "Y": "root", "Z": "t1"})
    assert role.env("c") == Env({"X": "t1", "Y": "root", "Z": "t1"})
    assert role.env("d") == role.env("a")
    assert [role.tags(host) for host in "abcd"] == [(), ("t1", "t2"), ("t2", "t1"), ("nope",)]


def test_tags_without_env_are_no_mistake(deploy: Deploy) -> None:
    assert deploy("servers: [a: t]\n").primary_role.env("a") == Env()


def test_secrets_keep_the_order_of_first_mention(deploy: Deploy) -> None:
    config = deploy(
        "env: {secret: [A, B]}\nservers: {web: {hosts: [a], env: {secret: [C, 'A:D']}}}\n"
    )
    assert list(config.primary_role.env("a").secret.items()) == [("A", "D"), ("B", "B"), ("C", "C")]


ENV = st.builds(
    Env,
    st.dictionaries(st.text(), st.text(), max_size=4),
    st.dictionaries(st.text(), st.text(), max_size=4),
)


@given(ENV, ENV, ENV)
def test_laying_over_is_associative(one: Env, two: Env, three: Env) -> None:
    assert one.merge(two).merge(three) == one.merge(two.merge(three))
    assert one.merge(Env()) == one == Env().merge(one)
