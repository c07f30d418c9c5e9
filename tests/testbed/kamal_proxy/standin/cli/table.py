"""The table that ``list`` prints, coloured with or without a terminal."""

from __future__ import annotations

_PLAIN, _NAME, _TITLE = "", "1;34", "3;94"


def table(rows: list[list[str]]) -> str:
    """The rows in columns; the first row is the header, the first column the names."""
    # Width in bytes: a name with umlauts is padded short there, and so it is here.
    widths = [max(len(cell.encode()) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "".join(
            _cell(cell, widths[column], _style(number, column)) for column, cell in enumerate(row)
        )
        for number, row in enumerate(rows)
    )


def _style(row: int, column: int) -> str:
    if row == 0:
        return _TITLE
    return _NAME if column == 0 else _PLAIN


def _cell(text: str, width: int, style: str) -> str:
    return f"\033[{style}m{text}\033[0m" + " " * (width - len(text.encode())) + "  "
