"""The value of a scalar: by its tag, or as Psych reads an unquoted word of YAML 1.1."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import yaml

from kamalpy.config.document.ruby import Octal, Symbol

WORD = re.compile(r"[^0-9.:\-]?(?:[^\W\d_]|[_ \t\r\n\f\v!@#$%^&*(){}<>|/\\~;=])+")
TIME = re.compile(
    r"^-?(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]|\s+)(\d{1,2}):(\d\d):(\d\d)(?:\.(\d*))?"
    r"(?:\s*(?:(Z)|([-+]\d{1,2}):?(\d\d)?))?$",
    re.M | re.A,
)
DATE = re.compile(r"^(\d{4})-(1[012]|0\d|\d)-([12]\d|3[01]|0\d|\d)$", re.M | re.A)
SEXAGESIMAL = re.compile(r"^[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}$", re.M)
SEXAGESIMAL_FLOAT = re.compile(r"^[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}\.[0-9_]*$", re.M)
FLOAT = re.compile(r"^[-+]?([0-9][0-9_,]*)?\.[0-9]*([eE][-+][0-9]+)?$", re.M)
INTEGER = re.compile(
    r"^(?:[-+]?0b[_,]*[0-1][0-1_,]*"
    r"|[-+]?0[_,]*[0-7][0-7_,]*"
    r"|[-+]?(?:0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)"
    r"|[-+]?0x[_,]*[0-9a-fA-F][0-9a-fA-F_,]*)$",
    re.M,
)
LONGEST_NUMBER = 300
TEXT = ("!str", "tag:yaml.org,2002:str", "!ruby/string")
BINARY = ("!binary", "tag:yaml.org,2002:binary")
FLOAT_TAG = ("!float", "tag:yaml.org,2002:float")
SYMBOL = ("!ruby/symbol", "!ruby/sym")
WORDS = {"~": None, "null": None, "yes": True, "true": True, "on": True}
WORDS |= {"no": False, "false": False, "off": False}
SPECIAL_FLOATS = {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf")}
SPECIAL_FLOATS |= {".nan": float("nan")}


class TagError(ValueError):
    """A tag beyond YAML's own values."""


def scalar_value(event: yaml.ScalarEvent) -> Any:
    """Read one scalar: quoted text, a tagged value, or an unquoted word."""
    if event.tag is None or event.tag == "!":
        return scan(event.value) if event.implicit[0] else event.value
    return _tagged(event.tag, event.value)


def _tagged(tag: str, value: str) -> Any:
    if tag in TEXT:
        return value
    if tag in SYMBOL:
        return Symbol(value)
    if tag in BINARY:
        return _binary(value)
    if tag in FLOAT_TAG:
        return _tagged_float(scan(value))
    refuse_objects(tag)
    return scan(value)


def refuse_objects(tag: str | None) -> None:
    """Refuse a tag that would make an object of a Ruby class."""
    if tag is not None and tag.startswith("!ruby/"):
        raise TagError(f"{tag} is an object of Ruby")


def _binary(value: str) -> str:
    try:
        return base64.b64decode(value).decode("utf-8", "replace")
    except binascii.Error:
        raise TagError("!binary needs base64") from None


def _tagged_float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TagError("!!float needs a number") from None


def scan(word: str) -> Any:
    """Read a plain scalar: null, boolean, number, date, time, symbol, or the word itself."""
    if not word:
        return None
    if WORD.match(word) or "\n" in word:
        return WORDS.get(word.lower(), word)
    if word.lower() in SPECIAL_FLOATS:
        return SPECIAL_FLOATS[word.lower()]
    if word.startswith(":") and len(word) > 1:
        return _symbol(word)
    if len(word) > LONGEST_NUMBER:
        return word
    return next((read(word) for pattern, read in READERS if pattern.search(word)), word)


def _symbol(word: str) -> Symbol:
    quoted = re.match(r""":(["'])(.*)\1""", word)
    return Symbol(quoted.group(2).removeprefix(":") if quoted else word[1:])


def _time(word: str) -> Any:
    match = TIME.search(word)
    if match is None:
        return word
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction = int((match.group(7) or "").ljust(6, "0")[:6])
    shift = timedelta(hours=int(match.group(9) or 0), minutes=int(match.group(10) or 0))
    try:
        zone = timezone(shift)
        return datetime(year, month, day, hour, minute, second, fraction, tzinfo=zone)
    except ValueError:
        return word


def _date(word: str) -> Any:
    match = DATE.search(word)
    try:
        return date(*(int(part) for part in match.groups())) if match else word
    except ValueError:
        return word


def _sexagesimal(word: str) -> int:
    return sum(int(part) * 60 ** abs(place - 2) for place, part in enumerate(word.split(":")))


def _sexagesimal_float(word: str) -> float:
    parts = (part.replace("_", "") for part in word.split(":"))
    return sum(float(part) * float(60 ** abs(place - 2)) for place, part in enumerate(parts))


def _float(word: str) -> Any:
    try:
        return float(word.replace(",", "").replace("_", ""))
    except ValueError:
        return word


def _integer(word: str) -> int:
    digits = re.sub("[,_]", "", word)
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-").lower()
    if digits.startswith(("0x", "0b")):
        return sign * int(digits, 0)
    if digits.startswith("0") and digits != "0":
        return Octal(sign * int(digits, 8), word)
    return sign * int(digits)


READERS: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (TIME, _time),
    (DATE, _date),
    (SEXAGESIMAL, _sexagesimal),
    (SEXAGESIMAL_FLOAT, _sexagesimal_float),
    (FLOAT, _float),
    (INTEGER, _integer),
)
