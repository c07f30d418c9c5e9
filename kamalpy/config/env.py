"""``env``: variables of the containers, at the root, in a role, in an accessory, by tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field

from kamalpy.config.kinds import SCALARS, Text
from kamalpy.config.section import Section

SPECIAL = ("clear", "secret", "tags")
MISSPELT = {"secrets": "secret", "clears": "clear", "plain": "clear", "tag": "tags"}
FLAT = {
    "type": "object",
    "propertyNames": {"not": {"enum": list(SPECIAL)}},
    "additionalProperties": {"type": SCALARS},
}
"""A hash of clear variables, in JSON Schema."""


@dataclass(frozen=True, slots=True)
class Env:
    """Variables of a container: clear values, and for secrets the name in ``.kamal/secrets``."""

    clear: Mapping[str, str] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict)

    def merge(self, other: Env) -> Env:
        """Merge another set over this one, which keeps its order."""
        return Env({**self.clear, **other.clear}, {**self.secret, **other.secret})


class EnvSection(Section):
    """``env`` as written; a plain mapping is all clear."""

    forms = (FLAT,)

    clear: dict[str, Text] = Field({})
    secret: tuple[Text, ...] = ()

    @classmethod
    def prepare(cls, raw: Any) -> Any:
        """Accept a plain mapping of clear variables."""
        if not isinstance(raw, dict) or any(key in raw for key in SPECIAL):
            return raw
        if any(_is_misspelt(key, value) for key, value in raw.items()):
            return raw
        return {"clear": raw}

    @classmethod
    def hint(cls, key: str) -> str:
        """Suggest where a key next to ``clear`` or ``secret`` belongs."""
        if key == "tags":
            return "move them to env at the root"
        if key.lower() in MISSPELT:
            return f"did you mean {MISSPELT[key.lower()]}?"
        return f'write it under "clear", as in "clear: {{{key}: ...}}"'

    def resolve(self) -> Env:
        """Return the variables as other packages read them."""
        pairs = (item.partition(":") for item in self.secret)
        return Env(dict(self.clear), {name: secret or name for name, _, secret in pairs})


class RootEnvSection(EnvSection):
    """``env`` at the root, which may hold variables for tagged hosts."""

    tags: dict[str, EnvSection] = Field({})


def _is_misspelt(key: Any, value: Any) -> bool:
    return isinstance(key, str) and key.lower() in MISSPELT and isinstance(value, (list, dict))
