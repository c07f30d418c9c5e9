"""
Words that a host completes: ``${NAME}`` in values, ``~`` and ``$PWD`` before paths.

Kamal leaves ``${NAME}`` in clear values to the host's shell and gives volumes to it unquoted. Both
are used on purpose, so both work here; nothing else of a value ever reaches a shell's eyes.
"""

from __future__ import annotations

import re

HOST_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_HOME = re.compile(r"(?:~|\$HOME|\$\{HOME\}|\$PWD|\$\{PWD\}|\.)(?=/|:|$)")


def may_be(written: str, found: str) -> bool:
    """Tell whether a host can have made one value from the other, whatever its variables are."""
    parts = HOST_VARIABLE.split(written)[::2]
    pattern = ".*".join(re.escape(part) for part in parts)
    return re.fullmatch(pattern, found, re.DOTALL) is not None


def may_become(written: object, found: object) -> bool:
    """Tell the same of a value that may be a set or list of them, or none at all."""
    if isinstance(written, str) and found is not None:
        return may_be(written, str(found))
    if isinstance(written, (frozenset, tuple)) and isinstance(found, (frozenset, tuple)):
        return len(written) == len(found) and all(
            any(may_become(each, other) for other in found) for each in written
        )
    return written == found


def absolute(volume: str, home: str) -> str:
    """Put the SSH user's home where a volume's source begins with ``~``, ``$PWD`` or ``./``."""
    below = below_home(volume)
    return volume if below is None else f"{home}{below}"


def below_home(volume: str) -> str | None:
    """Return what follows the SSH user's home in a source below it; None for any other source."""
    found = _HOME.match(volume)
    if found:
        return volume[found.end() :]
    source = volume.split(":", 1)[0]
    return f"/{volume}" if "/" in source and not source.startswith("/") else None


def as_kamal_wrote(value: str) -> str:
    """Spell a secret as Kamal's env files do: backslashes doubled, control characters escaped."""
    escaped = value.replace("\\", "\\\\")
    for raw, written in _RUBY_ESCAPES.items():
        escaped = escaped.replace(raw, written)
    return escaped


_RUBY_ESCAPES = {
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\f": "\\f",
    "\v": "\\v",
    "\b": "\\b",
    "\a": "\\a",
    "\x1b": "\\e",
}
