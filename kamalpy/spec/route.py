"""Where kamal-proxy sends a service's requests, as it should be and as its state file has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, make_dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kamalpy.config.proxy import ProxySection
from kamalpy.config.proxy_options import EXTENSION, MISSING, OPTIONS, ProxyOption, found
from kamalpy.spec.change import Change, compare


def _with_options(route: type[Route]) -> type[Route]:
    """Make a frozen dataclass with a field for each option."""
    options = ((each.name, Any, field(default=each.unset)) for each in OPTIONS)
    fields = [("service", str), *options]
    made: Callable[..., type[Route]] = make_dataclass
    return made("Route", fields, bases=(route,), frozen=True, slots=True, kw_only=True)


@_with_options
class Route:
    """
    The options of ``kamal-proxy deploy``; ``None`` leaves one to the proxy.

    Its fields are ``service`` and those of ``OPTIONS``. Times are in seconds, sizes in bytes.
    ``deploy_timeout`` and ``drain_timeout`` belong to the switch; the proxy does not store them,
    so they never count as a change.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, Any]]

        def __init__(self, *, service: str, **options: Any) -> None: ...
        def __getattr__(self, name: str) -> Any: ...

    @classmethod
    def from_section(cls, proxy: ProxySection, service: str, **more: Any) -> Route:
        """Return the route of a ``proxy`` section of deploy.yml, with ``more`` options."""
        return cls(service=service, **{**dict(_written(proxy)), **more})

    @classmethod
    def from_state(cls, entry: Mapping[str, Any]) -> Route:
        """Read an entry of the proxy's state file: what it takes to bring that route back."""
        options = {each.name: each.read(entry) for each in OPTIONS if each.state}
        return cls(service=str(entry["name"]), **options)

    def conflict(self, routes: Mapping[str, Mapping[str, Any]]) -> tuple[str, str] | None:
        """Find a host and path of ours that another service has already, and that service."""
        wanted = {key: self._in_state(key) for key in ("hosts", "path_prefixes")}
        for name, entry in routes.items():
            options = entry.get("options") or {}
            hosts, paths = (
                [each for each in wanted[key] if each in (options.get(key) or ())] for key in wanted
            )
            if name != self.service and hosts and paths:
                return f"{hosts[0]}{paths[0].rstrip('/')}" or "/", name
        return None

    def drift(self, entry: Mapping[str, Any], target: str) -> tuple[Change, ...]:
        """List the differences from an entry of the proxy's state file; ``target`` is an id."""
        return tuple(self._changes(entry, target))

    def _changes(self, entry: Mapping[str, Any], target: str) -> Iterator[Change]:
        will = f"{target}:{self.port}"
        yield from compare("target", ",".join(entry.get("active_targets") or ()), will)
        for option in OPTIONS:
            was = found(entry, option.state)
            if was is not MISSING and not self._is_copied(option):
                key = option.state.rpartition("/")[2]
                yield from compare(key, was or None, self._in_state(option.name) or None)

    def _in_state(self, name: str) -> Any:
        """Spell an option as the state file does, the proxy's defaults included."""
        value = getattr(self, name)
        if name == "forward_headers" and value is None:
            return not self.tls
        return next(each for each in OPTIONS if each.name == name).in_state(value)

    def _is_copied(self, option: ProxyOption) -> bool:
        """Whether the proxy copies an option from the service at the root of the host."""
        is_tls = option.name in ("tls", "tls_redirect")
        return is_tls and "/" not in self._in_state("path_prefixes")


def _written(proxy: ProxySection) -> Iterator[tuple[str, Any]]:
    for option in OPTIONS:
        if option.key and not option.key.startswith(EXTENSION):
            value: Any = proxy
            for key in option.key.split("/"):
                value = getattr(value, "tls" if key == "ssl" else key)
            yield option.name, value
