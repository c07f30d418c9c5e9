"""``output``: where else the log of a deploy goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from kamalpy.config.faults import Fault
from kamalpy.config.kinds import Word
from kamalpy.config.section import Section


class _Sink(Section):
    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Require its only key."""
        for key in cls.key_names():
            if raw.get(key, False) is False:
                article = "an" if key[0] in "aeiou" else "a"
                yield Fault(f"needs {article} {key}", cls.example(key))


class Otel(_Sink):
    """A collector that speaks OpenTelemetry."""

    rules: ClassVar[Mapping[str, Any]] = {"required": ["endpoint"]}

    endpoint: Word | None = None


class OutputFile(_Sink):
    """A folder on this machine."""

    rules: ClassVar[Mapping[str, Any]] = {"required": ["path"]}

    path: Word | None = None


class Output(Section):
    """Where else the log of a deploy goes."""

    otel: Otel | None = None
    file: OutputFile | None = None
