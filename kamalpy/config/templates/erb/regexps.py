"""Ruby's regular expressions as Python's, where both mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import LimitError, UnsupportedError

from .values import Regexp

_TOKEN = re.compile(
    r"\\(?P<escape>.)|(?P<set>\[\^?(?:\\.|\[:\w+:\]|[^\]\\\[])+\])|(?P<open>\((?:\?:|\?<\w+>)?)"
    r"|(?P<repeat>[*+?]|\{\d*,?\d+\}|\{\d+,\})(?P<lazy>[?+*]*)|(?P<mark>[)|^$.])|(?P<plain>.)",
    re.DOTALL,
)
_IN_SET = re.compile(r"\[:(\w+):\]|\\(.)|(--|&&)|([&|~])", re.DOTALL)
_SAME = {letter: f"\\{letter}" for letter in "dDwWsSnrtfv"}
_ESCAPES = _SAME | {
    "A": r"\A", "z": r"\Z", "Z": r"(?=\n?\Z)", "b": r"\b", "h": "[0-9a-fA-F]",
}  # fmt: skip
_POSIX = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z",
    "space": r"\s", "word": r"\w", "xdigit": "0-9a-fA-F",
}  # fmt: skip
_ASCII_ONLY = re.compile(r"\\b|\[:")
_LINE_START = r"(?:\A|(?<=\n)(?!\Z))"  # Ruby's ^ does not match after the last line break
_MOST_WAYS = 50_000_000
_WAYS_PER_STEP = 100


def compile_regexp(source: str, flags: str, meter: Meter) -> Regexp:
    """Translate a regular expression, or refuse it."""
    meter.spend(len(source))
    try:
        return _Translation(source, flags).regexp()
    except (re.error, KeyError, OverflowError, RecursionError):
        jinja = "{{ text | replace('a', 'b') }}"
        raise UnsupportedError("this regular expression", jinja) from None


class _Translation:
    """Translates one pattern, and notes what can make Python's search slow."""

    def __init__(self, source: str, flags: str) -> None:
        self._source = source
        self._letters = flags
        self._flags = re.MULTILINE | re.ASCII | (re.IGNORECASE if "i" in flags else 0)
        self._flags |= re.DOTALL if "m" in flags else 0
        self._repeated: list[str] = []
        self._choices = 1
        self._groups = [False]  # of each open group: whether repeating it could explode
        self._atom = ""  # what a quantifier repeats: a character, a group, or nothing

    def regexp(self) -> Regexp:
        named = "(?<" in self._source
        if set(self._letters) - set("im") or (named and re.search(r"\((?!\?)", self._source)):
            raise KeyError(self._letters)
        text = "".join(self._piece(found) for found in _TOKEN.finditer(self._source))
        repeated = tuple(re.compile(f"(?:{atom})+", self._flags) for atom in self._repeated)
        ascii_only = "i" in self._letters or bool(_ASCII_ONLY.search(self._source))
        pattern = re.compile(text, self._flags)
        return Regexp(self._source, self._letters, pattern, repeated, self._choices, ascii_only)

    def _piece(self, found: re.Match[str]) -> str:
        if found["repeat"]:
            return self._quantifier(found["repeat"], found["lazy"])
        self._atom = ""
        if found["open"]:
            self._groups.append(False)
            return found["open"].replace("?<", "?P<")
        if found["mark"]:
            return self._mark(found["mark"])
        if found["set"]:
            self._atom = _IN_SET.sub(_set_item, found["set"])
        elif found["escape"]:
            text = _escaped(found["escape"], _ESCAPES)
            self._atom = "" if found["escape"] in "AzZb" else text
            return text
        elif found["plain"] in "[]{}\\":
            raise KeyError(found["plain"])
        else:
            self._atom = re.escape(found["plain"])
        return self._atom

    def _mark(self, mark: str) -> str:
        if mark == ")" and len(self._groups) > 1:
            explodes = self._groups.pop()
            self._groups[-1] |= explodes
            self._atom = "((" if explodes else "("
        elif mark == "|":
            self._choices += 1
            self._groups[-1] = True
        elif mark == ".":
            self._atom = "."
        return _LINE_START if mark == "^" else mark

    def _quantifier(self, quantifier: str, lazy: str) -> str:
        atom, self._atom = self._atom, ""
        if not atom or lazy not in ("", "?") or (atom == "((" and quantifier != "?"):
            raise KeyError(quantifier)
        self._groups[-1] = True
        if quantifier == "?":
            self._choices *= 2
        else:
            self._repeated.append(r"[\s\S]" if atom == "(" else atom)
        return quantifier.replace("{,", "{0,") + lazy


def _escaped(letter: str, known: dict[str, str]) -> str:
    return known[letter] if letter.isalnum() else re.escape(letter)


def _set_item(found: re.Match[str]) -> str:
    if found[1]:
        return _POSIX[found[1]]
    if found[3]:
        raise KeyError(found[3])
    return _escaped(found[2], _SAME | {"h": "0-9a-fA-F"}) if found[2] else f"\\{found[4]}"


def search(regexp: Regexp, text: str, meter: Meter) -> re.Match[str] | None:
    """Find the first match."""
    return next(matches(regexp, text, meter), None)


def matches(regexp: Regexp, text: str, meter: Meter) -> Iterator[re.Match[str]]:
    """Find all matches."""
    _spend(regexp, text, meter)
    for found in regexp.pattern.finditer(text):
        meter.spend()
        yield found


def _spend(regexp: Regexp, text: str, meter: Meter) -> None:
    """Count in how many ways the text could match: each repetition at its longest run."""
    if regexp.ascii_only and not text.isascii():
        raise UnsupportedError("text other than ASCII with this regular expression")
    ways = (len(text) + 1) * regexp.choices
    for run in regexp.repeated:
        meter.spend(len(text) // 100)
        ways *= 1 + max((found.end() - found.start() for found in run.finditer(text)), default=0)
    if ways > _MOST_WAYS:
        what = "this regular expression could take too long with this text"
        raise LimitError(what, "repeat less in it, or shorten the text")
    meter.spend(ways // _WAYS_PER_STEP)
