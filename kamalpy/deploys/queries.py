"""What a plan asks of each host, so that one reading answers it all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kamalpy.commands.audit import log_file
from kamalpy.commands.lock import Lock
from kamalpy.commands.state_query import StateQuery
from kamalpy.config import Accessory, Env, Role
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.project import Project
from kamalpy.operations.accessory.mounts import directory_path, file_path
from kamalpy.operations.proxy.config import pages_in
from kamalpy.spec import secret_files
from kamalpy.spec.app import App
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.env_file import MULTILINE_SUFFIX


def deploy_queries(project: Project, with_accessories: bool) -> Mapping[str, StateQuery]:
    """List, by host, what the steps on it decide by."""
    config = project.config
    accessories = config.accessories if with_accessories else ()
    return {
        host: _ask(project, host, project.roles_on(host), accessories)
        for host in project.play(config.hosts)
    }


def infrastructure_queries(
    project: Project, accessories: Sequence[Accessory] = ()
) -> Mapping[str, StateQuery]:
    """List, by host, what steps decide by that are not about the app: no version is needed."""
    hosts = project.play(project.config.hosts)
    return {host: _ask(project, host, (), accessories) for host in hosts}


def app_queries(project: Project) -> Mapping[str, StateQuery]:
    """List, by host, what is decided by where the app is not deployed anew."""
    config = project.config
    app = App(config.service, "", config.destination)
    return {
        host: StateQuery(
            services=(config.service,),
            images=(config.latest_image,),
            paths=(f".kamal/apps/{app.folder}", app.proxy_folder),
            clear=_clear([role.env(host) for role in project.roles_on(host)]),
            lock=Lock(config.service, config.destination).folder,
            releases=(app.releases,),
            audits=(log_file(config.service, config.destination),),
        )
        for host in project.play(config.hosts)
    }


def _ask(project: Project, host: str, roles: Sequence[Role], of: Sequence[Accessory]) -> StateQuery:
    config = project.config
    accessories = [each for each in of if host in each.hosts]
    envs = [role.env(host) for role in roles] + [each.env for each in accessories]
    env_files = [App(config.service, role.name, config.destination).env_file for role in roles]
    env_files += [Infrastructure(project).env_file(each) for each in accessories]
    mounts = [path for each in accessories for path in (each.service_name, *_mounts(each))]
    return StateQuery(
        services=(config.service, *(each.service_name for each in accessories)),
        images=(
            *((config.absolute_image, config.latest_image) if roles else ()),
            *((Infrastructure(project).run(host).image,) if host in config.proxy_hosts else ()),
            *(each.image for each in accessories),
        ),
        paths=(
            *(path for each in env_files for path in (each, each + MULTILINE_SUFFIX)),
            *mounts,
            *_app_paths(project, roles),
            ".kamal/proxy/apps-config",
        ),
        clear=_clear(envs),
        lock=Lock(config.service, config.destination).folder,
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
            log_options={n: str(v) for n, v in part.logging.options.items()},
            options=part.options,
            volumes=tuple(volumes),
        ).variables


def _clear(envs: Iterable[Env]) -> tuple[str, ...]:
    """List the variables whose values may be shown."""
    own = ("CONTAINER_NAME", "VERSION", "HOST", "DESTINATION")
    known = list(envs)
    secret = {name for env in known for name in env.secret}
    clear = [name for env in known for name in env.clear if name not in secret]
    clear += secret_files.variables(secret)
    return tuple(dict.fromkeys((*(f"KAMAL_{name}" for name in own), *clear)))


def _app_paths(project: Project, roles: Iterable[Role]) -> Iterator[str]:
    """List what is on a host of the roles' assets, certificates and error pages."""
    config = project.config
    for role in roles:
        app = App(config.service, role.name, config.destination)
        if role.proxy and role.asset_path:
            yield f"{app.assets}/volumes/{role.name}-{config.version}"
        if role.proxy and role.proxy.custom_certificate:
            yield from (f"{app.tls}/cert.pem", f"{app.tls}/key.pem")
        if role.proxy and config.error_pages_path:
            for page in pages_in(str(config.root / config.error_pages_path)):
                yield f"{app.error_pages(config.version)}/{page.name}"
