"""What a Dockerfile says of its image: the port that the app listens on."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

_CONTINUED = re.compile(r"\\[ \t]*\n(?:[ \t]*#.*\n)*")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})")
_ASSIGNED = re.compile(r"(\w+)(?:=|\s+)(.*)", re.DOTALL)


@dataclass
class _Stage:
    ports: list[int] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)


def port(text: str) -> int | None:
    """Find the first port that the last stage exposes, itself or by what it is built from."""
    stages: dict[str, _Stage] = {}
    stage = _Stage()
    for word, rest in _instructions(text):
        if word == "FROM":
            base, _, name = rest.partition(" ")
            above = stages.get(base.lower())
            stage = _Stage(list(above.ports), dict(above.variables)) if above else _Stage()
            stages[name.rpartition(" ")[2].lower() or str(len(stages))] = stage
        elif word in ("ARG", "ENV"):
            stage.variables.update(_assigned(rest))
        elif word == "EXPOSE":
            stage.ports.extend(_ports(_replaced(rest, stage.variables)))
    return stage.ports[0] if stage.ports else None


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    for line in _CONTINUED.sub(" ", text.replace("\r\n", "\n")).splitlines():
        word, _, rest = line.strip().partition(" ")
        flags = re.sub(r"^(?:--\S+\s+)*", "", rest.strip())
        yield word.upper(), flags


def _assigned(rest: str) -> dict[str, str]:
    """Read ``NAME=value NAME=value``, or ``NAME value`` of old."""
    if "=" not in rest.split(" ", 1)[0]:
        match = _ASSIGNED.fullmatch(rest)
        return {match[1]: match[2].strip()} if match else {}
    try:
        words = shlex.split(rest)
    except ValueError:
        return {}
    return dict(word.split("=", 1) for word in words if "=" in word)


def _replaced(text: str, variables: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda found: variables.get(found[1] or found[2]) or found[3] or "", text)


def _ports(text: str) -> Iterator[int]:
    for word in text.split():
        number, _, protocol = word.partition("/")
        if number.isdecimal() and protocol.lower() in ("", "tcp"):
            yield int(number)
