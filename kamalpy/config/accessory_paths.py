"""``files`` and ``directories`` of an accessory: what is created on the host and mounted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from kamalpy.config.document.ruby import is_blank
from kamalpy.config.faults import Fault
from kamalpy.config.kinds import Mode, Text, text
from kamalpy.config.section import Section

PARTS = ("local", "remote", "options")


@dataclass(frozen=True, slots=True)
class AccessoryPath:
    """A file or directory of an accessory."""

    local: str
    remote: str
    mode: str | None = None
    owner: str | None = None
    options: str | None = None


class AccessoryDirectory(AccessoryPath):
    """A directory that is created on the host and mounted."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class AccessoryFile(AccessoryPath):
    """A file of this machine that is copied to the host and mounted."""

    mode: str | None = "755"


class PathSection(Section):
    """One file or directory: a mapping, or ``local:remote`` or ``local:remote:options``."""

    shapes = ("a string or a hash", 'write it like "data:/var/lib/mysql"')

    forms = ({"type": "string", "pattern": ".:."},)
    rules: ClassVar[Mapping[str, Any]] = {
        "additionalProperties": True,
        "required": ["local", "remote"],
    }

    local: Text = ""
    remote: Text = ""
    mode: Mode | None = None
    owner: Text | None = None
    options: Text | None = None

    @classmethod
    def prepare(cls, raw: Any) -> Any:
        """Split a string; skip unknown keys, as Kamal does (the loader warns of them)."""
        if isinstance(raw, (str, bool, int, float)):
            return dict(zip(PARTS, text(raw).split(":", 2), strict=False))
        return (
            {k: v for k, v in raw.items() if k in cls.key_names()} if isinstance(raw, dict) else raw
        )

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Require both ends of the mount."""
        for key in ("local", "remote"):
            if is_blank(raw.get(key)) and (key not in raw or raw[key] is not None):
                yield Fault(f"has no {key} path", 'write it like "data:/var/lib/mysql"')

    def file(self) -> AccessoryFile:
        """Return the file."""
        return AccessoryFile(**self.model_dump(exclude_none=True))

    def directory(self) -> AccessoryDirectory:
        """Return the directory."""
        return AccessoryDirectory(**self.model_dump())
