"""The commands of kamal-proxy that route a service's requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import Word, joined, proxy, quoted, script
from kamalpy.config.proxy_options import OPTIONS, SWITCH, ProxyOption
from kamalpy.errors import ArgumentError
from kamalpy.spec.route import Route


def back_to(service: str, route: Route | None, targets: Iterable[str]) -> StringCommand:
    """Restore the route of a service: to its former targets, or remove it if there was none."""
    if route is None:
        return proxy("remove", quoted(service))
    to = (joined("--target=", quoted(target)) for target in targets)
    return proxy("deploy", quoted(service), *to, *options(route))


def to_container(route: Route, container: str) -> StringCommand:
    """Route a service to a container, found by its name."""
    return script("route", *options(route), name=container, service=route.service, port=route.port)


def options(route: Route) -> tuple[Word, ...]:
    """Spell the options of ``kamal-proxy deploy`` but for its target, in Kamal's order."""
    return tuple(word for option in OPTIONS for word in _flags(route, option))


def health_options(route: Route) -> str:
    """Spell the options of a container's health check, one a line."""
    checks = [option for option in OPTIONS if option.checks_health]
    words = {o: word for o in checks for word in o.words(getattr(route, o.name))}
    for option, word in words.items():
        if "\n" in word:
            raise ArgumentError(f"{option.key}: {word!r} is not one line")
    return "\n".join(f"--{option.flag}={word}" for option, word in words.items())


def _flags(route: Route, option: ProxyOption) -> Iterator[Word]:
    value = getattr(route, option.name)
    if option.kind is SWITCH:
        if value:
            yield f"--{option.flag}"
    elif option.flag:
        yield from (joined(f"--{option.flag}=", quoted(word)) for word in option.words(value))
