"""``registry``: where images are stored, and its credentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, WithJsonSchema

from kamalpy.config.document.ruby import Symbol, is_blank, kind
from kamalpy.config.faults import Fault
from kamalpy.config.kinds import Word
from kamalpy.config.section import Section

CREDENTIALS = ("username", "password")


@dataclass(frozen=True, slots=True)
class SecretName:
    """The name of a secret; its value is not known here."""

    name: str


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry and how to log in; ``server`` is None for Docker Hub."""

    server: str | None = None
    username: str | SecretName | None = field(default=None, repr=False)
    password: str | SecretName | None = field(default=None, repr=False)

    @property
    def local(self) -> bool:
        """Whether it is a registry that runs on this machine for the deploy."""
        return is_local(self.server)

    @property
    def port(self) -> int | None:
        """The port of a local registry."""
        digits = str(self.server).rpartition(":")[2] if self.local else ""
        return int(digits) if digits.isdecimal() else None


def is_local(server: Any) -> bool:
    """Tell whether a registry is on this machine: ``localhost`` without a port is remote."""
    return isinstance(server, str) and server.startswith(("localhost:", "localhost$"))


def _credential(value: Any) -> str | SecretName | None:
    if _is_string(value):
        return str(value)
    if isinstance(value, list) and len(value) == 1 and _is_string(value[0]):
        return SecretName(str(value[0]))
    return None


def _is_string(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Symbol)


CREDENTIAL = {
    "anyOf": [
        {"type": "string", "pattern": "\\S"},
        {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1},
    ]
}
Credential = Annotated["str | SecretName | None", BeforeValidator(_credential), WithJsonSchema({})]


class RegistrySection(Section):
    """``registry`` as written, at the root or in an accessory."""

    rules: ClassVar[Mapping[str, Any]] = {
        "if": {"properties": {"server": {"pattern": "^localhost:"}}, "required": ["server"]},
        "else": {
            "required": list(CREDENTIALS),
            "properties": dict.fromkeys(CREDENTIALS, CREDENTIAL),
        },
    }
    nullable = frozenset(CREDENTIALS)

    server: Word | None = None
    username: Credential = None
    password: Credential = Field(None, repr=False)

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Require a user and a password, unless the registry is a local one."""
        for key in () if is_local(raw.get("server")) else CREDENTIALS:
            value = raw.get(key)
            if is_blank(value):
                yield Fault("is required", cls.example(key), (key,))
            elif _credential(value) is None:
                count = len(value) if isinstance(value, list) else 0
                given = f"with {count}" if count > 1 else kind(value)
                what = f"should be a string or an array with one string, not {given}"
                is_bare = isinstance(value, (int, float)) and not isinstance(value, bool)
                yield Fault(what, "put it in quotes" if is_bare else cls.example(key), (key,))

    def resolve(self) -> Registry:
        """Return the registry as other packages read it."""
        return Registry(self.server, self.username, self.password)
