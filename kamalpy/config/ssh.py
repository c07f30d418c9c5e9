"""``ssh``: how the servers are reached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from getpass import getuser
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, Tag, WithJsonSchema

from kamalpy.config.faults import wrong_value
from kamalpy.config.kinds import Flag, Text, TextOrOff, Word, one_of, word
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
    def of(cls, text: str) -> JumpHost:
        """Read one; an IPv6 address with a port needs brackets, one without may do without."""
        name, _, address = text.strip().rpartition("@")
        user = name or getuser()
        found = re.fullmatch(r"\[(.+)\](?::(\d+))?|([^:]+):(\d+)", address)
        if found is None:
            return cls(user, address)
        return cls(user, found[1] or found[3], int(found[2] or found[4] or 22))


class Ssh(Section):
    """How the servers are reached."""

    user: Text = Field("root", description="User to log in as.", examples=["deploy"])
    port: Port = Field(22, description="Port of the SSH server.", examples=[2222])
    proxy: Jump = Field(
        None,
        description="Jump host; its user is root unless said. Several are separated by commas. "
        "Wins over proxy_command.",
        examples=["deploy@jump.example.com"],
    )
    proxy_command: TextOrOff = Field(
        None,
        description="Command that connects to the server.",
        examples=["ssh -W %h:%p user@proxy"],
    )
    log_level: Level = Field("fatal", description="What the SSH library logs.", examples=["debug"])
    keys_only: Flag | None = Field(
        None, description="Offer these keys only, none of the agent's.", examples=[True]
    )
    keys: tuple[Text, ...] | None = Field(
        None, description="Files with private keys.", examples=[["~/.ssh/id.pem"]]
    )
    key_data: tuple[Text, ...] | None = Field(
        None,
        description="Names of secrets that hold private keys.",
        examples=[["SSH_PRIVATE_KEY"]],
        repr=False,
    )
    config: Files | None = Field(
        None,
        description="OpenSSH configuration: true reads the usual files, false none, else these.",
        examples=[False],
    )
    forward_agent: Flag | None = Field(
        None, description="Forward the local SSH agent to the servers.", examples=[False]
    )

    @property
    def jump(self) -> str | None:
        """The jump hosts, the first one with its user, as ``ssh -J`` takes them."""
        if self.proxy is None:
            return None
        return self.proxy if "@" in self.proxy else f"root@{self.proxy}"
