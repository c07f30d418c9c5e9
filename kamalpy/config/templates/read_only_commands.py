"""The commands that run without permission: ``git`` that only reads, ``date +FORMAT``."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping

_SILENCED = re.compile(r"\s+2>\s*(?:/dev/null|&1)\s*\Z")
_QUOTED = re.compile(r"'[^']*'|\"[^\"$`\\]*\"")
_SHELL = re.compile(r"[|&;<>()$`\\*?\[\]!\n\"']|(?:^|\s)[~#]|^\s*\w+=")
_DATE = re.compile(r"-u|--utc|\+.*")
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


def read_only_words(command: str) -> list[str] | None:
    """Return the words of a command that only reads and needs no shell, else None."""
    plain = _SILENCED.sub("", command).strip()
    if _SHELL.search(_QUOTED.sub("q", plain)):
        return None
    try:
        words = shlex.split(plain)
    except ValueError:
        return None
    if words[:1] == ["date"]:
        return words if all(map(_DATE.fullmatch, words[1:])) else None
    if words[:1] != ["git"]:
        return None
    subcommand = _subcommand(words[1:])
    reads = _READING.get(subcommand[0] if subcommand else "")
    return words if reads is not None and reads(subcommand[1:]) else None


def _subcommand(words: list[str]) -> list[str]:
    """Skip the options of git itself that are harmless."""
    while words[:1] in (["-C"], ["--no-pager"]):
        words = words[2 if words[0] == "-C" else 1 :]
    return words


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
