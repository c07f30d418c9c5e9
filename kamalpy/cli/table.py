"""Tables for people, of the rows that programs get as JSON objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_GAP = "  "
_NOTHING = "-"


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Format rows as a table with a heading; an empty cell is a dash."""
    if not rows:
        return ""
    lines = [[str(key).upper() for key in rows[0]]]
    lines += [[_cell(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        _GAP.join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cell(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or _NOTHING
    return _NOTHING if value in (None, "") else str(value)
