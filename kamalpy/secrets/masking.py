"""Masks secret values in text, however they are escaped or encoded there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

SHORTEST = 4
"""Shorter values are too common in any text to be masked."""
_WORDS = frozenset({"true", "false", "null", "none"})
_TOKEN = re.compile(r"[A-Za-z0-9+/_-]{4,}")
_RUN = re.compile(r"[A-Za-z0-9]+")
_PIECE = 8  # the shortest part of a value in base64 that is masked on a line of its own


@dataclass(frozen=True, slots=True)
class _Part:
    """A text to mask, its secret, and the part of it that nothing escapes."""

    text: str
    name: str
    plain: str


class Masks:
    """
    The values that a text must not show.

    ``hide`` replaces a value by ``*NAME*``: as it is, line by line, quoted for a shell, in JSON,
    in URLs, in HTML, in base64 at any offset.
    """

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._open: set[str] = set(_WORDS)
        self._parts: list[_Part] | None = None
        self._patterns: dict[tuple[str, ...], re.Pattern[str]] = {}
        self._encoded: list[tuple[str, str]] = []
        self._short: list[str] = []
        self._pieces: frozenset[str] = frozenset()

    def add(self, name: str, value: str) -> None:
        """Mask a value from now on; the first name of a value is the one that is shown."""
        if value not in self._values:
            self._values[value] = name
            self._parts = None

    def exclude(self, words: Iterable[str]) -> None:
        """Never mask these words, even if a secret has the same value."""
        self._open.update(words)
        self._parts = None

    def hide(self, text: str) -> str:
        """Return a text without any of the values."""
        if not self._values:
            return text
        parts = self._prepared() if self._parts is None else self._parts
        text = self._hide_encoded(text)
        found = [part for part in parts if part.plain in text]
        return self._pattern(found).sub(_mask(found), text) if found else text

    def masked_reader(self, name: str, read: Callable[[], str]) -> Callable[[], str]:
        """Return a function that reads a value and masks it from then on."""

        def read_masked() -> str:
            value = read()
            self.add(name, value)
            return value

        return read_masked

    def _prepared(self) -> list[_Part]:
        from kamalpy.secrets.encodings import base64_cores

        names = {text: name for value, name in self._values.items() for text in self._texts(value)}
        longest_first = sorted(names, key=len, reverse=True)
        self._parts = [_Part(text, names[text], _plain(text)) for text in longest_first]
        self._patterns = {}
        self._encoded = [(c, names[text]) for text in longest_first for c in base64_cores(text)]
        cores = [core for core, _ in self._encoded]
        self._short = [core for core in cores if len(core) < _PIECE]
        self._pieces = frozenset(piece for core in cores for piece in _pieces(core))
        return self._parts

    def _texts(self, value: str) -> Iterator[str]:
        """Yield a value, and each of its lines: output is shown line by line."""
        for part in dict.fromkeys((value, *(line.strip() for line in value.splitlines()))):
            if len(part.strip()) >= SHORTEST and part not in self._open:
                yield part

    def _pattern(self, parts: Sequence[_Part]) -> re.Pattern[str]:
        texts = tuple(part.text for part in parts)
        if texts not in self._patterns:
            from kamalpy.secrets.encodings import escaped_pattern

            patterns = (f"({escaped_pattern(text)})" for text in texts)
            self._patterns[texts] = re.compile("|".join(patterns))
        return self._patterns[texts]

    def _hide_encoded(self, text: str) -> str:
        return _TOKEN.sub(lambda found: self._decoded(found[0]), text)

    def _may_hold(self, token: str) -> bool:
        """Return quickly whether a token may contain base64 of a value; hardly any does."""
        return any(core in token for core in self._short) or any(
            piece in self._pieces for piece in _pieces(token)
        )

    def _decoded(self, token: str) -> str:
        plain = token.replace("-", "+").replace("_", "/")
        if not self._may_hold(plain):
            return token
        for core, name in self._encoded:
            place = _place(core, plain)
            if place is not None:
                start, end = place
                return f"{self._decoded(token[:start])}*{name}*{self._decoded(token[end:])}"
        return token


def _plain(text: str) -> str:
    """Find the longest run of letters and digits, which nothing escapes."""
    return max(_RUN.findall(text), key=len, default="")


def _mask(parts: Sequence[_Part]) -> Callable[[re.Match[str]], str]:
    return lambda found: f"*{parts[(found.lastindex or 1) - 1].name}*"


def _pieces(text: str) -> Iterator[str]:
    return (text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1))


def _place(core: str, text: str) -> tuple[int, int] | None:
    """Find base64 in base64, or the part of it that is on one of several lines."""
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
