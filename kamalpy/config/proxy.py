"""``proxy``: how requests reach the app, at the root, in a role and in an accessory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, Tag, WithJsonSchema, model_validator

from kamalpy.config.document.ruby import is_blank
from kamalpy.config.faults import Fault
from kamalpy.config.kinds import Flag, Text, one_of, text
from kamalpy.config.proxy_options import with_options
from kamalpy.config.proxy_run import ProxyRun
from kamalpy.config.section import Section

if TYPE_CHECKING:
    from typing_extensions import Self

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
    """How the proxy checks the health of the app."""

    former: ClassVar[Mapping[str, str]] = {
        "port": "write app_port under proxy, or for the check alone "
        '"health: {port: 9000}" under x-kamalpy',
        "host": 'write "health: {host: app.example.com}" under x-kamalpy',
        "cmd": "write path, or for a command health-cmd under options of the role",
        "max_attempts": 'write "deploy_timeout: 30" at the root to say how long to try',
    }


@with_options("buffering")
class Buffering(Section):
    """What the proxy buffers."""


@with_options("logging")
class ProxyLogging(Section):
    """Which headers the proxy logs."""


Certificate = Annotated[
    Annotated[Flag, Tag("<flag>")] | Annotated[Ssl, Tag("<ssl>")],
    one_of("a boolean or a hash", boolean="<flag>", hash="<ssl>"),
]


@with_options()
class _Keys(Section):
    """The keys of ``proxy`` that are no hashes of their own."""

    host: Text | None = None
    hosts: tuple[Text, ...] = ()
    ssl: Certificate = False
    path_prefix: Text | None = None
    path_prefixes: tuple[Text, ...] = ()


class ProxySection(_Keys):
    """``proxy`` of the root, a role or an accessory; what is None is left to the proxy."""

    rules: ClassVar[Mapping[str, Any]] = {
        "not": {"required": ["host", "hosts"]},
        "if": {"properties": {"ssl": {"not": {"const": False}}}, "required": ["ssl"]},
        "then": {"anyOf": [{"required": ["host"]}, {"required": ["hosts"]}]},
    }
    former: ClassVar[Mapping[str, str]] = {
        "host_port": "write app_port for the port in the container, "
        "or http_port under run for that of the host",
        "port": 'write "app_port: 3000"',
        "tls": 'write "ssl: true"',
        "options": "move them under run",
        "path": "move it under healthcheck",
        **FORMER_PEMS,
    }

    healthcheck: Healthcheck = Healthcheck.model_construct()
    buffering: Buffering = Buffering.model_construct()
    logging: ProxyLogging = ProxyLogging.model_construct()
    run: ProxyRun | None = None

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Refuse a certificate for no host, and two lists of hosts."""
        ssl = raw.get("ssl")
        if (ssl is True or isinstance(ssl, dict)) and _hostless(raw):
            how = 'add "host: app.example.com" next to it'
            yield Fault("needs a host to get a certificate for", how, ("ssl",))
        if "host" in raw and "hosts" in raw:
            yield Fault(
                "cannot be combined with host",
                "move host into it",
                ("hosts",),
                other=("..", "host"),
            )

    @model_validator(mode="after")
    def _simplify(self) -> Self:
        """Merge both keys of names and of paths into one list; drop an empty ``run``."""
        if "hosts" not in self.model_fields_set:
            self.__dict__["hosts"] = _split(self.host)
        if "path_prefixes" not in self.model_fields_set:
            self.__dict__["path_prefixes"] = _split(self.path_prefix)
        else:
            self.__dict__["path_prefix"] = None
        if self.run is not None and not self.run.model_fields_set:
            self.__dict__["run"] = None
        return self

    @property
    def tls(self) -> bool:
        """Whether it is HTTPS."""
        return self.ssl is not False

    @property
    def certificate_pem(self) -> str | None:
        """The secret with a certificate of one's own; None where it is Let's Encrypt's."""
        return self.ssl.certificate_pem if isinstance(self.ssl, Ssl) and self.ssl.complete else None

    @property
    def private_key_pem(self) -> str | None:
        """The secret with its key."""
        return self.ssl.private_key_pem if isinstance(self.ssl, Ssl) and self.ssl.complete else None

    @property
    def custom_certificate(self) -> bool:
        """Whether the certificate comes from secrets, not from Let's Encrypt."""
        return self.certificate_pem is not None


def _hostless(raw: Mapping[str, Any]) -> bool:
    """Tell whether no host is written; one that is empty is a mistake of its own."""
    unwritten = "host" not in raw or isinstance(raw["host"], str)
    return unwritten and is_blank(raw.get("host")) and is_blank(raw.get("hosts"))


def _split(names: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (names or "").split(",") if part.strip())
