"""The commands that run without permission: ``git`` that only reads, ``date +FORMAT``."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

_SILENCED = re.compile(r"\s+2>\s*(?:/dev/null|&1)\s*\Z")
_QUOTED = re.compile(r"'[^']*'|\"[^\"$`\\]*\"")
_SHELL = re.compile(r"[|&;<>()$`\\*?\[\]!\n\"']|(?:^|\s)[~#]|^\s*\w+=")
_SELECT = r"list|no-color|ignore-case|(?:format|sort|points-at|contains|merged|no-merged)(?:=.*)?"
_LISTS = r"--(?:list|points-at|contains|merged|no-merged)\b.*"
_CONFIG = (
    r"global|local|system|worktree|null|includes|bool|int|path|name-only|show-origin"
    r"|(?:type|default)(?:=.*)?|get|get-all|get-regexp|list"
)


@dataclass(frozen=True, slots=True)
class _Reads:
    """The options of a subcommand, and how many names it may have: more if an option ``lists``."""

    options: str
    names: int = 1_000
    lists: str = r"(?!)"

    def allows(self, arguments: list[str]) -> bool:
        options = [argument for argument in arguments if argument.startswith("-")]
        names = [argument for argument in arguments if not argument.startswith("-")]
        lists = any(re.fullmatch(self.lists, option) for option in options)
        known = all(re.fullmatch(self.options, option) for option in options)
        return known and (lists or len(names) <= self.names)


_ANY = _Reads(r"(?!--(?:ou|ext-|textc|exec|upload)|-O).*")
_READING = {
    "branch": _Reads(rf"--(?:show-current|all|remotes|{_SELECT})|-[arvl]+", 0, _LISTS),
    "config": _Reads(rf"--(?:{_CONFIG})|-[lz]", 1, r"--(?:get.*|list)|-l"),
    "symbolic-ref": _Reads(r"--short|-q|--quiet", 1),
    "tag": _Reads(rf"--(?:{_SELECT})|-l|-n\d*", 0, rf"{_LISTS}|-l|-n.*"),
} | dict.fromkeys(
    (
        "describe", "for-each-ref", "log", "ls-files", "merge-base", "name-rev", "rev-list",
        "rev-parse", "shortlog", "show", "show-ref", "status", "version", "--version",
    ),
    _ANY,
)  # fmt: skip


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
        return words if all(re.fullmatch(r"-u|--utc|\+.*", word) for word in words[1:]) else None
    return words if words[:1] == ["git"] and _reads(words[1:]) else None


def _reads(words: list[str]) -> bool:
    """Tell whether a subcommand of git only reads, behind options of git that are harmless."""
    while words[:1] in (["-C"], ["--no-pager"]):
        words = words[2 if words[0] == "-C" else 1 :]
    subcommand, arguments = words[:1], words[1:]
    if subcommand == ["remote"]:
        return arguments in ([], ["-v"]) or arguments[:1] == ["get-url"]
    return bool(subcommand) and subcommand[0] in _READING and _READING[words[0]].allows(arguments)
