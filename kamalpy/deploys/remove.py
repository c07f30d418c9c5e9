"""``remove``: remove everything of a service but its data and its audit log."""

from __future__ import annotations

from collections.abc import Iterator

from kamalpy.deploys.accessory_steps import AccessorySteps
from kamalpy.deploys.app import directories_absent, removal
from kamalpy.deploys.deploy_command import DeployCommand, deploy_command
from kamalpy.deploys.plan import Step
from kamalpy.deploys.proxy import ProxySteps
from kamalpy.deploys.queries import infrastructure_queries
from kamalpy.deploys.registry import logout


@deploy_command("remove", infrastructure_queries, accessories=True)
def remove(command: DeployCommand, data: bool = False) -> Iterator[Step]:
    """
    Remove the app, its accessories, the proxy where nothing else needs it, and the login.

    + data: files and data of the accessories as well
    """
    project = command.project
    yield from removal(project)
    for each in AccessorySteps.of(project):
        yield from each.remove(data)
    with_roles = {host for role in project.config.roles for host in role.hosts}
    hosts = tuple(h for h in project.play(project.config.hosts) if h not in with_roles)
    yield directories_absent(project, "Remove the accessories' secrets", hosts)
    yield from ProxySteps(project).remove_unless_needed()
    yield logout(project)
