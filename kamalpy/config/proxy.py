"""``proxy``: how requests reach the app, at the root, in a role and in an accessory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import Field, Tag

from kamalpy.config.document.ruby import is_blank
from kamalpy.config.faults import Fault
from kamalpy.config.kinds import Flag, Text, Whole, one_of
from kamalpy.config.proxy_parts import FORMER_PEMS, Buffering, Healthcheck, ProxyLogging, Ssl
from kamalpy.config.proxy_run import ProxyRun
from kamalpy.config.section import Section

Certificate = Annotated[
    Annotated[Flag, Tag("<flag>")] | Annotated[Ssl, Tag("<ssl>")],
    one_of("a boolean or a hash", boolean="<flag>", hash="<ssl>"),
]


class ProxySection(Section):
    """``proxy`` as written."""

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

    host: Text | None = Field(
        None,
        description="Name that clients ask for; several with commas.",
        examples=["app.example.com"],
    )
    hosts: tuple[Text, ...] | None = Field(
        None,
        description="Names that clients ask for.",
        examples=[["app.example.com", "www.example.com"]],
    )
    app_port: Whole = Field(
        80, description="Port that the app listens on in its container.", examples=[3000]
    )
    ssl: Certificate = Field(
        False,
        description="HTTPS: true gets a certificate from Let's Encrypt, a hash names your own.",
        examples=[True],
    )
    ssl_redirect: Flag | None = Field(
        None, description="Send HTTP on to HTTPS; the proxy does unless told.", examples=[False]
    )
    forward_headers: Flag | None = Field(
        None, description="Trust X-Forwarded-* of whoever connects.", examples=[True]
    )
    response_timeout: Whole | None = Field(
        None, description="Seconds that the app has to answer; 30 when absent.", examples=[10]
    )
    path_prefix: Text | None = Field(
        None, description="Path that belongs to this app; several with commas.", examples=["/api"]
    )
    path_prefixes: tuple[Text, ...] | None = Field(
        None, description="Paths that belong to this app.", examples=[["/api", "/oauth"]]
    )
    strip_path_prefix: Flag | None = Field(
        None, description="Take the prefix off before the app sees the path.", examples=[False]
    )
    healthcheck: Healthcheck = Field(
        Healthcheck(),
        description="How the proxy finds out that the app is up.",
        examples=[{"path": "/up"}],
    )
    buffering: Buffering = Field(
        Buffering(), description="What the proxy buffers.", examples=[{"requests": False}]
    )
    logging: ProxyLogging = Field(
        ProxyLogging(),
        description="Which headers the proxy logs.",
        examples=[{"request_headers": ["User-Agent"]}],
    )
    run: ProxyRun | None = Field(
        None,
        description="The container that the proxy itself runs in.",
        examples=[{"http_port": 8080}],
    )

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Refuse a certificate for no host, and two lists of hosts."""
        ssl = raw.get("ssl")
        if (ssl is True or isinstance(ssl, dict)) and _hostless(raw):
            how = 'add "host: app.example.com" next to it'
            yield Fault("needs a host to get a certificate for", how, ("ssl",))
        if "host" in raw and "hosts" in raw:
            yield Fault(
                "stands next to host, only one of the two may",
                "move host into it",
                ("hosts",),
                other=("..", "host"),
            )

    def resolve(self) -> Proxy:
        """Give the proxy as other floors know it."""
        own = self.ssl if isinstance(self.ssl, Ssl) else Ssl()
        return Proxy(
            hosts=_split(self.hosts, self.host),
            app_port=self.app_port,
            ssl=self.ssl is not False,
            certificate_pem=own.certificate_pem if own.complete else None,
            private_key_pem=own.private_key_pem if own.complete else None,
            ssl_redirect=self.ssl_redirect,
            forward_headers=self.forward_headers,
            response_timeout=self.response_timeout,
            path_prefixes=_split(self.path_prefixes, self.path_prefix),
            strip_path_prefix=self.strip_path_prefix,
            healthcheck=self.healthcheck,
            buffering=self.buffering,
            logging=self.logging,
            run=self.run if self.run and self.run.model_fields_set else None,
        )


@dataclass(frozen=True, slots=True)
class Proxy:
    """How requests reach one service; what is None is left to the proxy's own default."""

    hosts: tuple[str, ...] = ()
    app_port: int = 80
    ssl: bool = False
    certificate_pem: str | None = None
    private_key_pem: str | None = None
    ssl_redirect: bool | None = None
    forward_headers: bool | None = None
    response_timeout: int | None = None
    path_prefixes: tuple[str, ...] = ()
    strip_path_prefix: bool | None = None
    healthcheck: Healthcheck = Healthcheck()  # noqa: RUF009
    buffering: Buffering = Buffering()  # noqa: RUF009
    logging: ProxyLogging = ProxyLogging()  # noqa: RUF009
    run: ProxyRun | None = None

    @property
    def custom_certificate(self) -> bool:
        """Whether the certificate comes from secrets, not from Let's Encrypt."""
        return self.certificate_pem is not None


def _hostless(raw: Mapping[str, Any]) -> bool:
    """Tell whether no host is written; one that is empty is a mistake of its own."""
    unwritten = "host" not in raw or isinstance(raw["host"], str)
    return unwritten and is_blank(raw.get("host")) and is_blank(raw.get("hosts"))


def _split(several: tuple[str, ...] | None, one: str | None) -> tuple[str, ...]:
    if several is not None:
        return several
    return tuple(part.strip() for part in (one or "").split(",") if part.strip())
