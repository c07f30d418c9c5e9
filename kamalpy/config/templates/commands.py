"""Back-ticks in templates: reading ``git`` commands always, others with permission."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable, Mapping

from .process import Outcome, run_program
from .trouble import Exceeded, Forbidden, RubyError
from .world import World

_SECONDS = 60
_SILENCED = re.compile(r"\s+2>\s*(?:/dev/null|&1)\s*\Z")
_QUOTED = re.compile(r"'[^']*'|\"[^\"$`\\]*\"")
_SHELL = re.compile(r"[|&;<>()$`\\*?\[\]!\n\"']|(?:^|\s)[~#]|^\s*\w+=")
_GIT_SETTINGS = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.pager=cat",
    "-c",
    "log.showSignature=false",
)
_GIT_ENVIRON = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
}
_WRITES = re.compile(r"--(?:ou|ext-|textc|exec|upload)|-O")
_BRANCH = re.compile(
    r"--(?:show-current|all|remotes|list|no-color|ignore-case|(?:format|sort|points-at|contains"
    r"|merged|no-merged)(?:=.*)?)|-[arvl]+"
)
_LISTS_BRANCHES = re.compile(r"--(?:list|points-at|contains|merged|no-merged)\b")
_LISTS_TAGS = re.compile(r"--(?:list|points-at|contains|merged|no-merged)\b|-l$|-n")
_TAG = re.compile(
    r"--(?:list|no-color|ignore-case|(?:format|sort|points-at|contains|merged|no-merged)(?:=.*)?)"
    r"|-l|-n\d*"
)
_CONFIG = re.compile(
    r"--(?:global|local|system|worktree|null|includes|bool|int|path|name-only|show-origin"
    r"|(?:type|default)(?:=.*)?|get|get-all|get-regexp|list)|-[lz]"
)


def run_command(command: str, world: World) -> str:
    """What a command prints, as Ruby's back-ticks have it: whatever its exit status."""
    world.before_running()
    world.meter.spend(1_000)
    if "\0" in command:
        raise RubyError("ArgumentError", "a command holds a null byte")
    try:
        return _checked(command, _run(command, world))
    except OSError as error:
        raise RubyError("SystemCallError", f"a command cannot be run: {error.strerror}") from None


def _run(command: str, world: World) -> Outcome:
    words = git_words(command)
    if words is not None:
        return _git(words, world)
    if not world.allow_commands:
        program = (command.split() or ["nothing"])[0]
        raise Forbidden(
            f"the command `{program} ...` may not run in this template",
            "allow it with `commands: true` under x-kamalpy or with --allow-commands",
        )
    return run_program(
        ["/bin/sh", "-c", command], root=world.root, environ=world.environ, seconds=_SECONDS
    )


def _git(words: list[str], world: World) -> Outcome:
    search = world.environ.get("PATH", os.defpath)
    program = shutil.which("git", path=search)
    if program is None:
        raise RubyError("Errno::ENOENT", "git is not installed here", "install it")
    environ = {**world.environ, **_GIT_ENVIRON}
    return run_program(
        [program, *_GIT_SETTINGS, *words], root=world.root, environ=environ, seconds=_SECONDS
    )


def _checked(command: str, outcome: Outcome) -> str:
    program = (command.split() or [""])[0]
    if outcome.late:
        raise Exceeded(f"the command `{program} ...` took more than {_SECONDS} seconds")
    if outcome.long:
        raise Exceeded(f"the command `{program} ...` printed too much")
    return outcome.output


def git_words(command: str) -> list[str] | None:
    """The arguments of a ``git`` command that only reads and needs no shell, else None."""
    plain = _SILENCED.sub("", command).strip()
    if _SHELL.search(_QUOTED.sub("q", plain)):
        return None
    try:
        words = shlex.split(plain)
    except ValueError:
        return None
    if words[:1] != ["git"]:
        return None
    before, rest = _before_verb(words[1:])
    verb, arguments = rest[:1], rest[1:]
    reads = _READING.get(verb[0] if verb else "")
    return [*before, *rest] if reads is not None and reads(arguments) else None


def _before_verb(words: list[str]) -> tuple[list[str], list[str]]:
    """Options of git itself that are harmless, and what follows."""
    before: list[str] = []
    while words[:1] in (["-C"], ["--no-pager"]):
        width = 2 if words[0] == "-C" else 1
        before += words[:width]
        words = words[width:]
    return before, words


def _only_reads(arguments: list[str]) -> bool:
    return not any(_WRITES.match(argument) for argument in arguments)


def _sorted(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Names and options."""
    names = [argument for argument in arguments if not argument.startswith("-")]
    return names, [argument for argument in arguments if argument.startswith("-")]


def _lists_branches(arguments: list[str]) -> bool:
    names, options = _sorted(arguments)
    lists = any(map(_LISTS_BRANCHES.match, options))
    return all(map(_BRANCH.fullmatch, options)) and (not names or lists)


def _lists_tags(arguments: list[str]) -> bool:
    names, options = _sorted(arguments)
    lists = any(map(_LISTS_TAGS.match, options))
    return all(map(_TAG.fullmatch, options)) and (not names or lists)


def _reads_config(arguments: list[str]) -> bool:
    names, options = _sorted(arguments)
    asks = any(option.startswith("--get") or option in ("--list", "-l") for option in options)
    asks = asks or names[:1] in (["get"], ["list"])
    return all(map(_CONFIG.fullmatch, options)) and (asks or len(names) == 1)


def _reads_remotes(arguments: list[str]) -> bool:
    return arguments in ([], ["-v"]) or arguments[:1] == ["get-url"]


def _reads_reference(arguments: list[str]) -> bool:
    names, options = _sorted(arguments)
    return len(names) == 1 and set(options) <= {"--short", "-q", "--quiet"}


_READING: Mapping[str, Callable[[list[str]], bool]] = {
    "branch": _lists_branches,
    "config": _reads_config,
    "describe": _only_reads,
    "for-each-ref": _only_reads,
    "log": _only_reads,
    "ls-files": _only_reads,
    "merge-base": _only_reads,
    "name-rev": _only_reads,
    "remote": _reads_remotes,
    "rev-list": _only_reads,
    "rev-parse": _only_reads,
    "shortlog": _only_reads,
    "show": _only_reads,
    "show-ref": _only_reads,
    "status": _only_reads,
    "symbolic-ref": _reads_reference,
    "tag": _lists_tags,
    "version": _only_reads,
    "--version": _only_reads,
}
