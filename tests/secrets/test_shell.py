"""Running programs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.errors import SecretError
from kamalpy.secrets.shell import Result, Shell

BYTES = st.binary().map(lambda b: b.replace(b"\0", b"").decode("utf-8", "surrogateescape"))


@pytest.fixture
def shell(project):
    return Shell(project.root, project.environ)


def test_a_script_runs_in_the_project(shell, project):
    project.write("file", "content")

    assert shell.script("cat file; pwd") == Result(0, f"content{project.root}\n", "")


def test_a_script_takes_values_from_its_surroundings_and_not_from_its_words(shell):
    script = 'cat /proc/$$/cmdline; printf %s "$name"'

    result = shell.script(script, {"name": "hunter2"})

    assert result.stdout.count("hunter2") == 1
    assert result.stdout.endswith("\0hunter2")


def test_programs_do_not_inherit_values(shell):
    assert "hunter2" not in shell.script("env; true", {"name": "hunter2"}).stdout
    assert "hunter2" not in shell.script("cat /proc/self/fd/[3-9]*", {"name": "hunter2"}).stdout


def test_no_environment_has_them_not_even_that_of_the_shell(shell):
    said = shell.script("cat /proc/$$/environ; echo $name", {"name": "hunter2"})

    assert said.stdout.count("hunter2") == 1


def test_without_files_in_memory_they_leave_the_environment_at_once(shell, monkeypatch):
    monkeypatch.delattr(os, "memfd_create")

    said = shell.script("env; echo $name", {"name": "hunter2"})

    assert said.stdout.count("hunter2") == 1


@settings(max_examples=50)
@given(BYTES)
def test_any_bytes_go_in_and_come_out(value):
    shell = Shell(Path("/"), {"PATH": "/usr/bin:/bin"})  # any locale

    assert shell.script('printf %s "$name"', {"name": value}).stdout == value
    assert shell.script("cat", stdin=value).stdout == value
    assert shell.tool("printf", "%s", value).stdout == value


def test_values_may_be_long(shell):
    value = "line\n" * 50_000

    assert shell.script('printf %s "$name"', {"name": value}).stdout == value


def test_what_it_says_does_not_show_the_values_it_was_given(shell):
    script = 'echo "no $one, $two" | tr x x >&2; echo printed; exit 3'

    result = shell.script(script, {"one": "hunter2", "two": "line number 1\nline number 2"})

    assert result.failure == "exit code 3: no ***, ***"


@pytest.mark.parametrize(
    ("script", "failure"),
    [
        ("exit 7", "exit code 7"),
        ("echo secret; exit 1", "exit code 1"),
        ("kill -9 $$", "signal 9"),
        ("echo one >&2; echo two >&2; exit 1", "exit code 1: one two"),
        ("yes | head -c 1000 | tr -d '\\n' >&2; exit 1", f"exit code 1: ...{' ' + 'y' * 400}"),
    ],
)
def test_failures(shell, script, failure):
    assert shell.script(script).failure == failure


def test_a_program_that_is_missing(shell):
    assert shell.tool("no-such-tool") == Result(127, "", "no-such-tool: not found")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("a\0b", "embedded null byte"),
        ("\ud800", "an argument is no text"),
        ("x" * 2**22, "Argument list too long"),
    ],
)
def test_a_program_that_cannot_be_started(shell, value, reason):
    with pytest.raises(SecretError) as error:
        shell.tool("printf", value)
    assert str(error.value) == f"printf cannot be started: {reason}"


def test_on_a_terminal_the_user_sees_what_is_said():
    program = """if True:
        from pathlib import Path
        from kamalpy.secrets.shell import Shell

        print(Shell(Path("/"), {}).script("echo who are you >&2; exit 1").failure)
    """
    screen, terminal = os.openpty()

    printed = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=terminal, check=True
    )

    assert printed.stdout == b"exit code 1\n"
    assert os.read(screen, 100) == b"who are you\r\n"
    os.close(screen)
    os.close(terminal)


def test_a_tool_that_prompts_is_noticed(shell, capfd):
    result = shell.tool("sh", "-c", "echo password? >&2; echo token", interactive=True)

    assert result == Result(0, "token\n", "")
    assert capfd.readouterr().err == "password?\n"
