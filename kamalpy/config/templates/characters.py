"""Which characters the parts of a regular expression stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

Test: TypeAlias = Callable[[str], bool]

ESCAPES: Mapping[str, str] = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "f": "\f",
    "v": "\v",
    "e": "\x1b",
    "a": "\a",
    "0": "\0",
}
POSIX: Mapping[str, Test] = {
    "alpha": str.isalpha,
    "digit": str.isdecimal,
    "alnum": lambda c: c.isalpha() or c.isdecimal(),
    "upper": str.isupper,
    "lower": str.islower,
    "space": str.isspace,
    "punct": lambda c: c.isascii() and c.isprintable() and not c.isalnum() and c != " ",
    "xdigit": lambda c: c in "0123456789abcdefABCDEF",
    "word": lambda c: c == "_" or c.isalpha() or c.isdecimal(),
    "blank": lambda c: c in " \t",
}


def is_word(character: str) -> bool:
    """``\\w``"""
    return character == "_" or (character.isascii() and character.isalnum())


CLASSES: Mapping[str, Test] = {
    "d": lambda c: c in "0123456789",
    "w": is_word,
    "s": lambda c: c in " \t\r\n\f\v",
    "h": lambda c: c in "0123456789abcdefABCDEF",
}
