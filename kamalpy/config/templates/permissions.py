"""What ``x-kamalpy`` permits a template; it is read before the template is rendered."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SECTION = re.compile(r"^x-kamalpy:[ \t]*(?P<inline>\{[^\n]*\})?[^\n]*\n?", re.MULTILINE)
_BLOCK = re.compile(r"(?:[ \t]+[^\n]*\n?|[ \t]*\r?\n|#[^\n]*\n?)+")
_INDENT = re.compile(r"^[ \t]+(?=[^\s#])", re.MULTILINE)
_TRUE = r"(?:true|True|TRUE|yes|Yes|YES|on|On|ON)"
_NAMES = ("ruby", "commands", "jinja")


@dataclass(frozen=True, slots=True)
class Permissions:
    """``ruby: true``, ``commands: true``, ``jinja: true``."""

    ruby: bool = False
    commands: bool = False
    jinja: bool = False


def permissions_of(text: str) -> Permissions:
    """Read them from a file as it was written; a template cannot grant them."""
    section = _SECTION.search(text)
    if section is None:
        return Permissions()
    if section["inline"]:
        return Permissions(**{name: _inline(section["inline"], name) for name in _NAMES})
    block = _BLOCK.match(text, section.end())
    lines = block[0] if block else ""
    return Permissions(**{name: _in_block(lines, name) for name in _NAMES})


def _inline(text: str, name: str) -> bool:
    return bool(re.search(rf"[{{,]\s*{name}:\s+{_TRUE}\s*[,}}]", text))


def _in_block(block: str, name: str) -> bool:
    indent = _INDENT.search(block)
    start = re.escape(indent[0]) if indent else ""
    pattern = rf"^{start}{name}:[ \t]+{_TRUE}[ \t]*(?:[ \t]#.*)?\r?$"
    return bool(re.search(pattern, block, re.MULTILINE))
