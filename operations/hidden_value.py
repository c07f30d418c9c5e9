"""A secret value for an operation, as pyinfra hides it."""

from __future__ import annotations

from pyinfra.api import hiddenvalue


class HiddenValue(hiddenvalue.HiddenValue):
    """pyinfra's ``HiddenValue``, with types: it is printed as ``*MASKED*``."""

    def __init__(self, content: str) -> None:
        super().__init__(content)  # type: ignore[no-untyped-call]
