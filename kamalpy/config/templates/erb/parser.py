"""Parses statements: from a template to its tree."""

from __future__ import annotations

import re

from kamalpy.config.templates.context import Meter
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError

from . import nodes
from .expressions import OTHER_KEYWORDS, Expressions
from .nodes import Call, Node
from .scanner import Segment

_MACRO = "{% macro name(x) %}...{% endmacro %}"
_LOOP = "{% for item in items %}...{% endfor %}"
_UNSUPPORTED: dict[str, tuple[str, str]] = {
    "->": ("a lambda", _MACRO),
    "case": ("`case` (if ... elsif is)", "{% if %}...{% elif %}"),
    "class": ("a class of its own", _MACRO),
    "def": ("a method of its own", _MACRO),
    "defined?": ("`defined?`", "{% if name is defined %}"),
    "for": ("a `for` loop (list.each do |item| is)", _LOOP),
    "module": ("a module of its own", _MACRO),
    "not": ("`not` (! is)", "{{ not value }}"),
    "until": ("an `until` loop (list.each do |item| is)", _LOOP),
    "while": ("a `while` loop (list.each do |item| is)", _LOOP),
} | dict.fromkeys(OTHER_KEYWORDS, ("", "{% if %}...{% endif %}"))
_KEYWORD = re.compile(r"->|defined\?|\w+|[?$].?|\d\w?")


def parse(template: str, meter: Meter, *, trim: bool = True) -> Node:
    """Parse a whole template."""
    parser = Parser(template, meter, trim=trim)
    parser.scopes = [set()]
    body = parser.statements()
    if not parser.at_end():
        raise parser.unexpected()
    return body


class Parser(Expressions):
    """Parses statements."""

    def statements(self, *ends: str) -> Node:
        """Parse statements up to one of these words, from one tag to the next."""
        at = self.offset
        found: list[Node] = []
        while True:
            self.skip_separators()
            if self.at_end():
                segment = self.next_segment()
                if segment is None:
                    return nodes.Sequence(at, tuple(found))
                found += self._segment(segment)
                continue
            if self.sees(*ends):
                return nodes.Sequence(at, tuple(found))
            found.append(self._statement())
            if not (self.sees("\n", ";", *ends) or self.at_end()):
                raise self.unexpected()

    def _segment(self, segment: Segment) -> list[Node]:
        if not segment.tag:
            text = nodes.Literal(segment.start, segment.text)
            return [nodes.Output(segment.start, text, is_text=True)]
        if segment.tag == "<%":
            return []
        with self.nested(locked=True):
            body = self.statements()
        if not self.at_end():
            raise self.unexpected()
        if self.commented:
            what = "a comment hides the end of this tag"
            raise RubyError("SyntaxError", what, "remove it", offset=segment.start)
        return [nodes.Output(segment.start, body)]

    def _statement(self) -> Node:
        """Parse one statement with the modifiers behind it."""
        node = self.expression()
        if self.sees(","):
            jinja = "{% set name = value %}"
            raise UnsupportedError("several assignments at once", jinja, self.offset)
        if word := self.accept_word("and", "or"):
            what = "`and` (&& is)" if word == "and" else "`or` (|| is)"
            raise UnsupportedError(what, "{{ a and b or c }}", self.offset - len(word))
        while self.sees("if", "unless", "while", "until", "rescue"):
            start = self.offset
            if self.sees("rescue"):
                node = self.rescue_modifier(node)
            elif word := self.accept_word("if", "unless"):
                node = nodes.If(start, ((self._condition(word), node),))
            else:
                node = self.keyword()
        return node

    def _condition(self, word: str) -> Node:
        start, condition = self.offset, self.expression()
        return Call(start, condition, "!") if word == "unless" else condition

    def keyword(self) -> Node:
        """Parse what begins with a keyword, or report what cannot be parsed."""
        self.skip()
        start, found = self.offset, _KEYWORD.match(self.code, self.at)
        word = found[0] if found else ""
        if word in _UNSUPPORTED:
            construct, jinja = _UNSUPPORTED[word]
            raise UnsupportedError(construct or f"`{word}`", jinja, start)
        if word[:1] in ("?", "$") or word[:1].isdigit():
            raise UnsupportedError(f"`{word}`", offset=start)
        parsers = {"if": self._if, "unless": self._if, "begin": self._begin}
        if word not in parsers:
            raise self.unexpected()
        self.at += len(word)
        with self.nested():
            return parsers[word](word, start)

    def _if(self, word: str, start: int) -> Node:
        branches = [self._branch(word)]
        while other := self.accept_word("elsif"):
            branches.append(self._branch(other))
        otherwise = self.statements("end") if self.accept_word("else") else None
        self.expect("end", word, start)
        return nodes.If(start, tuple(branches), otherwise)

    def _branch(self, word: str) -> tuple[Node, Node]:
        condition = self._condition(word)
        self.skip_separators()
        self.accept_word("then")
        return condition, self.statements("elsif", "else", "end")

    def _begin(self, word: str, start: int) -> Node:
        """Parse ``begin; ...; rescue KeyError, LoadError; ...; end``."""
        body = self.statements("rescue", "ensure", "end")
        if self.accept_word("rescue"):
            kinds: list[Node] = []
            while not (self.sees("\n", ";", "=>", "then") or self.at_end()):
                kinds.append(self.expression())
                self.take(",")
            if self.sees("=>"):
                raise UnsupportedError("the error of a rescue (rescue KeyError is)", offset=start)
            self.accept_word("then")
            body = nodes.Rescue(start, body, kinds, self.statements("rescue", "ensure", "end"))
        if self.sees("rescue", "ensure"):
            raise UnsupportedError("more than one rescue, or ensure,", offset=self.offset)
        self.expect("end", word, start)
        return body
