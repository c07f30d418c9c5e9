"""What an unquoted word of YAML is: Psych's reading of YAML 1.1, rule by rule."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

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
WORDS = {"~": None, "null": None, "yes": True, "true": True, "on": True}
WORDS |= {"no": False, "false": False, "off": False}
SPECIAL_FLOATS = {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf")}
SPECIAL_FLOATS |= {".nan": float("nan")}


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
