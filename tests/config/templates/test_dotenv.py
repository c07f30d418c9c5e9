"""``.env`` files, read as the dotenv gem reads them, and loaded into ENV."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config.templates.context import RenderContext
from kamalpy.config.templates.erb.environ import EnvFile


def values(text, environ=None, *, commands=True):
    inherited = {"PATH": os.environ["PATH"]}
    context = RenderContext("", "", Path(), inherited, allow_commands=commands)
    context.environ = dict(environ or {})
    file = EnvFile(context)
    file.read(text)
    return file.values


LINES = [
    ("A=1", {"A": "1"}),
    ("A = 1", {"A": "1"}),
    ("A: 1", {"A": "1"}),
    ("export A=1", {"A": "1"}),
    ("A=", {"A": ""}),
    ("A", {"A": ""}),
    ("A=1\nB=2\r\nC=3\rD=4", {"A": "1", "B": "2", "C": "3", "D": "4"}),
    ("\n\n# comment\n  A=1  \n\n", {"A": "1"}),
    ("A=1 # comment", {"A": "1"}),
    ("A=1#2", {"A": "1"}),
    ("A='1 # 2'  # comment", {"A": "1 # 2"}),
    ('A="1 # 2"', {"A": "1 # 2"}),
    ("A=a b c", {"A": "a b c"}),
    ("A='a\nb'", {"A": "a\nb"}),
    (r'A="a\nb"', {"A": r"a\nb"}),
    ('DOTENV_LINEBREAK_MODE=legacy\nA="a\\nb"', {"DOTENV_LINEBREAK_MODE": "legacy", "A": "a\nb"}),
    (r'A="say \"hi\""', {"A": 'say "hi"'}),
    (r"A=a\b", {"A": "ab"}),
    (r"A='a\b'", {"A": r"a\b"}),
    ("A=1\nA=2", {"A": "2"}),
    ("A=1\nB=$A", {"A": "1", "B": "1"}),
    ("A=1\nB=${A}2", {"A": "1", "B": "12"}),
    ("A=1\nB='$A'", {"A": "1", "B": "$A"}),
    (r"A=1" "\n" r"B=\$A", {"A": "1", "B": "$A"}),
    ("A=$UNSET", {"A": ""}),
    ("A=${UNSET:-b}", {"A": "b"}),
    ("A=$", {"A": "$"}),
    ("A=$(echo $HOST)", {"A": "example.com"}),
    ("A=$(echo $(echo nested))!", {"A": "nested!"}),
    (r"A=\$(cmd)", {"A": "$(cmd)"}),
    ("A=$(cmd", {"A": "$(cmd"}),
    ("A=$()", {"A": "$()"}),
    ("MY-KEY=1\n=2\n???", {}),
    ("A.b_2=1", {"A.b_2": "1"}),
    ("\ufeffA=1", {"A": "1"}),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_lines(text, expected):
    assert expected == values(text, {"HOST": "example.com"})


def test_a_variable_that_is_set_keeps_its_value():
    assert values("A=1\nB=$A", {"A": "0"}) == {"A": "0", "B": "0"}


@given(st.text(alphabet="AB=$(){}\\'\"# \n\t:x\r-é"))
def test_any_text_is_read(text):
    found = values(text, commands=False)
    assert all(isinstance(value, str) for value in found.values())


NAMES = st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True)
QUOTABLE = st.text(st.characters(exclude_characters="'\\\r", exclude_categories=["Cs"]))


@given(st.dictionaries(NAMES, QUOTABLE))
def test_quoted_values_come_back_as_they_were(expected):
    assert expected == values("".join(f"{name}='{value}'\n" for name, value in expected.items()))


def test_load(project):
    project.write(".env", "HOST=a\nPORT=80\n")
    project.environ = {"PORT": "443"}
    text = '<% require "dotenv"; Dotenv.load %><%= ENV["HOST"] %>:<%= ENV["PORT"] %>'
    assert project.render(text) == "a:443"


def test_the_first_of_several_files_wins(project):
    project.write(".env.local", "HOST=local\n")
    project.write(".env", "HOST=base\nPORT=80\n")
    load = '<% require "dotenv"; Dotenv.load(".env.local", ".env") %>'
    assert project.render(load + '<%= ENV["HOST"] + ENV["PORT"] %>') == "local80"


def test_a_file_that_is_missing_is_no_mistake(project):
    assert project.render('<% require "dotenv"; Dotenv.load(".env") %>a') == "a"


def test_values_that_come_from_commands_are_missed_only_where_they_are_used(project):
    project.write(".env", "TOKEN=$(op read s3cret)\nURL=https://$TOKEN@example.com\nHOST=a\n")
    load = '<% require "dotenv"; Dotenv.load %>'
    assert project.render(load + '<%= ENV["HOST"] %>') == "a"
    assert project.error(load + '<%= ENV["URL"] %>') == (
        "config/deploy.yml:1: the variable URL comes from a command, $(op ...), which may not run"
        " here (column 43); allow it with `commands: true` under x-kamalpy or with"
        " --allow-commands, or export URL=..."
    )


def test_values_that_come_from_commands_are_had_when_allowed(project):
    project.write(".env", "GREETING=$(echo hello)\n")
    text = '<% require "dotenv"; Dotenv.load %><%= ENV["GREETING"] %>'
    assert project.render(text, allow_commands=True) == "hello"


def test_git_may_run_in_a_file_of_variables(project):
    project.git("init", "-q")
    project.git("commit", "-q", "--allow-empty", "-m", "first")
    project.write(".env", "VERSION=$(git rev-parse HEAD)\n")
    text = '<% require "dotenv"; Dotenv.load %><%= ENV["VERSION"] %>'
    assert project.render(text) == project.git("rev-parse", "HEAD").strip()
