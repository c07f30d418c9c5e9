"""How shells, JSON, URLs, HTML and base64 write a value."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator

from kamalpy.secrets.text import encode

_UNIT = re.compile(r"(\\*)(.?)", re.DOTALL)
_PLAIN = re.compile(r"[A-Za-z0-9]")
_BACKSLASH = r"(?:\\|%(?:25)*5[cC])"
_LETTERS = {
    "\n": "n",
    "\r": "r",
    "\t": "t",
    "\b": "b",
    "\f": "f",
    "\v": "v",
    "\a": "a",
    "\x1b": "[eE]",
}
# A shell's quotes closed before a character, and opened again after it.
_REOPENED = {"'": (r"'\\+''", "'\"'\"'"), "\n": (r"'\$'\\n''", "'\n'"), "\t": (r"'\$'\\t''",)}
_SHORTEST = 4


def escaped_pattern(value: str) -> str:
    """Return a pattern of a value that may be escaped in any usual way, any number of times."""
    return "".join(_unit(*found.groups()) for found in _UNIT.finditer(value) if found[0])


def base64_cores(value: str) -> Iterator[str]:
    """Yield the base64 of a value, for each offset of it in the encoded text."""
    try:
        content = encode(value)
    except UnicodeEncodeError:
        return
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + content).decode()
        # A letter holds six bits: those shared with the text around it are unknown.
        core = whole[-(-before * 8 // 6) : (before + len(content)) * 8 // 6]
        if len(core) >= _SHORTEST:
            yield core


def _unit(backslashes: str, character: str) -> str:
    """Match backslashes and the character after them; each level of escaping adds some."""
    count = len(backslashes)
    if not count and _PLAIN.match(character):
        return character
    head = f"{_BACKSLASH}{{{count},}}" if count else f"{_BACKSLASH}*"
    if not character:
        return head
    if _PLAIN.match(character):
        return f"{head}{character}"
    as_itself = "|".join(_without_backslash(character))
    escaped = "|".join(_escaped(character))
    return f"(?:{head}(?:{as_itself})|{_BACKSLASH}{{{count + 1},}}(?:{escaped}))"


def _without_backslash(character: str) -> Iterator[str]:
    """Yield the forms that need no backslash: quotes of a shell, URLs, HTML."""
    yield from _REOPENED.get(character, ())
    yield "".join(f"%(?:25)*(?i:{byte:02x})" for byte in _bytes(character))
    yield re.escape(html.escape(character))
    yield rf"&\#0*{ord(character)};"
    yield rf"(?i:&\#x0*{ord(character):x};)"
    yield re.escape(character)
    if character == " ":
        yield r"\+"


def _escaped(character: str) -> Iterator[str]:
    """Yield what may follow a backslash: a letter, or a number."""
    if character in _LETTERS:
        yield _LETTERS[character]
    units = character.encode("utf-16-be", "surrogatepass").hex(" ", 2).split()
    yield "(?i:u{})".format(r"\\+u".join(units))
    yield f"(?i:u\\{{?0*{ord(character):x}\\}}?)"
    yield "(?i:x{})".format(r"\\+x".join(f"{byte:02x}" for byte in _bytes(character)))
    yield r"\\+".join(f"{byte:03o}" for byte in _bytes(character))
    if ord(character) < 256:
        yield f"(?i:x{ord(character):02x})"


def _bytes(character: str) -> bytes:
    try:
        return encode(character)
    except UnicodeEncodeError:
        return character.encode("utf-8", "surrogatepass")
