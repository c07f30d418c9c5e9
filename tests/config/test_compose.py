"""Anchors, merge keys, repeated keys, tags, places and limits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config.document.compose import Composer
from kamalpy.config.document.emit import emit
from kamalpy.config.document.ruby import NonStringKey, Symbol
from kamalpy.config.problems import locate
from kamalpy.errors import ConfigurationError


def compose(text: str) -> Any:
    node = Composer("a.yml").compose(text)
    return node.plain() if node is not None else None


READ = {
    "": None,
    "# nothing\n": None,
    "a: 1\n": {"a": 1},
    "a: '1'\n": {"a": "1"},
    "a: |\n  1\n": {"a": "1\n"},
    "a: &x {b: 1}\nc: *x\n": {"a": {"b": 1}, "c": {"b": 1}},
    "a: &x 1\nb: &x 2\nc: *x\n": {"a": 1, "b": 2, "c": 2},
    "a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\n": {"a": {"b": 1, "c": 2}, "d": {"b": 3, "c": 2}},
    "a: &x {b: 1}\nd: {b: 3, <<: *x}\n": {"a": {"b": 1}, "d": {"b": 1}},
    "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}\n": {
        "a": {"b": 1},
        "c": {"b": 2, "d": 3},
        "e": {"b": 1, "d": 3},
    },
    "a: {<<: {b: 1}}\n": {"a": {"b": 1}},
    "a: {'<<': {b: 1}}\n": {"a": {"b": 1}},
    "a: {!!str <<: {b: 1}}\n": {"a": {"<<": {"b": 1}}},
    "a: {<<: 5}\n": {"a": {"<<": 5}},
    "a: &x [{b: 1}]\nc: {<<: *x}\n": {"a": [{"b": 1}], "c": {"<<": [{"b": 1}]}},
    "a: 1\nb: 2\na: 3\n": {"a": 3, "b": 2},
    "80: a\n:b: c\non: d\n": {
        NonStringKey(80): "a",
        NonStringKey(Symbol("b")): "c",
        NonStringKey(True): "d",
    },
    "? [a]\n: b\n": {NonStringKey("['a']"): "b"},
    "a: !!str 5\nb: !!int '5'\nc: !!float 5\nd: !foo 5\ne: ! 5\n": {
        "a": "5",
        "b": 5,
        "c": 5.0,
        "d": 5,
        "e": 5,
    },
    "a: !binary YWJj\n": {"a": "abc"},
    "a: 1\n---\nb: [\n": {"a": 1},
    "\ufeffa: 1\r\nb: 2\r\n": {"a": 1, "b": 2},
}


@pytest.mark.parametrize("text", READ)
def test_reads_as_psych_does(text: str) -> None:
    assert READ[text] == compose(text)


def test_keeps_the_order_of_first_mention() -> None:
    assert list(compose("a: &x {c: 1, d: 2}\nb: {d: 3, <<: *x, e: 4}\n")["b"]) == ["d", "c", "e"]


REFUSED = {
    "a: *nope\n": "a.yml:1: *nope names an anchor that is not there; "
    'put a value that begins with "*" in quotes, or define the anchor above this line',
    "a: &x\n  - *x\n": "a.yml:2: *x is part of what it refers to; take it out",
    "a: !ruby/object:Object {}\n": "a.yml:1: !ruby/object:Object is an object of Ruby; "
    "write plain YAML",
    "a: !ruby/regexp /a/\n": "a.yml:1: !ruby/regexp is an object of Ruby; write plain YAML",
    "a: !!float x\n": "a.yml:1: !!float needs a number; write plain YAML",
    "a: !binary x\n": "a.yml:1: !binary needs base64; write plain YAML",
    "[" * 101: "a.yml:1: is nested more than 100 deep; write it flatter",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refuses(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        compose(text)
    assert REFUSED[text] == str(caught.value)


def laughs(generations: int, width: int) -> str:
    lines = ["a0: &a0 [lol]"]
    for number in range(1, generations):
        lines.append(f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * width)}]")
    return "\n".join(lines)


@pytest.mark.parametrize(("generations", "width"), [(9, 9), (1000, 2), (5000, 1)])
def test_refuses_a_billion_laughs(generations: int, width: int) -> None:
    with pytest.raises(ConfigurationError, match="when its aliases are written out"):
        compose(laughs(generations, width))


def test_keeps_quiet_about_an_alias_that_a_template_wrote() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Composer("a.yml", source='password: <%= ENV["PASSWORD"] %>').compose("password: *s3cret\n")
    assert "s3cret" not in str(caught.value)


def test_notes_repeated_keys() -> None:
    composer = Composer("a.yml")
    composer.compose("a: 1\nb:\n  c: 2\n  c: 3\na: 4\n")
    assert list(map(str, composer.notes)) == [
        "a.yml:4: c: is written twice, and only this one counts, not the one in line 3; "
        "remove one of the two",
        "a.yml:5: a: is written twice, and only this one counts, not the one in line 1; "
        "remove one of the two",
    ]


def test_a_merge_key_repeats_nothing() -> None:
    composer = Composer("a.yml")
    composer.compose("a: &x {b: 1}\nc: {b: 2, <<: *x}\n")
    assert composer.notes == []


PLACES = [
    (("service",), 1),
    (("servers", "web"), 3),
    (("servers", "web", 1), 5),
    (("env",), 6),
    (("env", "A"), 7),
    (("labels", "A"), 7),
    (("proxy", "ssl"), 9),
    (("proxy", "missing"), 9),
    (("nowhere",), 1),
]


@pytest.mark.parametrize(("path", "line"), PLACES)
def test_knows_where_everything_stands(path: tuple[str | int, ...], line: int) -> None:
    text = (
        "service: a\nservers:\n  web:\n  - h1\n  - h2\nenv: &env\n  A: b\nlabels: *env\n"
        "proxy: {ssl: true}\n"
    )
    document = Composer("a.yml").compose(text)
    assert document is not None
    assert locate(document, path)[1].line == line  # type: ignore[arg-type]


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"))
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda below: st.lists(below) | st.dictionaries(WORDS, below),
    max_leaves=20,
)


@given(TREES)
def test_reads_back_what_it_writes(value: Any) -> None:
    assert {"value": value} == compose(emit({"value": value}))
