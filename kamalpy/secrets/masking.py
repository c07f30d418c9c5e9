"""Values that must not show, taken out of text however they are spelled there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from kamalpy.secrets.spellings import encoded, spelled

SHORTEST = 4
"""Values below this length are too common in any text to be told from it."""
_WORDS = frozenset({"true", "false", "null", "none"})
_TOKEN = re.compile(r"[A-Za-z0-9+/_-]{4,}")
_PIECE = 8  # of a value in base64, on a line of its own


class Masks:
    """
    What text must not show.

    ``hide`` puts ``*NAME*`` in the place of a value: as it is, line by line, quoted for a shell,
    in JSON, in URLs, in HTML, in base64 wherever it begins.
    """

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._open: set[str] = set(_WORDS)
        self._pattern: re.Pattern[str] | None = None
        self._names: list[str] = []
        self._encoded: list[tuple[str, str]] = []

    def learn(self, name: str, value: str) -> None:
        """Hide a value from now on; the first name of a value is the one that is shown."""
        if value not in self._values:
            self._values[value] = name
            self._pattern = None

    def spare(self, words: Iterable[str]) -> None:
        """Take words for no secrets, even if they are values: what everybody sees anyway."""
        self._open.update(words)
        self._pattern = None

    def hide(self, text: str) -> str:
        """Return a text without any of the values."""
        if not self._values:
            return text
        if self._pattern is None:
            self._prepare()
        text = self._hide_encoded(text)
        return self._pattern.sub(self._name, text) if self._pattern and self._names else text

    def hearing(self, name: str, read: Callable[[], str]) -> Callable[[], str]:
        """Make a function that hides what it reads."""

        def heard() -> str:
            value = read()
            self.learn(name, value)
            return value

        return heard

    def _prepare(self) -> None:
        known = {text: name for value, name in self._values.items() for text in self._parts(value)}
        longest_first = sorted(known, key=len, reverse=True)
        self._names = [known[text] for text in longest_first]
        self._pattern = re.compile("|".join(f"({spelled(text)})" for text in longest_first))
        self._encoded = [
            (core, known[text]) for text in longest_first for core in encoded(text) if core
        ]

    def _parts(self, value: str) -> Iterator[str]:
        """Give a value, and each of its lines: output is told line by line."""
        for part in dict.fromkeys((value, *(line.strip() for line in value.splitlines()))):
            if len(part.strip()) >= SHORTEST and part not in self._open:
                yield part

    def _name(self, found: re.Match[str]) -> str:
        return f"*{self._names[(found.lastindex or 1) - 1]}*"

    def _hide_encoded(self, text: str) -> str:
        return _TOKEN.sub(lambda found: self._decoded(found[0]), text)

    def _decoded(self, token: str) -> str:
        plain = token.replace("-", "+").replace("_", "/")
        for core, name in self._encoded:
            place = _place(core, plain)
            if place is not None:
                start, end = place
                return f"{self._decoded(token[:start])}*{name}*{self._decoded(token[end:])}"
        return token


def _place(core: str, text: str) -> tuple[int, int] | None:
    """Find base64 in base64, or the part of it that stands in one line of several."""
    if (at := text.find(core)) >= 0:
        return at, at + len(core)
    if len(text) >= _PIECE and text in core:
        return 0, len(text)
    if len(core) < 2 * _PIECE:
        return None
    if (at := text.find(core[:_PIECE])) >= 0 and core.startswith(text[at:]):
        return at, len(text)
    if (at := text.find(core[-_PIECE:])) >= 0 and core.endswith(text[: at + _PIECE]):
        return 0, at + _PIECE
    return None
