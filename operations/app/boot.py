"""Starting a version next to the one that serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyinfra.context import host

from kamalpy.commands.app import Times
from kamalpy.commands.state_query import StateQuery
from kamalpy.operations.app.release import (
    Startup,
    add_booted,
    checked_app,
    container_name,
    new_release,
    remember_notes,
    role_route,
)
from kamalpy.operations.argument_types import Health, Logging, Proxy
from kamalpy.operations.base import Commands, SecretValues, engine, noop, operation, show
from kamalpy.operations.container_section import ContainerSection
from kamalpy.operations.host_variables import completed
from kamalpy.spec.app import App, hostname
from kamalpy.spec.audit import Audit
from kamalpy.spec.change import Change
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.record import Record
from kamalpy.spec.route import Route
from kamalpy.spec.state import HostState


@dataclass(frozen=True, slots=True, kw_only=True)
class Booting(Startup):
    """A version to be booted in a container of its own; ``always``, even if one runs like that."""

    spec: ContainerSpec
    always: bool = False

    def record(self, route: Route | None, asset_path: str | None) -> str:
        """Serialize what ``app.restore`` needs to boot it again."""
        times = {"timeout": self.times.timeout, "delay": self.times.delay, "stop": self.stop}
        record = Record.new(
            self.spec, route=route, probe=self.probe, asset_path=asset_path, **times
        )
        return record.text()


@operation()
def boot(
    service: str,
    version: str,
    image: str,
    role: str = "web",
    destination: str | None = None,
    cmd: str | Sequence[str] | None = None,
    env: Mapping[str, str] | None = None,
    secrets: SecretValues | None = None,
    secrets_as: str = "env",
    secrets_owner: str | None = None,
    volumes: Sequence[str] = (),
    asset_path: str | None = None,
    labels: Mapping[str, str] | None = None,
    options: Mapping[str, object] | None = None,
    restart: str = "unless-stopped",
    logging: Logging | None = None,
    network: str = "kamal",
    proxy: Proxy | None = None,
    health: Health | None = None,
    deploy_timeout: int = 30,
    readiness_delay: int = 7,
    stop_timeout: int | None = None,
    wait: int = 0,
    always: bool = False,
    audit: Audit | None = None,
) -> Commands:
    """
    Run the container of a version next to the old one, and wait until it is healthy.

    + service: ``service`` in deploy.yml
    + version: version to run; its container is ``<service>-<role>-<version>``
    + image: image with its registry and tag, which must be there
    + role: name of the role
    + destination: destination, if there is one
    + cmd: command, split into words but never given to a shell; the image's by default
    + env: clear variables; ``${NAME}`` and ``${NAME:-default}`` are variables of the server
    + secrets: secret variables, whose file ``app.env`` has written
    + secrets_as: ``env`` for variables, ``files`` for files in ``/run/secrets``,
      ``file_variables`` for files whose paths are variables, ``NAME_FILE``
    + secrets_owner: whose files those are, by name or number; by default the container's user's
    + volumes: ``source:path[:options]``, ``~`` and ``./`` being the SSH user's home, ``$NAME`` and
      ``${NAME}`` variables of the server
    + asset_path: folder over which the assets that ``app.assets`` has put there are mounted, with
      the mount's options behind a colon
    + labels: labels in addition to ``service``, ``role`` and ``destination``
    + options: flags of ``docker run`` without dashes; ``True`` for a bare one, lists repeat one
    + restart: restart policy
    + logging: ``logging`` as in deploy.yml
    + network: Docker network
    + proxy: ``proxy`` as in deploy.yml; with none, Docker decides whether it is healthy
    + health: ``host`` and ``port`` of the proxy's health check, which deploy.yml cannot express
    + deploy_timeout: seconds until it must be healthy
    + readiness_delay: seconds it must run without a restart, if nothing checks its health
    + stop_timeout: seconds it has to stop if it is reverted
    + wait: seconds to wait before it begins
    + always: run a new one even if one runs as it should be
    + audit: records the change in the audit log; None records nothing

    There is one argument for each key of a role in deploy.yml.

    Nothing is routed to it: ``app.switch`` does that, and ``app.retire`` then stops the old one.
    If it does not get healthy, or the connection ends before ``app.commit``, the host removes it.

    **Example:**

    .. code:: python

        app.boot(
            name="Boot v2",
            service="blog",
            version="v2",
            image="registry.example.com/acme/blog:v2",
            env={"RAILS_ENV": "production"},
            proxy={"host": "blog.example.com", "app_port": 3000},
        )
    """
    app = checked_app(service, role, destination)
    section = ContainerSection(
        image=image,
        cmd=cmd,
        env=env,
        secrets=secrets,
        secrets_as=secrets_as,
        secrets_owner=secrets_owner,
        volumes=volumes,
        labels=labels,
        options=options,
        restart=restart,
        logging=logging,
        network=network,
    )
    booting = Booting(
        app=app,
        version=version,
        spec=role_spec(app, version, host.name, section, asset_path),
        probe=None if proxy is None else role_route(app, version, proxy, health),
        times=Times(deploy_timeout, readiness_delay, wait),
        stop=stop_timeout,
        always=always,
        audit=audit,
    )
    yield from boot_container(booting)


def role_spec(
    app: App, version: str, on: str, section: ContainerSection, asset_path: str | None = None
) -> ContainerSpec:
    """Describe the container of a version on a host."""
    container = container_name(app, version)
    env = {"KAMAL_CONTAINER_NAME": container, "KAMAL_VERSION": version, "KAMAL_HOST": on}
    if app.destination:
        env["KAMAL_DESTINATION"] = app.destination
    mounts = [app.asset_volume(version, *asset_path.split(":", 1))] if asset_path else []
    return section.spec(container, env, app.labels, app.env_file, mounts, hostname=hostname(on))


def boot_container(booting: Booting) -> Commands:
    """Run a container as described, unless one runs like that."""
    app, spec, probe = booting.app, completed(booting.spec), booting.probe
    state = engine(StateQuery((app.service,), (spec.image,), (), tuple(spec.env)))
    remember_notes(app, state)
    changes = _changes(app, spec, state)
    if not changes and not booting.always:
        noop(f"container {spec.name} is running")
        return
    show(app.prefix, changes)
    release = new_release(app, spec.name, state, probe is not None, booting.stop)
    add_booted(release)
    yield release.boot(spec, probe, booting.event, booting.times)


def _changes(app: App, spec: ContainerSpec, state: HostState) -> tuple[Change, ...]:
    """List the changes that require a new container."""
    of_role = state.labelled(**app.labels)
    existing = state.container(spec.name)
    if existing is not None and existing.is_running:
        return spec.drift(existing, state)
    serving = next((each for each in of_role if each.is_running), None)
    if serving is None:
        return (Change("container", existing.status if existing else None, spec.name),)
    drift = spec.drift(serving, state)
    own = tuple(each for each in drift if not each.field.startswith("env/KAMAL_"))
    return (Change("container", serving.name, spec.name), *own)
