"""Which words of a line are ours, and which are those of the command that is run."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.cli import exec_options
from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command(cls=exec_options.ExecCommand, name="exec")
@exec_options.interactive
@exec_options.reuse
@exec_options.env
@exec_options.raw
@click.argument("name")
@exec_options.command_words
def parsed(name: str, words: Sequence[str], **how: Any) -> Any:
    """Return what is heard."""
    options = settings()
    shared = {
        "hosts": options.hosts,
        "roles": options.roles,
        "verbose": options.verbose,
    }
    told = {key: value for key, value in (*how.items(), *shared.items()) if value}
    return name, list(words), told


def parse(line: Sequence[str]) -> Any:
    """Parse a command line."""
    done = CliRunner().invoke(parsed, list(line), standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.return_value


LINES = [
    ("db ls", ["ls"], {}),
    ('db ls "a  b" ""', ["ls", "a  b", ""], {}),
    ("-i db bash", ["bash"], {"interactive": True}),
    ("db -i bash", ["bash"], {"interactive": True}),
    ("db bash -i", ["bash"], {"interactive": True}),
    ("db -iv --reuse bash", ["bash"], {"interactive": True, "verbose": 1, "reuse": True}),
    ("db --reuse --no-reuse bash", ["bash"], {}),
    ("db ls -l -h 10.0.0.1", ["ls", "-l"], {"hosts": "10.0.0.1"}),
    ("db ls -lh", ["ls", "-lh"], {}),
    ("db rm -rf /x", ["rm", "-rf", "/x"], {}),
    ("db -rweb ls", ["ls"], {"roles": "web"}),
    ("db ls --hosts=a --color=auto --a_b", ["ls", "--color=auto", "--a_b"], {"hosts": "a"}),
    ("db -- psql -i -h x", ["psql", "-i", "-h", "x"], {}),
    ("db psql -- -i -- -h x", ["psql", "-i", "--", "-h", "x"], {}),
    ("db rails --help", ["rails", "--help"], {}),
    ("-e A:1 db env", ["env"], {"env": {"A": "1"}}),
    ("db -e A:1 B=x:y env", ["env"], {"env": {"A": "1", "B": "x:y"}}),
    ("db env -e A:1 B:2", ["env"], {"env": {"A": "1", "B": "2"}}),
    ("db -e A: -e a=b=c env", ["env"], {"env": {"A": "", "a": "b=c"}}),
    ("db -e A:1 rails db:migrate", ["rails", "db:migrate"], {"env": {"A": "1"}}),
]


@pytest.mark.parametrize(("line", "words", "told"), LINES)
def test_lines(line: str, words: list[str], told: dict[str, Any]) -> None:
    assert parse(shlex.split(line)) == ("db", words, told)


MISTAKES = [
    ("db", "no command; write one: exec ls"),
    ("db --", "no command; write one: exec ls"),
    ("db --detacht ls", "No such option '--detacht'."),
    ("db -e 1:2 ls", "--env 1:2: write NAME:VALUE or NAME=VALUE"),
    (
        "db ruby --version",
        "Option '--version' requires an argument; if the option is the command's, put -- before it",
    ),
]


@pytest.mark.parametrize(("line", "message"), MISTAKES)
def test_mistakes(line: str, message: str) -> None:
    with pytest.raises(click.UsageError) as caught:
        parse(shlex.split(line))
    assert caught.value.format_message() == message


@given(st.lists(st.text(st.characters(exclude_characters="\0")), min_size=1))
def test_behind_two_dashes_nothing_is_ours(words: list[str]) -> None:
    assert parse(["db", "--", *words]) == ("db", words, {})


def test_flags_that_exclude_each_other() -> None:
    with pytest.raises(click.UsageError, match="--raw and --interactive exclude each other"):
        parse(["-i", "--raw", "db", "ls"])
