"""Old containers and unused images of an app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyinfra.context import host

from kamalpy.commands import prune
from kamalpy.commands.audit import Event
from kamalpy.facts.leftovers import Leftovers as Fact
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, noop, operation, report
from kamalpy.spec.audit import Audit
from kamalpy.spec.leftovers import Leftover, Leftovers, total


@operation()
def containers(
    service: str,
    repository: str,
    destination: str | None = None,
    retain: int = 5,
    audit: Audit | None = None,
) -> Commands:
    """
    Remove old stopped containers of an app.

    + service: ``service`` in deploy.yml
    + repository: name of its images, without a tag
    + destination: destination, if there is one; those of other destinations stay
    + retain: number to keep of each role for a rollback, those that ran last
    + audit: records the change in the audit log; None records nothing

    Kamal counts the containers of all roles and destinations together.

    **Example:**

    .. code:: python

        prune.containers(name="Clear up", service="blog", repository="acme/blog", retain=3)
    """
    found = _read(service, repository, destination)
    old = found.old_containers(service, destination, retain)
    if not old:
        noop("no container is too many")
        return
    _tell("container", old)
    event = Event.from_audit(audit, "Pruned containers")
    yield prune.containers([each.reference for each in old], event)
    forget()


@operation()
def images(
    service: str,
    repository: str,
    destination: str | None = None,
    retain: int | None = None,
    everything: bool = False,
    without_containers: bool = False,
    audit: Audit | None = None,
) -> Commands:
    """
    Remove images of an app that no container on the host uses.

    + service: ``service`` in deploy.yml
    + repository: name of its images, without a tag
    + destination: destination, if there is one
    + retain: ignore the containers that ``prune.containers`` removes with this number
    + everything: images tagged latest as well
    + without_containers: ignore all containers of the app, as ``app.absent`` removes them
    + audit: records the change in the audit log; None records nothing

    **Example:**

    .. code:: python

        prune.images(name="Clear up", service="blog", repository="acme/blog")
    """
    found = _read(service, repository, destination)
    if retain is not None:
        found = found.without(found.old_containers(service, destination, retain))
    if without_containers:
        found = found.without(found.of_destination(destination))
    old = found.old_images(repository, everything)
    if not old:
        noop("no image is too many")
        return
    _tell("image", old)
    event = Event.from_audit(audit, "Pruned images")
    yield prune.images([each.reference for each in old], event)
    forget()


def _read(service: str, repository: str, destination: str | None) -> Leftovers:
    valid.service(service, destination)
    valid.image(repository, "repository")
    facts: dict[str, Any] = host.get_fact(Fact, service=service, repository=repository)
    return Leftovers.from_facts(facts)


def _tell(what: str, old: Sequence[Leftover]) -> None:
    for each in old:
        report(f"- {what} {each}")
    report(f"{len(old)} {what}{'s' if len(old) > 1 else ''}, {total(old)}")
