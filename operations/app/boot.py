"""Starting a version beside the one that serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyinfra.context import host

from kamalpy._pyinfra import is_executing, kept
from kamalpy.commands.app import Times
from kamalpy.commands.host import Host
from kamalpy.operations import valid
from kamalpy.operations.app.release import (
    Releases,
    app_of,
    container_of,
    event_of,
    release_of,
    route_of,
)
from kamalpy.operations.base import (
    Commands,
    SecretValues,
    engine,
    noop,
    operation,
    secrets_of,
    show,
)
from kamalpy.operations.words import arguments, log_of
from kamalpy.spec.app import App, hostname
from kamalpy.spec.change import Change
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.state import HostState


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
    volumes: Sequence[str] = (),
    asset_path: str | None = None,
    labels: Mapping[str, str] | None = None,
    options: Mapping[str, object] | None = None,
    restart: str = "unless-stopped",
    logging: Mapping[str, Any] | None = None,
    network: str = "kamal",
    proxy: Mapping[str, Any] | None = None,
    health: Mapping[str, Any] | None = None,
    deploy_timeout: int = 30,
    readiness_delay: int = 7,
    stop_timeout: int | None = None,
    wait: int = 0,
    performer: str | None = None,
) -> Commands:
    """
    Run the container of a version beside the old one, and wait until it is healthy.

    + service: ``service`` in deploy.yml
    + version: version to run; its container is ``<service>-<role>-<version>``
    + image: image with its registry and tag, which must be there
    + role: name of the role
    + destination: destination, if there is one
    + cmd: command, split into words but never given to a shell; the image's by default
    + env: clear variables; ``${NAME}`` in a value is completed by the host
    + secrets: secret variables, whose file ``app.env`` has written
    + volumes: ``source:path[:options]``, ``~`` and ``./`` being the SSH user's home
    + asset_path: folder over which the assets that ``app.assets`` has put there are mounted, with
      the mount's options behind a colon
    + labels: labels beside ``service``, ``role`` and ``destination``
    + options: flags of ``docker run`` without dashes; ``True`` for a bare one, lists repeat one
    + restart: restart policy
    + logging: ``logging`` as in deploy.yml
    + network: Docker network
    + proxy: ``proxy`` as in deploy.yml; with none, docker tells whether it is healthy
    + health: ``host`` and ``port`` of the proxy's health check, which deploy.yml cannot say
    + deploy_timeout: seconds until it must be healthy
    + readiness_delay: seconds it must run without a restart, if nothing checks its health
    + stop_timeout: seconds it has to stop if it is taken back
    + wait: seconds to wait before it begins
    + performer: who does it, for the audit log; None writes none

    Nothing is routed to it: ``app.switch`` does that, and ``app.retire`` then stops the old one.
    If it does not get healthy, or the connection dies before ``app.retire``, the host takes it
    back.

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
    app = app_of(service, role, destination)
    container = container_of(app, version)
    own = {
        "KAMAL_CONTAINER_NAME": container,
        "KAMAL_VERSION": version,
        "KAMAL_HOST": host.name,
        **({"KAMAL_DESTINATION": destination} if destination else {}),
    }
    logs = log_of(logging)
    spec = ContainerSpec(
        name=container,
        image=valid.image(image),
        command=arguments(cmd),
        env={**own, **valid.pairs("env", env or {})},
        secrets=secrets_of(secrets),
        env_file=app.env_file,
        volumes=(
            *(valid.text("volumes", each) for each in volumes),
            *((app.asset_volume(version, *asset_path.split(":", 1)),) if asset_path else ()),
        ),
        labels={**app.labels, **valid.pairs("labels", labels or {})},
        network=valid.container("network", network),
        hostname=hostname(host.name),
        restart=valid.text("restart", restart),
        log_driver=logs.driver,
        log_options={name: str(value) for name, value in logs.options.items()},
        options=valid.flags(options or {}),
    )
    probe = None if proxy is None else route_of(app, version, proxy, **_health(health))
    state = engine(Host((service,), (image,), (), tuple({**own, **(env or {})})))
    changes = _changes(app, spec, state)
    if not changes:
        noop(f"container {container} is running")
        return
    show(app.prefix, changes)
    release = release_of(app, container, state, probe is not None, stop_timeout)
    if is_executing():
        kept(Releases).booted[host.name, container] = release
    event = event_of(app, f"Booted app version {version}", performer)
    times = Times(deploy_timeout, readiness_delay, wait)
    yield release.boot(spec, probe, event, times)


def _changes(app: App, spec: ContainerSpec, state: HostState) -> tuple[Change, ...]:
    """List what makes a new container necessary."""
    of_role = state.labelled(**app.labels)
    there = state.container(spec.name)
    if there is not None and there.is_running:
        return spec.drift(there, state)
    serving = next((each for each in of_role if each.is_running), None)
    if serving is None:
        return (Change("container", there.status if there else None, spec.name),)
    drift = spec.drift(serving, state)
    told = tuple(each for each in drift if not each.field.startswith("env/KAMAL_"))
    return (Change("container", serving.name, spec.name), *told)


def _health(health: Mapping[str, Any] | None) -> dict[str, Any]:
    given = health or {}
    return {f"health_{key}": given[key] for key in ("host", "port") if given.get(key) is not None}
