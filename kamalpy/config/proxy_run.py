"""``proxy/run``: the container that the proxy itself runs in."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, WithJsonSchema

from kamalpy.config.document.ruby import is_blank
from kamalpy.config.faults import Fault, wrong_value
from kamalpy.config.kinds import Flag, Option, Text, Whole, text
from kamalpy.config.section import Section

PORTS = ("bind_ips", "http_port", "https_port")


def _address(value: Any) -> str:
    address = text(value)
    try:
        ipaddress.ip_address(address.removeprefix("[").removesuffix("]"))
    except ValueError:
        raise wrong_value("should be an IP address") from None
    return address


PATTERN = r"^(\d+\.\d+\.\d+\.\d+|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%\w+)?\]?)$"
"""What looks like an address, in JSON Schema."""
Address = Annotated[
    str, BeforeValidator(_address), WithJsonSchema({"type": "string", "pattern": PATTERN})
]


class ProxyRun(Section):
    """The container that the proxy itself runs in."""

    rules: ClassVar[Mapping[str, Any]] = {
        "if": {"properties": {"publish": {"const": False}}, "required": ["publish"]},
        "then": {"not": {"anyOf": [{"required": [key]} for key in PORTS]}},
    }

    publish: Flag = Field(True, description="Publish the ports on the host.", examples=[False])
    http_port: Whole = Field(80, description="Port on the host for HTTP.", examples=[8080])
    https_port: Whole = Field(443, description="Port on the host for HTTPS.", examples=[8443])
    bind_ips: tuple[Address, ...] | None = Field(
        None,
        description="Addresses of the host to listen on; all when absent.",
        examples=[["127.0.0.1"]],
    )
    log_max_size: Text = Field(
        "10m", description="Size at which the proxy's log is rotated.", examples=["30m"]
    )
    metrics_port: Whole | None = Field(
        None, description="Port of the metrics for Prometheus.", examples=[9090]
    )
    debug: Flag = Field(False, description="Log more.", examples=[True])
    registry: Text | None = Field(
        None, description="Registry of the proxy's image.", examples=["registry.example.com"]
    )
    repository: Text = Field(
        "basecamp/kamal-proxy",
        description="Name of the proxy's image.",
        examples=["acme/kamal-proxy"],
    )
    version: Text = Field("v0.9.2", description="Tag of the proxy's image.", examples=["v0.9.2"])
    options: dict[str, Option] = Field(
        {}, description="More options of docker run.", examples=[{"memory": "512m"}]
    )

    @property
    def image(self) -> str:
        """The proxy's image with registry and tag."""
        name = f"{self.repository}:{self.version}"
        return f"{self.registry}/{name}" if self.registry is not None else name

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Refuse ports that would never be published."""
        if raw.get("publish") is False:
            for key in PORTS:
                if not is_blank(raw.get(key)):
                    how = 'remove it, or remove "publish: false"'
                    yield Fault("has no effect when publish is false", how, (key,))
