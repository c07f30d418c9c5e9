"""The container of an accessory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyinfra.context import host

from kamalpy.commands import container as _container
from kamalpy.commands.audit import Event, log_file
from kamalpy.commands.base import docker, quoted
from kamalpy.commands.host import Host
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.accessory.env import default_env_file
from kamalpy.operations.accessory.mounts import Paths, volumes_of
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
from kamalpy.spec.change import Change
from kamalpy.spec.container import ContainerSpec


@operation()
def container(
    service: str,
    image: str,
    cmd: str | Sequence[str] | None = None,
    port: str | None = None,
    env: Mapping[str, str] | None = None,
    secrets: SecretValues | None = None,
    env_file: str | None = None,
    files: Paths = (),
    directories: Paths = (),
    volumes: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    options: Mapping[str, object] | None = None,
    restart: str = "unless-stopped",
    logging: Mapping[str, Any] | None = None,
    network: str = "kamal",
    stop_timeout: int | None = None,
    replace: bool = True,
    always: bool = False,
    app: str | None = None,
    performer: str | None = None,
) -> Commands:
    """
    Have an accessory run, as it should be.

    + service: name of its container, by which other containers find it
    + image: image with its registry and tag
    + cmd: command, split into words but never given to a shell; the image's by default
    + port: ``port``, ``host:container`` or ``ip:host:container`` to publish; none by default
    + env: clear variables; ``${NAME}`` in a value is completed by the host
    + secrets: secret variables, whose file ``accessory.env`` has written
    + env_file: where that file is on the host
    + files: files that ``accessory.files`` has put there, to be mounted
    + directories: directories that ``accessory.directories`` has made, to be mounted
    + volumes: ``source:path[:options]``, ``~`` and ``./`` being the SSH user's home
    + labels: labels beside ``service``
    + options: flags of ``docker run`` without dashes; ``True`` for a bare one, lists repeat one
    + restart: restart policy
    + logging: ``logging`` as in deploy.yml
    + network: Docker network
    + stop_timeout: seconds it has to stop; by default the image's own
    + replace: replace one that runs but differs; if False, say how it differs and leave it
    + always: replace it even if it is as it should be, since a file of it has changed
    + app: whose audit log is written, if ``performer`` is given
    + performer: who does it, for the audit log; None writes none

    One that differs is stopped first, since two must not share its data, and comes back if the new
    one does not stay up. Kamal leaves a container that exists as it is.

    **Example:**

    .. code:: python

        accessory.container(
            name="Run Postgres",
            service="blog-postgres",
            image="postgres:15",
            port="127.0.0.1:5432:5432",
            secrets={"POSTGRES_PASSWORD": HiddenValue(password)},
            directories=["data:/var/lib/postgresql/data"],
        )
    """
    logs = log_of(logging)
    clear = {"KAMAL_HOST": host.name, **valid.pairs("env", env or {})}
    spec = ContainerSpec(
        name=valid.container("service", service),
        image=valid.image(image),
        command=arguments(cmd),
        env=clear,
        secrets=secrets_of(secrets),
        env_file=valid.path("env_file", env_file or default_env_file(service)),
        volumes=(
            *(valid.text("volumes", each) for each in volumes),
            *volumes_of(service, files, directories),
        ),
        ports=(valid.text("port", port if ":" in port else f"{port}:{port}"),) if port else (),
        labels={"service": service, **valid.pairs("labels", labels or {})},
        network=valid.container("network", network),
        restart=valid.text("restart", restart),
        log_driver=logs.driver,
        log_options={name: str(value) for name, value in logs.options.items()},
        options=valid.flags(options or {}),
    )
    state = engine(Host((service,), (image,), (), tuple(clear)))
    there = state.container(service)
    changes = spec.drift(there, state) if there else (Change("container", None, service),)
    show(service, changes)
    if there and not always and not (changes and replace):
        if there.status == "running":
            told = "; ".join(map(str, changes))
            noop(f"{service} is running{', but differs: ' + told if told else ''}")
            return
        yield docker("start", quoted(service))
        forget()
        return
    log = log_file(app) if app and performer else ""
    event = Event(f"Booted {service} accessory", log, performer or "")
    yield _container.replace(spec, event, stop_timeout)
    forget()
