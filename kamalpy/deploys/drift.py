"""What a deploy leaves alone, and yet is not as deploy.yml says: accessories, the proxy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from kamalpy._pyinfra import commands_of, kept
from kamalpy.config import Accessory
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Step
from kamalpy.deploys.project import Project, projects
from kamalpy.errors import KamalpyError
from kamalpy.operations import accessory
from kamalpy.operations.base import Commands, Differences, noop, operation
from kamalpy.spec.state import PROXY


class Drift(Infrastructure):
    """The steps that look at what they do not change."""

    def accessories(self) -> Iterator[Step]:
        """Compare each accessory with deploy.yml."""
        for each in self._config.accessories:
            yield self._of(each, "Look at {0.name}", look, self._left)

    def _left(self, of: Accessory, host: str) -> Mapping[str, Any]:
        return {"service": of.service_name, "describe": partial(self._container, of, host)}


@operation()
def look(service: str, describe: Callable[[], Mapping[str, Any]]) -> Commands:
    """
    Find out how an accessory differs from what it should be.

    + service: name of its container
    + describe: what it should be, as ``accessory.container`` takes it

    What cannot be found out, since only whoever boots the accessory knows its secrets, stops no
    deploy of the app.
    """
    try:
        yield from commands_of(accessory.container, **{**describe(), "leave": True})
    except KamalpyError as error:
        noop(f"cannot tell whether {service} is as it should be: {error}")


def reports(on: str | None = None) -> Iterator[str]:
    """List what hosts have noted, and all that differs from deploy.yml."""
    for host, note in sorted(kept(Differences).notes):
        if on in (None, host):
            yield f"{host}: {note}"
    yield from _differing(on)


def _differing(on: str | None) -> Iterator[str]:
    """List what this run has seen to differ, on a host or on all, and how to change it."""
    for of in projects()[:1]:
        for (host, thing), changes in kept(Differences).found.items():
            if on in (None, host):
                told = "; ".join(map(str, changes))
                remedy = _remedy(of, thing)
                yield f"{thing} on {host} is not as deploy.yml says: {told}; type: {remedy}"


def _remedy(of: Project, thing: str) -> str:
    names = {each.service_name: each.name for each in of.config.accessories}
    if thing == PROXY:
        return of.typed("proxy reboot")
    return of.typed("accessory boot", names.get(thing, thing))
