"""Values that YAML reads unexpectedly."""

from __future__ import annotations

from collections.abc import Iterator

from kamalpy.config.document import Mapping, Path, Scalar
from kamalpy.config.document.nodes import scalars
from kamalpy.config.document.ruby import Octal, to_s
from kamalpy.config.faults import Fault

QUIET = frozenset({"mode", "registry", "key_data"})
"""A mode is understood as it is written; credentials are not shown."""


def surprises(document: Mapping) -> Iterator[Fault]:
    """Find numbers and booleans that reach a container differently from how they are written."""
    for path, scalar in scalars(_without_extensions(document)):
        if not QUIET.intersection(path) and _surprises(path, scalar):
            yield Fault(
                f"is read as {to_s(scalar.value)}",
                f'write "{scalar.written}" in quotes to keep it as it is',
                path,
            )


def _without_extensions(document: Mapping) -> Mapping:
    entries = {k: entry for k, entry in document.entries.items() if not k.startswith("x-")}
    return Mapping(document.place, entries)


def _surprises(path: Path, scalar: Scalar) -> bool:
    value, written = scalar.value, scalar.written or ""
    if isinstance(value, bool):
        return "env" in path and written.lower() not in ("true", "false")
    if isinstance(value, float):
        return to_s(value) != written
    return isinstance(value, Octal) or (isinstance(value, int) and ":" in written)
