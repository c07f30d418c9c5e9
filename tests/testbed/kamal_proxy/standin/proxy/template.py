"""As much of Go's templates as an error page needs: the message, and whether there is one."""

from __future__ import annotations

import re
from enum import Enum, auto

_ACTION = re.compile(r"(?:\s*\{\{- |\{\{)(.*?)(?: -\}\}\s*|\}\})", re.DOTALL)
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;", "+": "&#43;"}
)


class TemplateError(Exception):
    """The template is wrong, or beyond what the stand-in understands."""


class _Part(Enum):
    MESSAGE = auto()
    IF = auto()
    ELSE = auto()
    END = auto()
    COMMENT = auto()


_ACTIONS = (
    (re.compile(r"\.Message"), _Part.MESSAGE),
    (re.compile(r"if\s+\.Message"), _Part.IF),
    (re.compile(r"else"), _Part.ELSE),
    (re.compile(r"end"), _Part.END),
    (re.compile(r"/\*.*\*/", re.DOTALL), _Part.COMMENT),
)


class Template:
    """One page."""

    def __init__(self, text: str) -> None:
        self._parts: list[str | _Part] = []
        depth = position = 0
        for action in _ACTION.finditer(text):
            part = _part(action[1].strip(), depth)
            depth += {_Part.IF: 1, _Part.END: -1}.get(part, 0)
            self._parts += [_literal(text[position : action.start()]), part]
            position = action.end()
        self._parts.append(_literal(text[position:]))
        if depth:
            raise TemplateError("unexpected EOF")

    def render(self, message: str | None) -> str:
        """The page with the message in it, escaped for HTML."""
        shown, page = [True], []
        for part in self._parts:
            if part is _Part.IF:
                shown.append(bool(message))
            elif part is _Part.ELSE:
                shown[-1] = not shown[-1]
            elif part is _Part.END:
                shown.pop()
            elif all(shown):
                page.append(_text(part, message))
        return "".join(page)


def _part(action: str, depth: int) -> _Part:
    part = next((part for pattern, part in _ACTIONS if pattern.fullmatch(action)), None)
    if part is None or (part in (_Part.ELSE, _Part.END) and not depth):
        raise TemplateError(f'unexpected "{action}"')
    return part


def _literal(text: str) -> str:
    if "{{" in text:
        raise TemplateError("unclosed action")
    return text


def _text(part: str | _Part, message: str | None) -> str:
    if isinstance(part, str):
        return part
    return (message or "").translate(_ESCAPES) if part is _Part.MESSAGE else ""
