"""What a call passes."""

from __future__ import annotations

from dataclasses import dataclass

from kamalpy.config.templates.values import Hash, Proc, Value


@dataclass(slots=True)
class Arguments:
    """What a call passes."""

    values: list[Value]
    keywords: Hash | None = None
    block: Proc | None = None
