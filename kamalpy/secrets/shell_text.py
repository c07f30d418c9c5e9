"""Splits a shell command at its variables and quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_OPEN = re.compile(
    r"""
      (?P<dollar> \\+\$ )
    | (?P<pair> \\. )
    | (?P<variable> \$ (?: [A-Za-z0-9_]+ | \{ [A-Za-z0-9_]+ (?: :- [^{}"'$`]* )? \} ) )
    | (?P<name> \$\{ \#? [A-Za-z0-9_]+ )
    | (?P<nested> \$\( )
    | (?P<mark> ['"()] )
    | (?P<comment> (?<= [\s;&|(] ) \# [^\n]* )
    | (?P<text> [^\\$'"()\#]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_SINGLE = re.compile(
    r"""
      (?P<dollar> \\+\$ )
    | (?P<variable> \$ (?: [A-Za-z0-9_]+ | \{ [A-Za-z0-9_]+ \} ) )
    | (?P<mark> ' )
    | (?P<text> [^\\$']+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_NAME = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Token:
    """
    A piece of a command.

    ``kind`` is ``text``, ``pair`` (a backslash and what it quotes), ``dollar`` (a dollar sign
    that means itself), ``variable``, ``name`` (the beginning of a longer ``${...}``), ``nested``
    (``$(``), ``mark`` (a quote or parenthesis) or ``comment``; ``quoting`` is the quote around it;
    ``depth`` counts the parentheses around it.
    """

    kind: str
    text: str
    start: int
    quoting: str
    depth: int

    @property
    def variable(self) -> str:
        """The variable's name."""
        match = _NAME.search(self.text)
        return match[0] if match else ""


def tokens(text: str) -> Iterator[Token]:
    """Split a command as the shell would, as far as variables are concerned."""
    open_marks: list[str] = []
    at = 0
    while at < len(text):
        innermost = open_marks[-1] if open_marks else ""
        quoting = innermost if innermost != "(" else ""
        match = (_SINGLE if quoting == "'" else _OPEN).match(text, at)
        if match is None:  # pragma: no cover (both patterns take any character)
            return
        kind, piece = match.lastgroup or "text", match[0]
        if kind == "comment" and quoting:
            kind, piece = "text", "#"
        yield Token(kind, piece, at, quoting, open_marks.count("("))
        _follow(open_marks, kind, piece, quoting)
        at += len(piece)


def _follow(open_marks: list[str], kind: str, text: str, quoting: str) -> None:
    if kind == "nested":
        open_marks.append("(")
    elif kind != "mark":
        return
    elif open_marks and open_marks[-1] == {")": "("}.get(text, text) and text != "(":
        open_marks.pop()
    elif not quoting and text != ")":
        open_marks.append(text)


def rewrite(
    text: str, replace: Callable[[str], str | None], *, whole: Callable[[str], bool]
) -> str:
    r"""
    Let a command take variables from elsewhere, whatever quotes they stand in.

    ``replace`` returns the shell variable that holds a name's value, or ``None`` to leave a name
    to the shell; a name that is ``whole`` stays one word even without quotes. As in Kamal, names
    are found in single quotes, too, and ``\$`` is a dollar sign of the shell's.
    """
    return "".join(_rewritten(token, replace, whole) for token in tokens(text))


def _rewritten(
    token: Token, replace: Callable[[str], str | None], whole: Callable[[str], bool]
) -> str:
    if token.kind == "dollar":
        return token.text[1:]
    if token.kind not in {"variable", "name"}:
        return token.text
    name = token.variable
    holder = replace(name)
    if holder is None:
        return token.text
    if token.quoting == "'":
        return f"'\"${{{holder}}}\"'"
    if token.kind == "variable" and "{" not in token.text:
        rewritten = f"${{{holder}}}"
    else:
        rewritten = token.text.replace(name, holder, 1)
    bare = token.kind == "variable" and not token.quoting
    return f'"{rewritten}"' if bare and whole(name) else rewritten
