"""``output``: where else the log of a deploy goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from kamalpy.config.faults import Fault
from kamalpy.config.kinds import Word
from kamalpy.config.section import Section


class Otel(Section):
    """A collector that speaks OpenTelemetry."""

    rules: ClassVar[Mapping[str, Any]] = {"required": ["endpoint"]}

    endpoint: Word | None = None

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Require the endpoint."""
        if raw.get("endpoint", False) is False:
            yield Fault("needs an endpoint", cls.example("endpoint"))


class OutputFile(Section):
    """A folder on this machine."""

    rules: ClassVar[Mapping[str, Any]] = {"required": ["path"]}

    path: Word | None = None

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Require the path."""
        if raw.get("path", False) is False:
            yield Fault("needs a path", cls.example("path"))


class Output(Section):
    """Where else the log of a deploy goes."""

    otel: Otel | None = None
    file: OutputFile | None = None
