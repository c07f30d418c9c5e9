"""``output``: where else the log of a deploy goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pydantic import Field

from kamalpy.config.faults import Fault
from kamalpy.config.kinds import Word
from kamalpy.config.section import Section


class Otel(Section):
    """A collector that speaks OpenTelemetry."""

    rules: ClassVar[Mapping[str, Any]] = {"required": ["endpoint"]}

    endpoint: Word | None = Field(
        None, description="URL of the collector.", examples=["http://otel-gateway:4318"]
    )

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Require the endpoint."""
        if raw.get("endpoint", False) is False:
            yield Fault("needs an endpoint", cls.example("endpoint"))


class OutputFile(Section):
    """A folder on this machine."""

    rules: ClassVar[Mapping[str, Any]] = {"required": ["path"]}

    path: Word | None = Field(
        None, description="Folder that gets one file for each deploy.", examples=["log/kamal"]
    )

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Require the path."""
        if raw.get("path", False) is False:
            yield Fault("needs a path", cls.example("path"))


class Output(Section):
    """Where else the log of a deploy goes."""

    otel: Otel | None = Field(
        None,
        description="Send it to a collector.",
        examples=[{"endpoint": "http://otel-gateway:4318"}],
    )
    file: OutputFile | None = Field(
        None, description="Write it to a file.", examples=[{"path": "log/kamal"}]
    )
