"""The kinds of values a flag takes, with the complaints of Go's own parsers."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from standin.durations import format_duration, parse_duration

_TRUE = {"1", "t", "T", "TRUE", "true", "True"}
_FALSE = {"0", "f", "F", "FALSE", "false", "False"}


class Kind(NamedTuple):
    """One kind: its word in the help, how to read it, how to show a default."""

    word: str
    parse: Callable[[str], Any]
    show: Callable[[Any], str]


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text):
        raise ValueError(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    if not -(1 << 63) <= int(text) < 1 << 63:
        raise ValueError(f'strconv.ParseInt: parsing "{text}": value out of range')
    return int(text)


def _boolean(text: str) -> bool:
    if text not in _TRUE | _FALSE:
        raise ValueError(f'strconv.ParseBool: parsing "{text}": invalid syntax')
    return text in _TRUE


def _strings(text: str) -> list[str]:
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        raise ValueError(f"parse error on line 1: {error}") from error


INTEGER = Kind("int", _integer, lambda value: str(value) if value else "")
BOOLEAN = Kind("", _boolean, lambda value: "true" if value else "")
DURATION = Kind("duration", parse_duration, format_duration)
STRING = Kind("string", str, lambda value: f'"{value}"' if value else "")
STRINGS = Kind("strings", _strings, lambda value: "")
