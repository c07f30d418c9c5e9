"""Operations on containers and what they need, for any pyinfra deploy."""

from kamalpy.operations.argument_types import (
    Buffering,
    Certificate,
    Health,
    Healthcheck,
    HiddenValue,
    Logging,
    Proxy,
    ProxyLogging,
)

__all__ = [
    "Buffering",
    "Certificate",
    "Health",
    "Healthcheck",
    "HiddenValue",
    "Logging",
    "Proxy",
    "ProxyLogging",
]
