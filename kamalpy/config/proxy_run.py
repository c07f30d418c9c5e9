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

    publish: Flag = True
    http_port: Whole = 80
    https_port: Whole = 443
    bind_ips: tuple[Address, ...] | None = None
    log_max_size: Text = "10m"
    metrics_port: Whole | None = None
    debug: Flag = False
    registry: Text | None = None
    repository: Text = "basecamp/kamal-proxy"
    version: Text = "v0.9.2"
    options: dict[str, Option] = Field({})

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
