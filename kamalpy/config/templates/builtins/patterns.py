"""Methods that look for a regular expression, or for plain text in its place."""

from __future__ import annotations

from kamalpy.config.templates.matcher import search
from kamalpy.config.templates.regexp import compile_regexp
from kamalpy.config.templates.values import Match, Module, Regexp, Symbol, Value

from .methods import Call, Methods, wrong_kind

_SPECIAL = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f", "\v": "\\v", " ": "\\ "}


def regexp_of(value: Value, call: Call) -> Regexp:
    """A regular expression, made from text if need be."""
    if isinstance(value, Regexp):
        return value
    if isinstance(value, str):
        return make(value, "", call)
    raise wrong_kind(value, "Regexp")


def make(source: str, flags: str, call: Call) -> Regexp:
    """Read a regular expression."""
    call.meter.spend(10 + len(source))
    program = compile_regexp(source, flags)
    call.meter.spend(len(program.steps))
    return Regexp(source, flags, program)


def find(pattern: Regexp, text: str, start: int, call: Call) -> Match | None:
    """The first match from a place on."""
    slots = search(pattern.program, text, start, call.meter)
    if slots is None:
        return None
    edges = zip(slots[::2], slots[1::2], strict=True)
    return Match(
        pattern, text, tuple((low, high) if low >= 0 and high >= 0 else None for low, high in edges)
    )


def matched(pattern: Value, text: str, start: int, call: Call) -> Match | None:
    """As ``find``, for a pattern that may be text; ``$~`` and ``$1`` tell of it afterwards."""
    found = find(regexp_of(pattern, call), text, start, call)
    call.world.last_match = found
    return found


def _index_of_match(call: Call, text: str, pattern: Value) -> Value:
    if isinstance(pattern, str):
        raise wrong_kind(pattern, "Regexp")
    if pattern is None:
        return None
    found = matched(pattern, text, 0, call)
    return found.spans[0][0] if found and found.spans[0] else None


def _match(call: Call, text: str, pattern: Value) -> Value:
    return matched(pattern, text, 0, call)


def _matches(call: Call, text: str, pattern: Value) -> bool:
    return find(regexp_of(pattern, call), text, 0, call) is not None


def _index(call: Call, text: str, wanted: Value, start: int = 0) -> Value:
    start = start + len(text) if start < 0 else start
    if not 0 <= start <= len(text):
        return None
    if isinstance(wanted, str):
        found = text.find(wanted, start)
        return found if found >= 0 else None
    match = matched(wanted, text, start, call)
    return match.spans[0][0] if match and match.spans[0] else None


def _rindex(call: Call, text: str, wanted: str) -> Value:
    found = text.rfind(wanted)
    return found if found >= 0 else None


PATTERNS: Methods = {
    "=~": _index_of_match,
    "index": _index,
    "match": _match,
    "match?": _matches,
    "rindex": _rindex,
}


def _text_of(value: Value) -> str | None:
    if isinstance(value, Symbol):
        return value.name
    return value if isinstance(value, str) else None


def _regexp_equal(call: Call, pattern: Regexp, value: Value) -> bool:
    text = _text_of(value)
    return text is not None and matched(pattern, text, 0, call) is not None


def _regexp_index(call: Call, pattern: Regexp, value: Value) -> Value:
    text = _text_of(value)
    return None if text is None else _index_of_match(call, text, pattern)


def _regexp_match(call: Call, pattern: Regexp, value: Value) -> Value:
    text = _text_of(value)
    return None if text is None else matched(pattern, text, 0, call)


def _regexp_matches(call: Call, pattern: Regexp, value: Value) -> bool:
    text = _text_of(value)
    return text is not None and find(pattern, text, 0, call) is not None


REGEXP: Methods = {
    "===": _regexp_equal,
    "=~": _regexp_index,
    "match": _regexp_match,
    "match?": _regexp_matches,
    "source": lambda call, pattern: pattern.source,
}


def _new(call: Call, module: Module, source: Value) -> Value:
    return regexp_of(source, call)


def _escape(call: Call, module: Module, text: str) -> str:
    return "".join(
        _SPECIAL.get(character, f"\\{character}")
        if character in _SPECIAL or character in ".*?+^$|\\()[]{}-#"
        else character
        for character in text
    )


REGEXP_CLASS: Methods = {"escape": _escape, "new": _new, "quote": _escape}
