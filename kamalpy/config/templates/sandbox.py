"""Jinja2's sandbox with limits on steps, sizes and nesting."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, ClassVar

from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    TemplateRuntimeError,
    Undefined,
    UndefinedError,
    nodes,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer

from .context import MAX_BITS, MAX_SIZE, Meter
from .template_errors import LimitError

_WITHOUT = ("pprint", "urlize", "xmlattr")
_LOOP = "kamalpy_loop"
_WIDE = re.compile(r"%[^a-zA-Z%]*(?:\*|\d{5})")
_MAX_NUMBER = 10_000


class Environ(dict[str, str]):
    """``env`` in a template: ``env.NAME``, ``env["NAME"]``, ``env.get("NAME", "...")``."""


class Missing(StrictUndefined):
    """An undefined value, whose message names what is written in the template, never a value."""

    template: ClassVar[str] = ""

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        written = isinstance(name, str) and name.isidentifier() and name in self.template
        if obj is not missing and not written:
            hint = "a value has nothing of this name"
        elif isinstance(obj, Environ) and hint is None:
            hint = f"env.{name} needs a variable that is not set"
        super().__init__(hint, obj, name, exc)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for one rendering, in which all that repeats or grows is counted."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, meter: Meter, template: str = "") -> None:
        super().__init__(
            undefined=type("MissingHere", (Missing,), {"template": template}),
            keep_trailing_newline=True,
            finalize=self._written,
            loader=FunctionLoader(lambda name: None),
        )
        self._meter = meter
        self._cost = 1 + len(template) // 40
        self.filters = {
            name: self._guarded(each) for name, each in self.filters.items() if name not in _WITHOUT
        }
        self.filters[_LOOP] = self._looped
        self.globals.pop("lipsum", None)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Apply ``+``, ``*``, ``**`` or ``%``, if the result has a reasonable size."""
        self._meter.spend()
        whole = isinstance(left, int) and isinstance(right, int)
        if operator == "**" and whole and abs(left) > 1:
            _check_bits(left.bit_length() * max(right, 0))
        if operator == "*" and not whole and _size(left) * _size(right) > MAX_SIZE:
            raise LimitError("a value is too large")
        if operator == "%" and isinstance(left, str) and _WIDE.search(left):
            raise LimitError("this format is too wide")
        return self._counted(super().call_binop(context, operator, left, right))

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """Call a function, macro or method with arguments of a reasonable size."""
        __self._meter.spend(__self._cost)
        __self._meter.enter()
        try:
            receiver = getattr(__obj, "__self__", None)
            named = [value for name, value in kwargs.items() if not name.startswith("_")]
            __self._check_arguments(receiver, [*args, *named])
            return __self._counted(super().call(__context, __obj, *args, **kwargs))
        finally:
            __self._meter.leave()

    def wrap_str_format(self, value: Any) -> None:
        """Refuse ``format`` of strings, whose widths are hidden: the filter does the same."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Allow what any sandbox allows, but ``format`` of strings."""
        is_format = isinstance(obj, str) and attr in ("format", "format_map")
        return not is_format and super().is_safe_attribute(obj, attr, value)

    def _guarded(self, work: Callable[..., Any]) -> Callable[..., Any]:
        skipped = 1 if getattr(work, "jinja_pass_arg", None) else 0

        @wraps(work)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            given = [*args[skipped:], *kwargs.values()]
            self._check_arguments(None, given)
            if given and isinstance(given[0], str) and _WIDE.search(given[0]) and len(given) > 1:
                raise LimitError("this format is too wide")
            return self._counted(work(*args, **kwargs))

        return guarded

    def _check_arguments(self, receiver: Any, given: list[Any]) -> None:
        """Refuse what could multiply: a large number, or two large values."""
        sizes = [_size(value) for value in (receiver, *given)]
        numbers = [abs(value) for value in given if isinstance(value, int)]
        alone = receiver is None and len(given) == 1
        product = math.prod(max(size, 1) for size in sizes)
        if not alone and (product > 20 * MAX_SIZE or max(numbers, default=0) > _MAX_NUMBER):
            raise LimitError("a value or number is too large for this")
        self._meter.spend(sum(sizes) // 50)

    def _counted(self, value: Any) -> Any:
        """Count a value, with all that it contains."""
        if isinstance(value, int):
            _check_bits(value.bit_length())
        else:
            self._meter.allocate(_size(value))
        return value

    def _written(self, value: Any) -> Any:
        return value if isinstance(value, Undefined) else self._counted(str(self._counted(value)))

    def _looped(self, items: Any, cost: int) -> Iterator[Any]:
        """Count the items of a ``for`` loop."""
        for item in items:
            self._meter.spend(cost)
            yield item


class Counting(NodeTransformer):
    """Adds counters to the loops and concatenations of a template."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        """Count each turn."""
        data = node.find_all(nodes.TemplateData)
        cost = nodes.Const(1 + sum(len(each.data) for each in data) // 40)
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, _LOOP, [cost], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """Join by the filter, which is counted."""
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, "join", [], [], None, None, lineno=node.lineno)


def _check_bits(bits: int) -> None:
    if bits > MAX_BITS:
        raise LimitError("a number grows too large")


def _size(value: Any) -> int:
    """Return how much a value contains, each part as often as it occurs; a number counts, too."""
    if isinstance(value, int):
        return min(abs(value), MAX_SIZE + 1)
    if not isinstance(value, (list, tuple, dict)):
        return len(value) if isinstance(value, (str, bytes)) else 0
    total, todo = 0, [value]
    while todo:
        each = todo.pop()
        total += 1
        if total > MAX_SIZE:
            raise LimitError("a value is too large")
        if isinstance(each, Mapping):
            todo.extend(each.values())
        elif isinstance(each, (list, tuple)):
            todo.extend(each)
    return total
