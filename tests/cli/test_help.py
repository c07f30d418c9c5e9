"""Help answers at once, anywhere, and for however a command is dashed."""

from __future__ import annotations

import itertools
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kamalpy.cli.main import root, run
from kamalpy.cli.settings import OPTIONS, Settings
from kamalpy.cli.tree import Group, all_examples

HEAVY = {"pyinfra", "gevent", "paramiko", "pydantic", "yaml", "jinja2", "cryptography", "asyncio"}
REGISTRY = """\
Usage: kamalpy registry [OPTIONS] COMMAND [ARGS]...

  The registry: log in and out, here and on the servers.

Examples:
  kamalpy registry setup
  kamalpy registry login --skip-remote  # on this machine alone
  kamalpy registry logout
  kamalpy registry remove

Commands:
  setup   Log in to the registry, or run the one of this machine.
  remove  Log out of the registry, or remove the one of this machine.
  login   Log in to the registry, on this machine and on all servers.
  logout  Log out of the registry, on this machine and on all servers.

Options:
  --help  Show this message and exit.

All commands take -c, -d, -h, -r, -v, --dry, --json and more: see kamalpy --help
More: https://kamalpy.github.io/kamalpy/commands/#registry
"""
COUNT = """
import sys
from kamalpy.cli.main import run
run(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
"""


def every_command(group: Group = root, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """List the words of each command, hidden ones and groups included."""
    found = []
    for name, command in group.commands.items():
        found.append((*before, name))
        if isinstance(command, Group):
            found += every_command(command, (*before, name))
    return found


def shown_commands() -> list[tuple[str, ...]]:
    """List the words of each command that help lists."""
    return [words for words in every_command() if not _found(words).hidden]


def _found(words: tuple[str, ...]) -> click.Command:
    command: click.Command = root
    for word in words:
        assert isinstance(command, Group)
        command = command.commands[word]
    return command


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in a folder without any configuration."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "words",
    [["--help"], ["app", "--help"], ["deploy", "--help"], ["version"], ["docs", "ssl"], ["schema"]],
)
def test_little_is_imported(words: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", COUNT, *words], capture_output=True, text=True, check=True
    )
    modules = ran.stderr.split()
    assert HEAVY.intersection(name.partition(".")[0] for name in modules) == set()
    assert len(modules) < 160


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_each_command_has_help(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*words, "--help"]) == 0

    output, wrong = capsys.readouterr()
    assert output.startswith(f"Usage: kamalpy {' '.join(words)} ")
    assert wrong == ""
    assert max(map(len, output.splitlines())) <= 80


def test_help_begins_with_examples_and_ends_with_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["registry", "--help"]) == 0

    assert capsys.readouterr().out == REGISTRY


@pytest.mark.parametrize("words", shown_commands(), ids=" ".join)
def test_each_command_has_an_example(words: tuple[str, ...]) -> None:
    path = f"kamalpy {' '.join(words)} "
    assert any(f"{example} ".startswith(path) for example in all_examples())


@pytest.mark.parametrize("example", all_examples())
def test_each_example_is_a_valid_command(example: str) -> None:
    _, *words = itertools.takewhile(is_no_shell, shlex.split(example, comments=True))
    context = root.make_context("kamalpy", [], obj=Settings(), resilient_parsing=True)
    command: click.Command | None = root
    while isinstance(command, Group):
        _, command, words = command.resolve_command(context, words)
    assert command is not None
    command.make_context(command.name, words, parent=context, resilient_parsing=False)


def is_no_shell(word: str) -> bool:
    """Tell whether a word belongs to the command, and not to the shell."""
    return word not in ("<", ">", ">>", "|")


def test_help_in_other_words(capsys: pytest.CaptureFixture[str]) -> None:
    output = []
    for words in (["app", "boot", "--help"], ["help", "app", "boot"], ["he", "ap", "bo"]):
        assert run(words) == 0
        output.append(capsys.readouterr().out)
    assert output == [output[0]] * 3
    assert run([]) == 0
    assert capsys.readouterr().out.startswith("Usage: kamalpy [OPTIONS] COMMAND")


def test_a_mistyped_command_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for words, message in (
        (["depoly"], "depoly: no such command; did you mean deploy? kamalpy --help lists them"),
        (
            ["app", "bot"],
            "bot: no such command; did you mean boot? kamalpy app --help lists them",
        ),
        (["a"], "a: could be app, accessory, audit"),
        (["app", "sta"], "sta: could be start, stale-containers"),
        (["deploy", "more"], "Got unexpected extra argument (more)"),
        (["deploy", "--frob"], "No such option '--frob'"),
        (["rollback", "v1", "v2"], "Got unexpected extra argument (v2)"),
        (["lock", "acquire"], "Missing option '-m' / '--message'."),
    ):
        assert run(words) == 1
        assert capsys.readouterr().err.splitlines()[-1].startswith(f"Error: {message}")


@pytest.mark.parametrize(
    ("words", "options_set"),
    [
        (["-d", "staging", "version"], {"destination": "staging"}),
        (["version", "-d", "staging"], {"destination": "staging"}),
        (["-d", "one", "version", "-d", "two"], {"destination": "two"}),
        (["version", "--config_file", "x.yml"], {"config_file": "x.yml"}),
        (["version", "--config-file=x.yml"], {"config_file": "x.yml"}),
        (["version", "--lock_wait", "--lock_wait_timeout", "5"], {"lock_wait_timeout": 5}),
        (["version", "-h", "h1,h2", "-r", "web"], {"hosts": "h1,h2", "roles": "web"}),
        (["-v", "version", "--no-verbose"], {"verbose": 0}),
        (["-p", "version", "--skip-primary"], {"primary": False}),
        (["-H", "version", "--no-skip_hooks"], {"skip_hooks": False}),
        (["version", "-vv"], {"verbose": 2}),
        (["v"], {}),
    ],
)
def test_options_stand_anywhere_and_are_spelled_as_one_likes(
    words: list[str], options_set: dict[str, object]
) -> None:
    settings = Settings()
    root.main(words, prog_name="kamalpy", standalone_mode=False, obj=settings)
    assert {name: getattr(settings, name) for name in options_set} == options_set
    assert settings.command == "version"


def test_every_option_of_kamal_is_there() -> None:
    option_names = {name for option in OPTIONS for name in option.opts}
    assert option_names >= {
        *("-v", "--verbose", "-q", "--quiet", "--version", "-p", "--primary", "-h", "--hosts"),
        *("-r", "--roles", "-c", "--config-file", "-d", "--destination", "-H", "--skip-hooks"),
        *("--lock-wait", "--lock-wait-timeout", "--lock-wait-interval"),
    }


@pytest.mark.parametrize(
    ("beginning", "names"),
    [
        ("v", ["version"]),
        ("co", ["config"]),
        ("com", ["completion"]),
        ("rel", ["releases"]),
        ("d", ["deploy", "details", "doctor", "docs"]),
    ],
)
def test_kamals_commands_win_where_a_beginning_is_both_kamals_and_ours(
    beginning: str, names: list[str]
) -> None:
    assert root.matching_names(beginning) == names
