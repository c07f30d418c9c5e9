"""
The options of ``kamal-proxy deploy``, a row each.

How deploy.yml is read and checked, the words of the command line, the comparison with the proxy's
state file, and the health check of a container that boots all come from these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, Field, create_model

from kamalpy.config.kinds import Flag, Positive, Text, Whole

MISSING = object()
SECOND = 10**9  # kamal-proxy's state counts nanoseconds
EXTENSION = "x-kamalpy/"
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of value: in deploy.yml, as a word, and in the proxy's state file."""

    annotation: Any
    word: Callable[[Any], str] = str
    to_state: Callable[[Any], Any] = lambda value: value
    from_state: Callable[[Any], Any] = lambda value: value
    repeated: bool = False


def _duration(annotation: Any) -> Kind:
    return Kind(
        annotation,
        lambda value: f"{value:g}s",
        lambda value: int(value * SECOND),
        lambda value: value / SECOND,
    )


def _several(to_state: Callable[[Any], Any] = list) -> Kind:
    return Kind(
        tuple[Text, ...],
        to_state=to_state,
        from_state=lambda value: tuple(filter(None, value)),
        repeated=True,
    )


FLAG = Kind(Flag, lambda value: str(value).lower())
SWITCH = Kind(Flag)
"""A flag of the command line that has no value."""
TEXT, WHOLE = Kind(Text), Kind(Whole)
SECONDS, TIMEOUT = _duration(Positive), _duration(Whole)
TEXTS = _several()
PREFIXES = _several(lambda value: [f"/{each.strip('/')}" for each in value])


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyOption:
    """
    One option, by the ``name`` that it has in a route.

    ``key`` is its path in deploy.yml, below ``proxy`` or ``x-kamalpy``, ``state`` the one in an
    entry of the proxy's state file. ``default`` is what Kamal passes, ``assumed`` what the
    proxy uses without a value. One without a description has no field of its own in a section:
    the section reads it from other keys.
    """

    name: str
    kind: Kind
    flag: str = ""
    key: str = ""
    state: str = ""
    default: Any = None
    assumed: Any = None
    description: str = ""
    example: Any = None

    @property
    def checks_health(self) -> bool:
        """Whether it is about the health check."""
        return "/health_check_config/" in self.state

    @property
    def unset(self) -> Any:
        """The value of a route without a setting."""
        return () if self.kind.repeated else self.default

    def words(self, value: Any) -> Iterator[str]:
        """Spell a value; nothing where the proxy decides."""
        for each in value if self.kind.repeated else (value,):
            if each is not None:
                yield self.kind.word(each)

    def in_state(self, value: Any) -> Any:
        """Spell a value as the state file does."""
        return self.assumed if value in (None, ()) else self.kind.to_state(value)

    def read(self, entry: Mapping[str, Any]) -> Any:
        """Read it from an entry of the state file; the proxy's own default is unset."""
        value = found(entry, self.state)
        if value in (None, MISSING) or not (value or self.assumed or self.kind is FLAG):
            return () if self.kind.repeated else None
        return self.kind.from_state(value)


OPTIONS = (
    ProxyOption(name="port", kind=WHOLE, key="app_port", default=80, example=3000,
        description="Port that the app listens on in its container."),
    ProxyOption(name="hosts", kind=TEXTS, flag="host", key="hosts",
        state="options/hosts", assumed=[""]),
    ProxyOption(name="tls", kind=SWITCH, flag="tls", key="ssl", default=False,
        state="options/tls_enabled", assumed=False),
    ProxyOption(name="tls_certificate", kind=TEXT, flag="tls-certificate-path",
        state="options/tls_certificate_path", assumed=""),
    ProxyOption(name="tls_private_key", kind=TEXT, flag="tls-private-key-path",
        state="options/tls_private_key_path", assumed=""),
    ProxyOption(name="deploy_timeout", kind=TIMEOUT, flag="deploy-timeout", default=30),
    ProxyOption(name="drain_timeout", kind=TIMEOUT, flag="drain-timeout", default=30),
    ProxyOption(name="health_interval", kind=SECONDS, flag="health-check-interval",
        key="healthcheck/interval", example=3, assumed=SECOND,
        state="target_options/health_check_config/interval",
        description="Seconds between two checks; 1 when absent."),
    ProxyOption(name="health_timeout", kind=SECONDS, flag="health-check-timeout",
        key="healthcheck/timeout", example=3, assumed=5 * SECOND,
        state="target_options/health_check_config/timeout",
        description="Seconds that an answer may take; 5 when absent."),
    ProxyOption(name="health_path", kind=TEXT, flag="health-check-path",
        key="healthcheck/path", example="/health", assumed="/up",
        state="target_options/health_check_config/path",
        description="Path that answers with 200; /up when absent."),
    ProxyOption(name="health_port", kind=WHOLE, flag="health-check-port",
        key=f"{EXTENSION}health/port", example=9000, assumed=0,
        state="target_options/health_check_config/port",
        description="Port of the health check, when it is not app_port."),
    ProxyOption(name="health_host", kind=TEXT, flag="health-check-host",
        key=f"{EXTENSION}health/host", example="app.example.com", assumed="",
        state="target_options/health_check_config/host",
        description="Host header of the health check."),
    ProxyOption(name="response_timeout", kind=TIMEOUT, flag="target-timeout",
        key="response_timeout", example=10, assumed=30 * SECOND,
        state="target_options/response_timeout",
        description="Seconds that the app has to answer; 30 when absent."),
    ProxyOption(name="buffer_requests", kind=FLAG, flag="buffer-requests",
        key="buffering/requests", default=True, example=False, assumed=False,
        state="target_options/buffer_requests",
        description="Buffer requests."),
    ProxyOption(name="buffer_responses", kind=FLAG, flag="buffer-responses",
        key="buffering/responses", default=True, example=False, assumed=False,
        state="target_options/buffer_responses",
        description="Buffer responses."),
    ProxyOption(name="buffer_memory", kind=WHOLE, flag="buffer-memory",
        key="buffering/memory", example=2_000_000, assumed=1024**2,
        state="target_options/max_memory_buffer_size",
        description="Bytes that are kept in memory, the rest on disk."),
    ProxyOption(name="max_request_body", kind=WHOLE, flag="max-request-body",
        key="buffering/max_request_body", example=40_000_000, assumed=0,
        state="target_options/max_request_body_size",
        description="Bytes of the largest request."),
    ProxyOption(name="max_response_body", kind=WHOLE, flag="max-response-body",
        key="buffering/max_response_body", example=40_000_000, assumed=0,
        state="target_options/max_response_body_size",
        description="Bytes of the largest response."),
    ProxyOption(name="path_prefixes", kind=PREFIXES, flag="path-prefix", key="path_prefixes",
        state="options/path_prefixes", assumed=["/"]),
    ProxyOption(name="strip_path_prefix", kind=FLAG, flag="strip-path-prefix",
        key="strip_path_prefix", example=False, assumed=True,
        state="options/strip_prefix",
        description="Take the prefix off before the app sees the path."),
    ProxyOption(name="forward_headers", kind=FLAG, flag="forward-headers",
        key="forward_headers", example=True,
        state="target_options/forward_headers",
        description="Trust X-Forwarded-* headers of every client."),
    ProxyOption(name="tls_redirect", kind=FLAG, flag="tls-redirect",
        key="ssl_redirect", example=False, assumed=True,
        state="options/tls_redirect",
        description="Redirect HTTP to HTTPS; true by default."),
    ProxyOption(name="canonical_host", kind=TEXT, flag="canonical-host",
        state="options/canonical_host", assumed=""),
    ProxyOption(name="log_request_headers", kind=TEXTS, flag="log-request-header",
        key="logging/request_headers", default=("Cache-Control", "Last-Modified", "User-Agent"),
        example=["User-Agent", "X-Request-ID"], assumed=[],
        state="target_options/log_request_headers",
        description="Headers of the request."),
    ProxyOption(name="log_response_headers", kind=TEXTS, flag="log-response-header",
        key="logging/response_headers", default=(), example=["X-Request-Start"], assumed=[],
        state="target_options/log_response_headers",
        description="Headers of the response."),
    ProxyOption(name="error_pages", kind=TEXT, flag="error-pages",
        state="options/error_page_path", assumed=""),
)  # fmt: skip
"""In the order in which Kamal passes them."""


def with_options(section: str = "") -> Callable[[type[Model]], type[Model]]:
    """Add to a section of deploy.yml the fields of its options."""

    def decorate(model: type[Model]) -> type[Model]:
        fields: dict[str, Any] = {}
        for option in OPTIONS:
            above, _, key = option.key.rpartition("/")
            if option.description and above == section:
                annotation = option.kind.annotation
                fields[key] = (
                    annotation if option.default is not None else annotation | None,
                    Field(
                        option.default,
                        description=option.description,
                        examples=[option.example],
                    ),
                )
        return create_model(
            model.__name__,
            __base__=model,
            __doc__=model.__doc__,
            __module__=model.__module__,
            **fields,
        )

    return decorate


def found(entry: Mapping[str, Any], path: str) -> Any:
    """Find what an entry of the state file has at a path; an older proxy may have nothing there."""
    value: Any = entry
    for part in path.split("/"):
        value = value.get(part, MISSING) if isinstance(value, Mapping) else MISSING
    return value
