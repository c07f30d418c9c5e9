"""Words become commands, and every word arrives as it was meant."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyinfra.api.command import StringCommand

from kamalpy.commands import base
from kamalpy.commands.base import docker, joined, proxy, quoted, script

SCRIPTS = sorted(path.stem for path in Path(base.__file__).parent.glob("scripts/*.sh"))


def test_docker() -> None:
    assert docker("tag", quoted("a b"), "c").get_raw_value() == "docker tag 'a b' c"


def test_proxy() -> None:
    command = proxy("remove", quoted("blog-web"))

    assert command.get_raw_value() == "docker exec kamal-proxy kamal-proxy remove blog-web"


@pytest.mark.parametrize(
    ("value", "expected"), [("a", "a"), ("a b", "'a b'"), (7, "7"), ("", "''"), (None, "''")]
)
def test_quoted(value: object, expected: str) -> None:
    assert StringCommand(quoted(value)).get_raw_value() == expected


def test_joined() -> None:
    assert joined("--name=", quoted("a b")).get_raw_value() == "--name='a b'"


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_whole_and_every_shell_can_read_it(shell: Any, name: str) -> None:
    command = script(name)
    text = shlex.split(command.get_raw_value())[2]

    assert shell.run(StringCommand("sh", "-n", "-c", *command.bits[2:])) == (0, "", "")
    assert "\n. ./" not in text
    assert not [line for line in text.splitlines() if line.lstrip().startswith("#")]


def test_a_script_is_given_its_words_and_stdin(shell: Any) -> None:
    command = script("record", quoted("a b"), "c", stdin="text", one="x y", two=("1", 2), none=())

    assert command.get_raw_value().endswith("' record one='x y' two=1 two=2 -- 'a b' c")
    assert command.connector_arguments == {"_stdin": "text"}
    assert script("record").connector_arguments == {}
    assert shell.words(command) == ["record", "one=x y", "two=1", "two=2", "--", "a b", "c"]


@settings(max_examples=40)
@given(data=st.data())
def test_words_become_variables_and_arguments(
    shell: Any, nasty: st.SearchStrategy[str], data: st.DataObject
) -> None:
    values, arguments = data.draw(st.tuples(nasty, nasty)), data.draw(st.lists(nasty, max_size=3))
    given = script("words", *map(quoted, arguments), one=values[0], two=values[1])
    show = f'{base.text("words")}printf "%s\\0" "$one" "$two" "$@"; sh -c \'echo "$one"\''

    done = shell.run(StringCommand("sh", "-c", quoted(show), *given.bits[3:]))

    assert done == (0, "".join(f"{each}\0" for each in (*values, *arguments)) + "\n", "")
    assert shell.names() == []


@pytest.fixture(scope="session")
def check(sh: Any) -> Callable[[StringCommand, list[str]], None]:
    """Compare the words of a command, and look whether anything was executed."""

    def compare(command: StringCommand, expected: list[str]) -> None:
        assert sh.words(command) == expected
        assert not list(sh.home.iterdir())

    return compare


@settings(max_examples=60)
@given(data=st.data())
def test_nothing_that_a_user_wrote_is_executed(
    check: Callable[..., None], nasty: st.SearchStrategy[str], data: st.DataObject
) -> None:
    words = data.draw(st.lists(nasty, min_size=1, max_size=12))

    check(StringCommand("x", *map(quoted, words)), ["x", *words])
    check(script("record", *map(quoted, words)), ["record", "--", *words])
    check(
        docker(*(joined("--x=", quoted(word)) for word in words)),
        ["docker", *(f"--x={word}" for word in words)],
    )


def test_shells_agree_on_the_hard_words(shell: Any) -> None:
    words = [bytes(range(1, 128)).decode(), "\\" * 3, "'" * 3, "\n" * 3, "é" * 3]

    assert shell.words(docker(*map(quoted, words))) == ["docker", *words]


def test_a_command_of_pyinfras_own_is_shown_as_it_is() -> None:
    assert base.shown("cat /etc/os-release") == "cat /etc/os-release"
