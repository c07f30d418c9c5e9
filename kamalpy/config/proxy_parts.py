"""The hashes under ``proxy``: ssl, healthcheck, buffering and logging."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, WithJsonSchema

from kamalpy.config.document.ruby import is_blank
from kamalpy.config.faults import Fault
from kamalpy.config.kinds import text
from kamalpy.config.proxy_options import with_options
from kamalpy.config.section import Section

PEMS = ("certificate_pem", "private_key_pem")
FORMER_PEMS = dict.fromkeys(
    (
        "ssl_certificate_path",
        "ssl_private_key_path",
        "ssl_certificate",
        "ssl_key",
        "certificate",
        "certificate_path",
        "private_key_path",
        "certificate_pem",
        "private_key_pem",
    ),
    'write "ssl: {certificate_pem: CERTIFICATE_PEM, private_key_pem: PRIVATE_KEY_PEM}", '
    "the names of secrets that hold the texts, not paths",
)


def _secret(value: Any) -> str | None:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return None if is_blank(value) else text(value)


Secret = Annotated[
    "str | None",
    BeforeValidator(_secret),
    WithJsonSchema({"type": ["string", "null", "array"], "items": {"type": "string"}}),
]


class Ssl(Section):
    """A certificate of your own, by the names of its secrets."""

    nullable = frozenset(PEMS)
    rules: ClassVar[Mapping[str, Any]] = {
        "additionalProperties": True,
        "dependentRequired": {PEMS[0]: [PEMS[1]], PEMS[1]: [PEMS[0]]},
    }

    certificate_pem: Secret = None
    private_key_pem: Secret = None

    @property
    def complete(self) -> bool:
        """Whether both halves are there; without, the certificate is Let's Encrypt's."""
        return self.certificate_pem is not None and self.private_key_pem is not None

    @classmethod
    def prepare(cls, raw: Any) -> Any:
        """Pass over other keys, as Kamal does; the loader warns of them."""
        return {k: v for k, v in raw.items() if k in PEMS} if isinstance(raw, dict) else raw

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Require both halves or none."""
        for key, other in (PEMS, PEMS[::-1]):
            if is_blank(raw.get(key)) and not is_blank(raw.get(other)):
                yield Fault(f"is required with {other}", cls.example(key), (key,))


@with_options("healthcheck")
class Healthcheck(Section):
    """How the proxy finds out that the app is up."""

    former: ClassVar[Mapping[str, str]] = {
        "port": "write app_port under proxy, or for the check alone "
        '"health: {port: 9000}" under x-kamalpy',
        "host": 'write "health: {host: app.example.com}" under x-kamalpy',
        "cmd": "write path, or for a command health-cmd under options of the role",
        "max_attempts": 'write "deploy_timeout: 30" at the root to say how long to try',
    }


@with_options("buffering")
class Buffering(Section):
    """What the proxy holds back until it is whole."""


@with_options("logging")
class ProxyLogging(Section):
    """Which headers the proxy logs."""
