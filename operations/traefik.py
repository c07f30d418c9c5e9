"""Traefik, the proxy of Kamal 1, and what else Kamal 1 left on a host."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyinfra.context import host

from kamalpy.commands import container as _container
from kamalpy.commands import file
from kamalpy.commands import image as _image
from kamalpy.commands.audit import Event
from kamalpy.commands.base import docker, quoted
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.kamal1 import Kamal1 as Fact
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, engine, noop, operation, report
from kamalpy.spec import kamal1
from kamalpy.spec.app import App
from kamalpy.spec.audit import Audit
from kamalpy.spec.kamal1 import Kamal1
from kamalpy.spec.state import PROXY


@operation()
def stopped(
    service: str,
    roles: Sequence[str] = ("web",),
    accessories: Sequence[str] = (),
    destination: str | None = None,
    audit: Audit | None = None,
) -> Commands:
    """
    Ensure Traefik is stopped, so that kamal-proxy can use its ports; its container stays.

    + service: ``service`` in deploy.yml
    + roles: names of its roles
    + accessories: names of its accessories' containers
    + destination: destination, if there is one
    + audit: records the change in the audit log; None records nothing

    It reports what Kamal 1 left, and which other services Traefik routes to.

    **Example:**

    .. code:: python

        traefik.stopped(name="Make room for kamal-proxy", service="blog")
    """
    found = _found(service, roles, accessories, destination)
    if not found.running:
        noop("no Traefik runs here")
        return
    for name in found.running:
        report(f"{name}, {found.traefik[name][1]}, is Kamal 1's: kamal-proxy takes its place")
    if found.behind:
        others = ", ".join(found.behind)
        report(
            f"behind it are {others} as well: no request comes there until they are upgraded, too"
        )
    event = Event.from_audit(audit, "Stopped Traefik")
    yield _container.stop(found.running, event)
    forget()


@operation()
def back(
    service: str,
    roles: Sequence[str] = ("web",),
    accessories: Sequence[str] = (),
    destination: str | None = None,
) -> Commands:
    """
    Start a stopped Traefik again, in place of kamal-proxy.

    + service: ``service`` in deploy.yml
    + roles: names of its roles
    + accessories: names of its accessories' containers
    + destination: destination, if there is one

    **Example:**

    .. code:: python

        traefik.back(name="Take it back", service="blog")
    """
    found = _found(service, roles, accessories, destination)
    names = [name for name in found.traefik if name not in found.running]
    if not names:
        noop("no Traefik has been stopped here")
        return
    existing = engine(StateQuery()).container(PROXY)
    if existing is not None and existing.is_running:
        yield _container.stop([PROXY], Event(""))
    yield docker("start", *map(quoted, names))
    forget()


@operation()
def absent(
    service: str,
    roles: Sequence[str] = ("web",),
    accessories: Sequence[str] = (),
    destination: str | None = None,
    audit: Audit | None = None,
) -> Commands:
    """
    Remove what Kamal 1 left: Traefik, containers of health checks, files with secrets.

    + service: ``service`` in deploy.yml
    + roles: names of its roles
    + accessories: names of its accessories' containers
    + destination: destination, if there is one
    + audit: records the change in the audit log; None records nothing

    A running Traefik is not removed: stop it first.

    **Example:**

    .. code:: python

        traefik.absent(name="Forget Kamal 1", service="blog")
    """
    found = _found(service, roles, accessories, destination)
    if found.running:
        noop(f"{', '.join(found.running)} is running")
        return
    if not found.is_any:
        noop("nothing of Kamal 1 is here")
        return
    names = [*found.traefik, *found.checks]
    if names:
        event = Event.from_audit(audit, "Removed Traefik")
        yield _container.remove(names, event)
    if found.images:
        yield _image.remove(found.images, Event(""))
    if found.paths:
        report(f"secrets of old are not needed any more: {', '.join(found.paths)}")
        yield file.remove(*found.paths)
    forget()


def _found(
    service: str, roles: Sequence[str], accessories: Sequence[str], destination: str | None
) -> Kamal1:
    names = [("service", service), *(("roles", each) for each in roles)]
    names += [("accessories", each) for each in accessories]
    names += [("destination", destination)] if destination is not None else []
    for argument, name in names:
        valid.container(argument, name)
    apps = [App(service, role, destination) for role in roles]
    folder = App(service, "", destination).folder
    wanted = kamal1.paths(apps, accessories)
    facts: dict[str, Any] = host.get_fact(Fact, service=service, folder=folder, paths=wanted)
    return Kamal1.from_facts(facts, apps)
