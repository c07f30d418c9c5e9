"""``ssh`` and ``sshkit``: how the servers are reached, and how many at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from getpass import getuser
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, Tag, WithJsonSchema

from kamalpy.config.faults import wrong_value
from kamalpy.config.kinds import Flag, Text, TextOrOff, Whole, Word, one_of, word
from kamalpy.config.section import Section

LEVELS = ("debug", "info", "warn", "error", "fatal", "unknown")


def _port(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d+", value):
        return int(value)
    raise wrong_value("should be a port number")


def _jump(value: Any) -> str | None:
    return None if value is False else word(value)


def _level(value: Any) -> str:
    if isinstance(value, str) and value.lower() in LEVELS:
        return value.lower()
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(LEVELS):
        return LEVELS[value]
    raise wrong_value(f"should be one of {', '.join(LEVELS)}")


Port = Annotated[int, BeforeValidator(_port), WithJsonSchema({"type": ["integer", "string"]})]
Jump = Annotated["str | None", BeforeValidator(_jump), WithJsonSchema({"type": "string"})]
ANY_CASE = "|".join("".join(f"[{c}{c.upper()}]" for c in level) for level in LEVELS)
LEVEL = {
    "anyOf": [
        {"enum": [*LEVELS, *range(len(LEVELS))]},
        {"type": "string", "pattern": f"^({ANY_CASE})$"},
    ]
}
Level = Annotated[str, BeforeValidator(_level), WithJsonSchema(LEVEL)]
Files = Annotated[
    Annotated[Flag, Tag("<flag>")]
    | Annotated[Word, Tag("<file>")]
    | Annotated[tuple[Text, ...], Tag("<files>")],
    one_of("a boolean or a string or an array", boolean="<flag>", word="<file>", array="<files>"),
]


@dataclass(frozen=True, slots=True)
class JumpHost:
    """A host on the way: ``user@host``, ``user@host:port``, ``user@[IPv6 address]:port``."""

    user: str
    host: str
    port: int = 22

    @classmethod
    def parse(cls, text: str) -> JumpHost:
        """Read one; an IPv6 address with a port needs brackets, one without may do without."""
        name, _, address = text.strip().rpartition("@")
        user = name or getuser()
        found = re.fullmatch(r"\[(.+)\](?::(\d+))?|([^:]+):(\d+)", address)
        if found is None:
            return cls(user, address)
        return cls(user, found[1] or found[3], int(found[2] or found[4] or 22))


class Ssh(Section):
    """How the servers are reached."""

    user: Text = "root"
    port: Port = 22
    proxy: Jump = None
    proxy_command: TextOrOff = None
    log_level: Level = "fatal"
    keys_only: Flag | None = None
    keys: tuple[Text, ...] | None = None
    key_data: tuple[Text, ...] | None = Field(None, repr=False)
    config: Files | None = None
    forward_agent: Flag | None = None

    @property
    def jump(self) -> str | None:
        """The jump hosts, the first one with its user, as ``ssh -J`` takes them."""
        if self.proxy is None:
            return None
        return self.proxy if "@" in self.proxy else f"root@{self.proxy}"


class Sshkit(Section):
    """How many connections at a time, and what DNS is forgiven."""

    max_concurrent_starts: Whole = 30
    pool_idle_timeout: Whole = 900
    dns_retries: Whole = 3
