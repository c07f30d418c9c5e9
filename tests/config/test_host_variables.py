"""Variables of the server in deploy.yml."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config import Configuration
from kamalpy.config.host_variables import expand, names
from kamalpy.errors import ArgumentError

VALUES = {"BASE": "/srv", "EMPTY": "", "HOSTILE": "$(touch pwned) ${BASE} `id` '\""}
TEXT = st.text(st.characters(exclude_characters="$"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("${BASE}", "/srv"),
        ("a${BASE}b${BASE}", "a/srvb/srv"),
        ("${EMPTY}", ""),
        ("${BASE:-/opt}", "/srv"),
        ("${EMPTY:-/opt}", "/opt"),
        ("${NONE:-/opt}", "/opt"),
        ("${NONE:-}", ""),
        ("${NONE:-$(id)}", "$(id)"),
        ("${HOSTILE}", "$(touch pwned) ${BASE} `id` '\""),
        ("$BASE", "$BASE"),
        ("$(id) `id` $$ ${", "$(id) `id` $$ ${"),
    ],
)
def test_in_text(text: str, expected: str) -> None:
    assert expand(text, VALUES, "env/X") == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$BASE/data", "/srv/data"),
        ("${BASE}/data", "/srv/data"),
        ("$BASE${EMPTY}${NONE:-x}", "/srvx"),
        ("$", "$"),
        ("$1", "$1"),
    ],
)
def test_in_paths(path: str, expected: str) -> None:
    assert expand(path, VALUES, "volumes", path=True) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "${NONE}/x",
            "volumes: NONE is not set on the server; set it there for the SSH user, in "
            "/etc/environment for example, or write ${NONE:-default}",
        ),
        ("${a.b}", "volumes: ${a.b} is not supported; write ${NAME} or ${NAME:-default}"),
        ("${BASE%x}", "volumes: ${BASE%x} is not supported; write ${NAME} or ${NAME:-default}"),
    ],
)
def test_what_cannot_be_expanded(text: str, message: str) -> None:
    with pytest.raises(ArgumentError) as error:
        expand(text, VALUES, "volumes")
    assert str(error.value) == message


def test_names() -> None:
    assert names(["${A} ${B:-x} $C", "${A}"], ["$D/${E}", "${a.b}"]) == ("A", "B", "D", "E")


@given(TEXT, st.text(), TEXT)
def test_a_value_is_text_whatever_it_holds(before: str, value: str, after: str) -> None:
    assert expand(f"{before}${{X}}{after}", {"X": value}, "env/X") == f"{before}{value}{after}"


RUN_BY_NO_SHELL = "which is passed on as it is, since no shell runs the command"


def ways_out(name: str) -> str:
    return (
        "for a variable of the container write sh -c '...', for one of this machine "
        f'<%= ENV["{name}"] %>'
    )


@pytest.mark.parametrize(
    ("cmd", "found", "name"),
    [
        ("redis-server --requirepass ${REDIS_PASSWORD}", "${REDIS_PASSWORD}", "REDIS_PASSWORD"),
        ("redis-server --requirepass $PASS --port $PORT", "$PASS", "PASS"),
        ("run ${A:-b}", "${A:-b}", "A"),
        ('run "$A"', "$A", "A"),
        ("run $(hostname)", "$(hostname)", "NAME"),
        ("tool -c $A", "$A", "A"),
        ("run $A sh -c '$B'", "$A", "A"),
    ],
)
def test_a_command_that_no_shell_runs(
    deploy: Callable[..., Configuration], cmd: str, found: str, name: str
) -> None:
    config = deploy(f"accessories: {{r: {{image: redis, host: a, cmd: {cmd!r}}}}}\n")

    assert [str(each).partition(": ")[2] for each in config.warnings] == [
        f"accessories/r/cmd: holds {found}, {RUN_BY_NO_SHELL}; {ways_out(name)}"
    ]


@pytest.mark.parametrize(
    "cmd",
    [
        "redis-server",
        "sh -c 'exec redis-server --requirepass \"$REDIS_PASSWORD\"'",
        'sh -c "exec redis-server --requirepass $REDIS_PASSWORD"',
        "/bin/bash -lc 'run $A'",
        "echo '$A'",
        "echo \\$A",
        "price 5$",
    ],
)
def test_a_command_in_which_nothing_is_lost(deploy: Callable[..., Configuration], cmd: str) -> None:
    written = "'" + cmd.replace("'", "''") + "'"
    config = deploy(f"accessories: {{r: {{image: redis, host: a, cmd: {written}}}}}\n")

    assert config.warnings == ()


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ("env: {clear: {X: '${a.b}'}}\n", "env/clear/X"),
        ("env: {X: '${a.b}'}\n", "env/X"),
        ("volumes: ['${a.b}/x:/y']\n", "volumes/0"),
        ("labels: {x: '${a.b}'}\n", "labels/x"),
    ],
)
def test_what_kamal_leaves_to_a_shell_and_we_do_not_expand(
    deploy: Callable[..., Configuration], more: str, path: str
) -> None:
    assert [str(each).partition(": ")[2] for each in deploy(more).warnings] == [
        f"{path}: ${{a.b}} is not supported; write ${{NAME}} or ${{NAME:-default}}"
    ]
