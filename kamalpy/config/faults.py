"""A mistake as pydantic carries it: where, what, and how to fix it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from kamalpy.config.document.nodes import Path
from kamalpy.config.document.ruby import kind

SHAPES = {
    "dict_type": "should be a hash",
    "list_type": "should be an array",
    "tuple_type": "should be an array",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One mistake, its path relative to the section that found it.

    A fault that is ``open`` still lacks the remedy, which the section takes from an example.
    ``other`` is the path of what it contradicts: from the root, or with ``..`` from its own.
    """

    what: str
    how: str = ""
    path: Path = ()
    open: bool = False
    other: Path | None = None
    fails: bool = False

    def error(self) -> PydanticCustomError:
        """Return the error that a validator raises."""
        context = {"what": self.what, "how": self.how, "other": self.other}
        return PydanticCustomError("fault", "{what}", context)

    @classmethod
    def read(cls, details: Any) -> Fault:
        """Read one entry of ``ValidationError.errors()``."""
        context, path = details.get("ctx", {}), details["loc"]
        if details["type"] in ("fault", "value"):
            is_open = details["type"] == "value"
            return cls(context["what"], context["how"], path, is_open, context.get("other"))
        context = details.get("ctx", {})
        if details["type"] == "literal_error":
            return cls(f"should be {context['expected'].replace(chr(39), '')}", "", path, open=True)
        if details["type"] == "greater_than_equal":
            return cls(f"should be at least {context['ge']}", "", path, open=True)
        what = SHAPES.get(details["type"]) or details["msg"]
        return cls(f"{what}, not {kind(details['input'])}", context.get("how", ""), path, open=True)


def expected(shape: str, how: str = "") -> PydanticCustomError:
    """Return the error for a wrong shape; the actual one is added when the error is read."""
    return PydanticCustomError("expected", "should be {shape}", {"shape": shape, "how": how})


def wrong_value(what: str) -> PydanticCustomError:
    """Return the error for a wrong value; the fix is the section's example."""
    return PydanticCustomError("value", "{what}", {"what": what, "how": ""})


def validation_error(title: str, faults: Iterable[Fault]) -> ValidationError:
    """Return faults as one ``ValidationError``."""
    details = [InitErrorDetails(type=f.error(), loc=f.path, input=None) for f in faults]
    return ValidationError.from_exception_data(title, details, hide_input=True)
