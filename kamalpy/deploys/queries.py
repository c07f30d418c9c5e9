"""What a plan reads of each host, so that one query answers it all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kamalpy.commands.audit import log_file
from kamalpy.commands.state_query import StateQuery
from kamalpy.config import Accessory, Env, Role
from kamalpy.deploys.accessory_steps import AccessorySteps
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.project import Project
from kamalpy.operations.accessory.files import directory_path, file_path
from kamalpy.operations.proxy.config import pages_in
from kamalpy.spec import secret_files
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.env_file import MULTILINE_SUFFIX


def deploy_queries(project: Project) -> Mapping[str, StateQuery]:
    """List, by host, what the steps of a deploy depend on."""
    hosts = project.play(project.config.hosts)
    return {host: _query(project, host, project.roles_on(host)) for host in hosts}


def infrastructure_queries(project: Project) -> Mapping[str, StateQuery]:
    """List, by host, what steps other than the app's depend on: no version is needed."""
    return {host: _query(project, host, ()) for host in project.play(project.config.hosts)}


def app_queries(project: Project) -> Mapping[str, StateQuery]:
    """List, by host, what steps depend on where the app is not deployed."""
    config, app = project.config, project.app()
    return {
        host: StateQuery(
            services=(config.service,),
            images=(config.latest_image,),
            paths=(f".kamal/apps/{app.folder}", app.proxy_folder),
            clear=_clear([role.env(host) for role in project.roles_on(host)]),
            lock=project.lock.folder,
            releases=(app.releases,),
            audits=(log_file(config.service, config.destination),),
        )
        for host in project.play(config.hosts)
    }


def _query(project: Project, host: str, roles: Sequence[Role]) -> StateQuery:
    config = project.config
    accessories = [each for each in project.accessories if host in each.hosts]
    envs = [role.env(host) for role in roles] + [each.env for each in accessories]
    env_files = [project.app(role.name).env_file for role in roles]
    env_files += [AccessorySteps(project, each).env_file for each in accessories]
    proxy_image = Infrastructure(project).proxy_image(host)
    return StateQuery(
        services=(config.service, *(each.service_name for each in accessories)),
        images=(
            *((config.absolute_image, config.latest_image) if roles else ()),
            *((proxy_image,) if host in config.proxy_hosts else ()),
            *(each.image for each in accessories),
        ),
        paths=(
            *(path for each in env_files for path in (each, each + MULTILINE_SUFFIX)),
            *(path for each in accessories for path in (each.service_name, *_mounts(each))),
            *_app_paths(project, roles),
            ".kamal/proxy/apps-config",
        ),
        clear=_clear(envs),
        lock=project.lock.folder,
        variables=tuple(_variables(project, host, roles, accessories)),
        networks=("kamal",),
    )


def _mounts(accessory: Accessory) -> Iterator[str]:
    """List where an accessory's directories and files are on the server, variables included."""
    service = accessory.service_name
    yield from (directory_path(service, each) for each in accessory.directories)
    yield from (file_path(service, each) for each in accessory.files)


def _variables(
    project: Project, host: str, roles: Sequence[Role], accessories: Sequence[Accessory]
) -> Iterator[str]:
    """List the variables of the server that containers are described with."""
    parts: list[tuple[Role | Accessory, Env, Sequence[str]]] = [
        *((role, role.env(host), project.config.volumes) for role in roles),
        *((each, each.env, (*each.volumes, *_mounts(each))) for each in accessories),
    ]
    for part, env, volumes in parts:
        yield from ContainerSpec(
            name="",
            image="",
            env=env.clear,
            labels=part.labels,
            log_options={name: str(value) for name, value in part.logging.options.items()},
            options=part.options,
            volumes=tuple(volumes),
        ).variables


def _clear(envs: Sequence[Env]) -> tuple[str, ...]:
    """List the variables whose values may be shown."""
    own = ("CONTAINER_NAME", "VERSION", "HOST", "DESTINATION")
    secret = {name for env in envs for name in env.secret}
    clear = [name for env in envs for name in env.clear if name not in secret]
    clear += secret_files.variables(secret)
    return tuple(dict.fromkeys((*(f"KAMAL_{name}" for name in own), *clear)))


def _app_paths(project: Project, roles: Iterable[Role]) -> Iterator[str]:
    """List the paths of the roles' assets, certificates and error pages."""
    config = project.config
    for role in roles:
        app = project.app(role.name)
        if role.proxy and role.asset_path:
            yield f"{app.assets}/volumes/{role.name}-{config.version}"
        if role.proxy and role.proxy.custom_certificate:
            yield from (f"{app.tls}/cert.pem", f"{app.tls}/key.pem")
        if role.proxy and config.error_pages_path:
            for page in pages_in(str(config.root / config.error_pages_path)):
                yield f"{app.error_pages(config.version)}/{page.name}"
