"""What a deploy leaves alone though it differs from deploy.yml: accessories, the proxy."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kamalpy.deploys.project import Project
from kamalpy.deploys.run import Run
from kamalpy.errors import KamalpyError
from kamalpy.operations.accessory.container import check_accessory
from kamalpy.operations.base import Commands, noop
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.state import PROXY


def check_drift(service: str, describe: Callable[[], ContainerSpec]) -> Commands:
    """
    Find out how an accessory differs from what it should be.

    What cannot be found out, since only whoever boots the accessory knows its secrets, stops no
    deploy of the app.
    """
    try:
        yield from check_accessory(describe())
    except KamalpyError as error:
        noop(f"cannot tell whether {service} is as it should be: {error}")


def reports(run: Run, on: str | None = None) -> Iterator[str]:
    """List what hosts have noted, and all that this run has seen to differ from deploy.yml."""
    for host, note in sorted(run.progress.notes):
        if on in (None, host):
            yield f"{host}: {note}"
    for project in list(run.projects.values())[:1]:
        for (host, thing), changes in run.progress.differences.items():
            if on in (None, host):
                listed, remedy = "; ".join(map(str, changes)), _remedy(project, thing)
                yield f"{thing} on {host} is not as deploy.yml says: {listed}; type: {remedy}"


def _remedy(project: Project, thing: str) -> str:
    names = {each.service_name: each.name for each in project.config.accessories}
    if thing == PROXY:
        return project.typed("proxy reboot")
    return project.typed("accessory boot", names.get(thing, thing))
