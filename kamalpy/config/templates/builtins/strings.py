"""Methods of strings: asking, trimming, cases, padding, numbers."""

from __future__ import annotations

import re

from kamalpy.config.templates.limits import MAX_SIZE
from kamalpy.config.templates.trouble import Beyond, RubyError
from kamalpy.config.templates.values import Symbol, Value, same

from .cutting import CUTTING
from .formatting import format_string
from .methods import Call, Methods
from .patterns import PATTERNS, matched
from .replacing import REPLACING

_SPACE = " \t\n\v\f\r"
_INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?\d+(?:_\d+)*)", re.ASCII)
_FLOAT = re.compile(
    r"[ \t\n\v\f\r]*([+-]?(?:\d+(?:_\d+)*)?(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?)", re.ASCII
)
_MAX_DIGITS = 1_000


def _add(call: Call, text: str, other: str) -> str:
    return call.sized(text + other)


def _times(call: Call, text: str, count: int) -> str:
    if count < 0:
        raise RubyError("ArgumentError", "a string cannot be repeated less than 0 times")
    call.meter.room(min(len(text) * count, MAX_SIZE + 1))
    return text * count


def _chomp(call: Call, text: str, end: str | None = "\n") -> str:
    if end == "\n":
        return text[:-2] if text.endswith("\r\n") else re.sub(r"[\r\n]\Z", "", text)
    if end == "":
        return re.sub(r"(?:\r?\n)+\Z", "", text)
    return text.removesuffix(end or "")


def _chop(call: Call, text: str) -> str:
    return text[:-2] if text.endswith("\r\n") else text[:-1]


def _starts(call: Call, text: str, *starts: Value) -> bool:
    for start in starts:
        if isinstance(start, str):
            if text.startswith(start):
                return True
        else:
            found = matched(start, text, 0, call)
            if found is not None and found.spans[0] is not None and found.spans[0][0] == 0:
                return True
    return False


def _to_i(call: Call, text: str, base: int = 10) -> int:
    if base != 10:
        raise Beyond("a base other than 10 for .to_i")
    found = _INTEGER.match(text)
    digits = found[1].replace("_", "") if found else "0"
    if len(digits) > _MAX_DIGITS:
        raise Beyond("a number of that many digits")
    return int(digits)


def _to_f(call: Call, text: str) -> float:
    found = _FLOAT.match(text)
    digits = found[1].replace("_", "") if found else ""
    return float(digits) if any(map(str.isdecimal, digits.partition("e")[0])) else 0.0


def _pad(call: Call, text: str, width: int, pad: str, before: int, after: int) -> str:
    if not pad:
        raise RubyError("ArgumentError", f".{call.name} needs something to fill up with")
    call.meter.room(max(width, 0))
    left = (pad * (before // len(pad) + 1))[:before] if before > 0 else ""
    right = (pad * (after // len(pad) + 1))[:after] if after > 0 else ""
    return left + text + right


def _ljust(call: Call, text: str, width: int, pad: str = " ") -> str:
    return _pad(call, text, width, pad, 0, width - len(text))


def _rjust(call: Call, text: str, width: int, pad: str = " ") -> str:
    return _pad(call, text, width, pad, width - len(text), 0)


def _center(call: Call, text: str, width: int, pad: str = " ") -> str:
    missing = max(width - len(text), 0)
    return _pad(call, text, width, pad, missing // 2, missing - missing // 2)


def _equal(call: Call, text: str, other: Value) -> bool:
    call.meter.spend(len(text) // 1_000)
    return same(text, other, call.meter)


def _ends(call: Call, text: str, *ends: str) -> bool:
    return text.endswith(ends)


def _includes(call: Call, text: str, part: str) -> bool:
    return part in text


def _without_start(call: Call, text: str, start: str) -> str:
    return text.removeprefix(start)


def _without_end(call: Call, text: str, end: str) -> str:
    return text.removesuffix(end)


def _same_letters(call: Call, text: str, other: str) -> bool:
    return text.casefold() == other.casefold()


def _casecmp(call: Call, text: str, other: str) -> int:
    left, right = text.lower(), other.lower()
    return (left > right) - (left < right)


def _capitalize(call: Call, text: str) -> str:
    return text[:1].upper() + text[1:].lower()


def _parameterize(call: Call, text: str, *, separator: Value = "-") -> str:
    if not text.isascii() or not isinstance(separator, str):
        raise Beyond(".parameterize of letters outside of ASCII")
    clean = re.sub(r"[^a-z0-9\-_]+", lambda found: separator, text, flags=re.IGNORECASE)
    if separator:
        mark = re.escape(separator)
        clean = re.sub(rf"(?:{mark}){{2,}}", lambda found: separator, clean)
        clean = re.sub(rf"^{mark}|{mark}$", "", clean)
    return clean.lower()


def _underscore(call: Call, text: str) -> str:
    if not re.search("[A-Z-]|::", text):
        return text
    words = re.sub(r"([A-Z\d]+)([A-Z][a-z])|([a-z\d])([A-Z])", r"\1\3_\2\4", text)
    return words.replace("::", "/").replace("-", "_").lower()


def _in_place(call: Call, text: str, *arguments: Value) -> Value:
    plain = call.name.rstrip("!")
    adds = call.name in ("<<", "concat")
    instead = "text += other" if adds else f"text = text.{plain}"
    jinja = "{% set text = text ~ other %}" if adds else ""
    raise Beyond(f"`{call.name}`, which changes a string in place ({instead} does not),", jinja)


_CHANGING = (
    "capitalize!", "chomp!", "chop!", "clear", "delete!", "downcase!", "gsub!", "insert",
    "lstrip!", "prepend", "replace", "reverse!", "rstrip!", "squeeze!", "strip!", "sub!",
    "swapcase!", "tr!", "upcase!",
)  # fmt: skip
STRING: Methods = {
    **CUTTING,
    **REPLACING,
    **PATTERNS,
    "%": lambda call, text, values: format_string(text, values, call),
    "*": _times,
    "+": _add,
    "+@": lambda call, text: text,
    "-@": lambda call, text: text,
    "<<": _in_place,
    "==": _equal,
    "===": _equal,
    "ascii_only?": lambda call, text: text.isascii(),
    "b": lambda call, text: text,
    "bytesize": lambda call, text: len(text.encode("utf-8", "surrogatepass")),
    "capitalize": _capitalize,
    "casecmp": _casecmp,
    "casecmp?": _same_letters,
    "center": _center,
    "chomp": _chomp,
    "chop": _chop,
    "concat": _in_place,
    "dasherize": lambda call, text: text.replace("_", "-"),
    "delete_prefix": _without_start,
    "delete_suffix": _without_end,
    "downcase": lambda call, text: text.lower(),
    "empty?": lambda call, text: not text,
    "end_with?": _ends,
    "include?": _includes,
    "intern": lambda call, text: Symbol(text),
    "length": lambda call, text: len(text),
    "ljust": _ljust,
    "lstrip": lambda call, text: text.lstrip(_SPACE + "\0"),
    "parameterize": _parameterize,
    "reverse": lambda call, text: text[::-1],
    "rjust": _rjust,
    "rstrip": lambda call, text: text.rstrip(_SPACE + "\0"),
    "size": lambda call, text: len(text),
    "start_with?": _starts,
    "strip": lambda call, text: text.strip(_SPACE + "\0"),
    "swapcase": lambda call, text: text.swapcase(),
    "to_f": _to_f,
    "to_i": _to_i,
    "to_str": lambda call, text: text,
    "to_sym": lambda call, text: Symbol(text),
    "underscore": _underscore,
    "upcase": lambda call, text: text.upper(),
    **dict.fromkeys(_CHANGING, _in_place),
}
