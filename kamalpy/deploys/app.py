"""The commands of the app."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kamalpy._pyinfra import commands_of
from kamalpy.config import Role
from kamalpy.deploys.app_steps import AppSteps
from kamalpy.deploys.deploy_command import DeployCommand, deploy_command
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Step, call
from kamalpy.deploys.project import Project
from kamalpy.deploys.queries import app_queries, deploy_queries
from kamalpy.deploys.role_release import RoleRelease, role_step
from kamalpy.deploys.versions import serving_version
from kamalpy.errors import DeployError
from kamalpy.operations import app, proxy, prune
from kamalpy.operations.base import Commands


@deploy_command("app boot", deploy_queries, "Nothing is booted", version=serving_version)
def app_boot(command: DeployCommand) -> Iterator[Step]:
    """
    Boot a version anew, on all hosts or on none, as deploy.yml has it today.

    By default it is the version that serves. Kamal boots what is tagged as the latest, and calls
    its containers so.
    """
    yield from Infrastructure(command.project).logins()
    yield from AppSteps(command.project, command.hooks, anew=True, prune=False).all()


@deploy_command("app start", app_queries)
def app_start(command: DeployCommand) -> Iterator[Step]:
    """Start the version that ran last, or another one that is there, and route requests to it."""
    config = command.project.config

    def start(role: RoleRelease) -> Commands:
        return commands_of(
            app.start,
            **role.names,
            version=command.options.version,
            proxy=role.role.proxy,
            health=role.health,
            error_pages=role.has_pages,
            deploy_timeout=config.deploy_timeout,
            drain_timeout=config.drain_timeout,
            audit=command.project.audit(),
        )

    yield _each_role(command.project, "Start the app", start)


@deploy_command("app stop", app_queries)
def app_stop(command: DeployCommand) -> Iterator[Step]:
    """Stop the app; requests to it get 404."""
    yield _each_role(command.project, "Stop the app", _stop)


@deploy_command("app stale_containers", app_queries)
def app_stale_containers(command: DeployCommand) -> Iterator[Step]:
    """Stop versions that run next to the one that serves."""
    latest = command.project.config.latest_image

    def stop(role: RoleRelease) -> Commands:
        return commands_of(app.stale, **role.names, latest=latest, stop_timeout=role.stop_timeout)

    yield _each_role(command.project, "Stop old versions", stop)


@deploy_command("app maintenance", app_queries)
def app_maintenance(
    command: DeployCommand, message: str = "", drain_timeout: int | None = None
) -> Iterator[Step]:
    """
    Answer requests with 503 and a message, across deploys, until ``app_live``.

    + message: text of the error page
    + drain_timeout: seconds that open requests may take; by default ``drain_timeout``
    """
    seconds = command.project.config.drain_timeout if drain_timeout is None else drain_timeout

    def close(service: str) -> Commands:
        return commands_of(proxy.maintenance, service, str(message), seconds)

    yield _each_route(command.project, "Begin the maintenance", close)


@deploy_command("app live", app_queries)
def app_live(command: DeployCommand) -> Iterator[Step]:
    """End the maintenance."""
    yield _each_route(
        command.project, "End the maintenance", lambda service: commands_of(proxy.live, service)
    )


@deploy_command("app remove", app_queries)
def app_remove(command: DeployCommand) -> Iterator[Step]:
    """Stop the app, and remove its containers, images and files; the audit log stays."""
    yield from removal(command.project)


@deploy_command("app remove_container", app_queries)
def app_remove_container(command: DeployCommand) -> Iterator[Step]:
    """Remove the containers of one ``version``, which must not run."""
    version = command.options.version
    if not version:
        raise DeployError("version: which one is to be removed? write version=VERSION")
    yield _containers(command.project, f"Remove the containers of {version}", version)


@deploy_command("app remove_containers", app_queries)
def app_remove_containers(command: DeployCommand) -> Iterator[Step]:
    """Remove all containers of the app that do not run."""
    yield _containers(command.project)


@deploy_command("app remove_images", app_queries)
def app_remove_images(command: DeployCommand) -> Iterator[Step]:
    """Remove all images of the app that no container has."""
    yield _images(command.project)


@deploy_command("app remove_app_directories", app_queries)
def app_remove_app_directories(command: DeployCommand) -> Iterator[Step]:
    """Remove the files of the app: secrets, assets, certificates, what releases were."""
    yield directories_absent(command.project, "Remove the app's files")


def removal(project: Project) -> Iterator[Step]:
    """List the steps that remove everything of the app but its audit log."""
    yield _each_role(project, "Stop the app", _stop)
    yield _containers(project, running=True)
    yield _images(project, without_containers=True)
    yield directories_absent(project, "Remove the app's files")


def directories_absent(project: Project, title: str, hosts: tuple[str, ...] | None = None) -> Step:
    """Remove the files of the app, on the hosts that only roles in play use, or on others."""
    service, destination = project.config.service, project.config.destination
    hosts = project.whole_hosts if hosts is None else hosts
    return call(title, hosts, app.directories_absent, service, destination, project.audit())


def _each_role(project: Project, title: str, operation: Callable[[RoleRelease], Commands]) -> Step:
    return role_step(
        project, title, project.roles, lambda role, _: operation(RoleRelease(project, role))
    )


def _each_route(project: Project, title: str, operation: Callable[[str], Commands]) -> Step:
    def act(role: Role, host: str) -> Commands:
        return operation(project.app(role.name).prefix)

    return role_step(project, title, [role for role in project.roles if role.proxy], act)


def _stop(role: RoleRelease) -> Commands:
    audit = role.project.audit()
    return commands_of(app.stop, **role.names, stop_timeout=role.stop_timeout, audit=audit)


def _containers(
    project: Project,
    title: str = "Remove the app's containers",
    version: str | None = None,
    running: bool = False,
) -> Step:
    def remove(role: RoleRelease) -> Commands:
        return commands_of(
            app.absent,
            **role.names,
            version=version,
            running=running,
            stop_timeout=role.stop_timeout,
            audit=project.audit(),
        )

    return _each_role(project, title, remove)


def _images(project: Project, without_containers: bool = False) -> Step:
    return call(
        "Remove the app's images",
        project.whole_hosts,
        prune.images,
        service=project.config.service,
        repository=project.config.repository,
        destination=project.config.destination,
        everything=True,
        without_containers=without_containers,
        audit=project.audit("Removed all app images"),
    )
