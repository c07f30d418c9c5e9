"""What a value of deploy.yml may be: Kamal's strings, integers and booleans, as types."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, Discriminator, Field, WithJsonSchema

from kamalpy.config.document.ruby import Octal, Symbol, to_s
from kamalpy.config.document.scalars import scan
from kamalpy.config.faults import Fault, expected

SCALARS = ["string", "number", "boolean"]


def text(value: Any) -> str:
    """Convert a scalar to a string, as Ruby prints it."""
    if isinstance(value, (str, bool, int, float)):
        return to_s(value)
    if value is None:
        raise Fault("has no value", 'write "" for an empty one, or remove it').error()
    raise expected("a string", "put it in quotes" if isinstance(value, date) else "")


def word(value: Any) -> str:
    """Accept a real string only."""
    if isinstance(value, str):
        return str(value)
    raise expected("a string", "put it in quotes" if isinstance(value, (bool, int, float)) else "")


def whole(value: Any) -> int:
    """Accept an integer only."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    quoted = isinstance(value, str) and re.fullmatch(r"[+-]?\d+", value)
    raise expected("an integer", "remove the quotes" if quoted else "")


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    is_quoted = isinstance(value, str) and isinstance(scan(value), bool)
    raise expected("a boolean", "remove the quotes" if is_quoted else "")


def _off(value: Any) -> str | None:
    return None if value is False else text(value)


def _loose(value: Any) -> str | None:
    if value is None or isinstance(value, (str, bool, int, float, date)):
        return None if value is None else to_s(value)
    raise expected("a single value")


def _option(value: Any) -> bool | str | tuple[str, ...]:
    if value is None or value is True:
        return True
    if isinstance(value, list):
        return tuple(_loose(item) or "" for item in value)
    return _loose(value) or ""


def _mode(value: Any) -> str:
    return value.written if isinstance(value, Octal) else text(value)


Text: TypeAlias = Annotated[str, BeforeValidator(text), WithJsonSchema({"type": SCALARS})]
"""A string; a number or boolean is converted, as Ruby prints it."""

TextOrOff: TypeAlias = Annotated[
    "str | None", BeforeValidator(_off), WithJsonSchema({"type": SCALARS})
]
"""A string, or ``false`` for none."""

Word: TypeAlias = Annotated[str, BeforeValidator(word)]
"""A real string: what YAML takes for a number or a boolean needs quotes."""

Whole: TypeAlias = Annotated[int, BeforeValidator(whole)]
"""An integer; ``"80"`` in quotes is none."""

Positive: TypeAlias = Annotated[int, Field(ge=1), BeforeValidator(whole)]
"""An integer from 1."""

Flag: TypeAlias = Annotated[bool, BeforeValidator(_flag)]
"""``true`` or ``false``."""

Loose: TypeAlias = Annotated[
    "str | None", BeforeValidator(_loose), WithJsonSchema({"type": [*SCALARS, "null"]})
]
"""A scalar where Kamal checks nothing: null stays unset."""

Option: TypeAlias = Annotated[
    "bool | str | tuple[str, ...]",
    BeforeValidator(_option),
    WithJsonSchema({"type": [*SCALARS, "null", "array"], "items": {"type": [*SCALARS, "null"]}}),
]
"""A docker option: ``True`` is the bare flag, a tuple repeats it."""

Mode: TypeAlias = Annotated[str, BeforeValidator(_mode), WithJsonSchema({"type": SCALARS})]
"""A file mode; ``0640`` without quotes is still ``0640``."""


def shape(value: Any) -> str:
    """Return the shape of a value, to choose among the types of a union."""
    if isinstance(value, (dict, BaseModel)):
        return "hash"
    if isinstance(value, (list, tuple)):
        return "array"
    if isinstance(value, bool):
        return "boolean"
    return "word" if isinstance(value, str) and not isinstance(value, Symbol) else "other"


def one_of(expectation: str, **shapes: str) -> Discriminator:
    """Choose between the types of a union by shape: the ``Tag`` for each shape that is allowed."""
    return Discriminator(
        lambda value: shapes.get(shape(value)),
        custom_error_type="expected",
        custom_error_message=f"should be {expectation}",
    )
