"""YAML syntax errors, with line, caret and fix."""

from __future__ import annotations

import re
from collections.abc import Sequence as Lines
from dataclasses import dataclass
from typing import Any

import yaml

from kamalpy.errors import Problem

BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
QUOTES = "put the value in quotes"
COLON = "put a value with a colon in quotes, fix the indentation, or add a colon that is missing"
HINTS = (
    ("cannot start any token", QUOTES),
    ("scanning an alias", 'put a value that begins with "*" in quotes'),
    ("scanning an anchor", 'put a value that begins with "&" in quotes'),
    ("mapping values are not allowed", COLON),
    ("did not find expected key", "begin the keys of one section in the same column"),
    ("could not find expected ':'", 'write a colon and a space after the key, as in "key: value"'),
    ("unexpected end of stream", "close the quotes that are opened here"),
    ("expected ',' or", "close the bracket that is opened here"),
    ("did not find expected node content", QUOTES),
    ("undefined tag", 'put a value that begins with "!" in quotes'),
    ("control characters", "remove the control character"),
    ("special characters", "remove the control character"),
)
QUOTED = re.compile(r", but (?:found|got) .*| '[^']*'(?= that)", re.DOTALL)
"""What PyYAML's own parser quotes, unlike libyaml: it may be a part of a secret."""
OPENED = ("unexpected end of stream", "expected ',' or")
"""Mistakes that are fixed where something was opened, not where it was missed."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A file as written and as rendered, with the source line of each rendered line."""

    source: str
    rendered: str
    lines: Lines[int] = ()

    def line(self, number: int) -> int:
        """Return the line of the file, from 1, for a line of the rendered text."""
        return self.lines[number] if number < len(self.lines) else number + 1

    def excerpt(self, mark: Any) -> str:
        """Show the line as it is written, never as rendered: a template may put secrets there."""
        written = _line(self.source, self.line(mark.line) - 1)
        if not written.strip():
            return ""
        same = written == _line(self.rendered, mark.line)
        return f"\n    {written}" + (f"\n    {' ' * mark.column}^" if same else "")

    def is_tab(self, mark: Any) -> bool:
        """Tell whether a tab stands at a mark."""
        return _line(self.rendered, mark.line)[mark.column : mark.column + 1] == "\t"


def syntax_problem(error: yaml.YAMLError, file: str, texts: Texts) -> Problem:
    """Convert a YAML error to a problem, with line and fix."""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    context = getattr(error, "context", None)
    what = f"not valid YAML: {QUOTED.sub('', problem)}" + (f" {context}" if context else "")
    how = next((hint for words, hint in HINTS if words in what), "fix the YAML here")
    mark = _mark(error, problem)
    if mark is None:
        return Problem(what, how, file=file)
    if texts.is_tab(mark):
        how = "indent with spaces, never with tabs"
    return Problem(what, how + texts.excerpt(mark), file=file, line=texts.line(mark.line))


def _mark(error: yaml.YAMLError, problem: str) -> Any:
    opened = getattr(error, "context_mark", None)
    if opened is not None and any(words in problem for words in OPENED):
        return opened
    return getattr(error, "problem_mark", None)


def _line(text: str, number: int) -> str:
    lines = BREAK.split(text)
    return lines[number] if number < len(lines) else ""
