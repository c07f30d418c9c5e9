"""Ruby's regular expressions as Python's, where both mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import LimitError, UnsupportedError

from .values import Regexp

_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<set>\[\^?(?:\\.|\[:\w+:\]|[^\]\\\[])+\])|(?P<open>\((?:\?:|\?<\w+>)?)"
    r"|(?P<repeat>(?:[*+?]|\{\d*,?\d+\}|\{\d+,\})\??)(?![*+?])|(?P<mark>[)|^$])|(?P<plain>[^\[\]{}\\?*+])",
    re.DOTALL,
)
_IN_SET = re.compile(r"\[:(\w+):\]|(\\.)|--|&&|[&|~]", re.DOTALL)
_ESCAPES = {rf"\{letter}": rf"\{letter}" for letter in "dDwWsSnrtfvAb"} | {
    r"\z": r"\Z", r"\Z": r"(?=\n?\Z)", r"\h": "[0-9a-fA-F]",
}  # fmt: skip
_POSIX = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z",
    "space": r"\s", "word": r"\w", "xdigit": "0-9a-fA-F",
}  # fmt: skip
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
        self.source = source
        self.letters = flags
        self.flags = re.MULTILINE | re.ASCII | (re.IGNORECASE if "i" in flags else 0)
        self.flags |= re.DOTALL if "m" in flags else 0
        self.repeated: list[str] = []
        self.choices = 1
        self._groups = [False]  # of each open group: whether repeating it could explode
        self._atom = ""  # what a quantifier repeats: a character, a group, or nothing

    def regexp(self) -> Regexp:
        named = "(?<" in self.source and re.search(r"\((?!\?)", self.source)
        tokens = list(_TOKEN.finditer(self.source))
        whole = "".join(token[0] for token in tokens) == self.source
        if named or not whole or set(self.letters) - set("im"):
            raise KeyError(self.source)
        text = "".join(getattr(self, f"_{token.lastgroup}")(token[0]) for token in tokens)
        repeated = tuple(re.compile(f"(?:{atom})+", self.flags) for atom in self.repeated)
        ascii_only = "i" in self.letters or r"\b" in self.source or "[:" in self.source
        pattern = re.compile(text, self.flags)
        return Regexp(self.source, self.letters, pattern, repeated, self.choices, ascii_only)

    def _escape(self, text: str) -> str:
        escaped = _ESCAPES[text] if text[1].isalnum() else text
        self._atom = "" if text[1] in "AzZb" else escaped
        return escaped

    def _plain(self, text: str) -> str:
        self._atom = text if text == "." else re.escape(text)
        return self._atom

    def _set(self, text: str) -> str:
        self._atom = _IN_SET.sub(_set_item, text)
        return self._atom

    def _open(self, text: str) -> str:
        self._groups.append(False)
        self._atom = ""
        return text.replace("?<", "?P<")

    def _mark(self, text: str) -> str:
        self._atom = ""
        if text == ")" and len(self._groups) > 1:
            explodes = self._groups.pop()
            self._groups[-1] |= explodes
            self._atom = "((" if explodes else "("
        elif text == "|":
            self.choices += 1
            self._groups[-1] = True
        return _LINE_START if text == "^" else text

    def _repeat(self, text: str) -> str:
        atom, self._atom = self._atom, ""
        if not atom or (atom == "((" and text[0] != "?"):
            raise KeyError(text)
        self._groups[-1] = True
        if text[0] == "?":
            self.choices *= 2
        else:
            self.repeated.append(r"[\s\S]" if atom == "(" else atom)
        return text.replace("{,", "{0,")


def _set_item(found: re.Match[str]) -> str:
    if found[1]:
        return _POSIX[found[1]]
    if found[2]:
        inside = r"0-9a-fA-F" if found[2] == r"\h" else found[2]
        return inside if not found[2][1].isalnum() or found[2][1] in "hdDwWsSnrtfv" else _POSIX[""]
    return f"\\{found[0]}" if len(found[0]) == 1 else _POSIX[""]


def matches(regexp: Regexp, text: str, meter: Meter) -> Iterator[re.Match[str]]:
    """Find all matches; count before in how many ways there could be one, at most."""
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
    for found in regexp.pattern.finditer(text):
        meter.spend()
        yield found
