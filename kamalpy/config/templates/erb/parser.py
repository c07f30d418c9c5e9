"""Parses statements: from a template to its tree."""

from __future__ import annotations

import re

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError

from . import nodes
from .expressions import Expressions
from .nodes import Call, Node
from .tags import Part, Segment

_MACRO = "{% macro name(x) %}...{% endmacro %}"
_LOOP = "{% for item in items %}...{% endfor %}"
_UNSUPPORTED: dict[str, tuple[str, str]] = {
    "->": ("a lambda", _MACRO),
    "class": ("a class of its own", _MACRO),
    "def": ("a method of its own", _MACRO),
    "defined?": ("`defined?`", "{% if name is defined %}"),
    "for": ("a `for` loop (list.each do |item| is)", _LOOP),
    "in": ("matching by pattern (case ... in)", "{% if %}...{% elif %}"),
    "module": ("a module of its own", _MACRO),
    "until": ("an `until` loop (list.each do |item| is)", _LOOP),
    "while": ("a `while` loop (list.each do |item| is)", _LOOP),
} | {
    word: (f"`{word}`", "{% if %}...{% endif %}")
    for word in ("alias", "BEGIN", "break", "END", "redo", "retry", "return", "self", "yield")
}
_KEYWORD = re.compile(r"->|defined\?|\w+|[?$].?|\d\w?")


def parse(
    template: str, meter: Meter, *, trim: bool = True, variables: frozenset[str] = frozenset()
) -> Node:
    """Parse a whole template; ``variables`` are the local variables that exist already."""
    parser = Parser(template, meter, trim=trim)
    parser.scopes = [set(variables)]
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
        if segment.part is Part.TEXT:
            text = nodes.Literal(segment.start, segment.text)
            return [nodes.Output(segment.start, text, is_text=True)]
        if segment.part is Part.CODE:
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
        node = self.logical_expression()
        if self.sees(","):
            node = self._multiple_assignment(node)
        while self.sees("if", "unless", "while", "until", "rescue"):
            start = self.offset
            if self.sees("rescue"):
                node = self.rescue_modifier(node)
            elif word := self.accept_word("if", "unless"):
                node = nodes.If(start, ((self._condition(word), node),))
            else:
                node = self.keyword()
        return node

    def _multiple_assignment(self, first: Node) -> Node:
        """Parse ``, b = values`` behind the first of several targets."""
        if isinstance(first, nodes.Assignment):
            raise self.unexpected()
        targets = [self.target(first)]
        while self.take(","):
            targets.append(self.target(self.primary()))
        at = self.offset
        self.expect("=")
        values = self._values()
        value = values[0] if len(values) == 1 else nodes.ArrayLiteral(at, values)
        return nodes.Assignment(at, nodes.ArrayLiteral(at, tuple(targets)), value)

    def _values(self) -> tuple[Node, ...]:
        values = [self.expression()]
        while self.take(","):
            self.skip_lines()
            values.append(self.expression())
        return tuple(values)

    def _condition(self, word: str) -> Node:
        start, condition = self.offset, self.logical_expression()
        return Call(start, condition, "!") if word == "unless" else condition

    def keyword(self) -> Node:
        """Parse what begins with a keyword, or report what cannot be parsed."""
        self.skip()
        start, found = self.offset, _KEYWORD.match(self.code, self.at)
        word = found[0] if found else ""
        if word in _UNSUPPORTED:
            raise UnsupportedError(*_UNSUPPORTED[word], start)
        if word[:1] in ("?", "$") or word[:1].isdigit():
            raise UnsupportedError(f"`{word}`", offset=start)
        parsers = {
            "if": self._if,
            "unless": self._if,
            "case": self._case,
            "begin": self._begin,
            "next": self._next,
        }
        if word not in parsers:
            raise self.unexpected()
        self.at += len(word)
        with self.nested():
            return parsers[word](word, start)

    def _if(self, word: str, start: int) -> Node:
        branches = [self._branch(self._condition(word), "elsif")]
        while other := self.accept_word("elsif"):
            branches.append(self._branch(self._condition(other), "elsif"))
        return nodes.If(start, tuple(branches), self._otherwise(word, start))

    def _branch(self, condition: Node, following: str) -> tuple[Node, Node]:
        self.skip_separators()
        self.accept_word("then")
        return condition, self.statements(following, "else", "end")

    def _otherwise(self, word: str, start: int) -> Node | None:
        otherwise = self.statements("end") if self.accept_word("else") else None
        self.expect("end", word, start)
        return otherwise

    def _case(self, word: str, start: int) -> Node:
        """Parse ``case`` as ``if``: the subject becomes a variable that Ruby could not name."""
        subject, value = nodes.Variable(start, f"case {start}"), self.logical_expression()
        self.skip_separators()
        branches = []
        while self.accept_word("when"):
            first, *others = (Call(each.at, each, "===", (subject,)) for each in self._values())
            condition: Node = first
            for other in others:
                condition = nodes.Logical(other.at, "||", condition, other)
            branches.append(self._branch(condition, "when"))
        if self.sees("in"):
            return self.keyword()
        if not branches:
            raise self.unexpected("where `when` should be")
        chosen = nodes.If(start, tuple(branches), self._otherwise(word, start))
        return nodes.Sequence(start, (nodes.Assignment(start, subject, value), chosen))

    def _begin(self, word: str, start: int) -> Node:
        body = self.with_rescue()
        self.expect("end", word, start)
        return body

    def with_rescue(self) -> Node:
        """Parse statements with ``rescue`` and ``ensure`` behind them."""
        body = self.statements("rescue", "ensure", "end")
        rescues = []
        while self.accept_word("rescue"):
            ends = self.at_end() or self.sees("\n", ";", "=>", "then")
            kinds = () if ends else self._values()
            target = self.target(self.primary()) if self.take("=>") else None
            self.accept_word("then")
            rescues.append((kinds, target, self.statements("rescue", "ensure", "end")))
        ensure = self.statements("end") if self.accept_word("ensure") else None
        if rescues or ensure:
            return nodes.Begin(body.at, body, tuple(rescues), ensure)
        return body

    def _next(self, word: str, start: int) -> Node:
        if len(self.scopes) == 1:
            what = "`next` outside of a block"
            raise UnsupportedError(what, "{% if %}...{% endif %}", start)
        ends = self.at_end() or self.sees("\n", ";", "if", "unless", "}", "end")
        return nodes.Next(start, None if ends else self.expression())
