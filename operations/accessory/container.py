"""The container of an accessory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyinfra.context import host

from kamalpy.commands import container as _container
from kamalpy.commands.audit import Event
from kamalpy.commands.base import docker, quoted
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.accessory.files import Paths, default_env_file, mount_words
from kamalpy.operations.argument_types import Logging
from kamalpy.operations.base import Commands, SecretValues, differs, engine, noop, operation, show
from kamalpy.operations.container_section import ContainerSection
from kamalpy.operations.host_variables import completed
from kamalpy.spec.audit import Audit
from kamalpy.spec.change import Change
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.state import Container


@operation()
def container(
    service: str,
    image: str,
    cmd: str | Sequence[str] | None = None,
    port: str | None = None,
    env: Mapping[str, str] | None = None,
    secrets: SecretValues | None = None,
    secrets_as: str = "env",
    secrets_owner: str | None = None,
    env_file: str | None = None,
    files: Paths = (),
    directories: Paths = (),
    volumes: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    options: Mapping[str, object] | None = None,
    restart: str = "unless-stopped",
    logging: Logging | None = None,
    network: str = "kamal",
    stop_timeout: int | None = None,
    replace: bool = True,
    always: bool = False,
    leave: bool = False,
    audit: Audit | None = None,
) -> Commands:
    """
    Ensure an accessory runs as described: one argument for each key of deploy.yml's accessories.

    + service: name of its container, by which other containers find it
    + image: image with its registry and tag
    + cmd: command, split into words but never given to a shell; the image's by default
    + port: ``port``, ``host:container`` or ``ip:host:container`` to publish; none by default
    + env: clear variables; ``${NAME}`` and ``${NAME:-default}`` are variables of the server
    + secrets: secret variables, whose file ``accessory.env`` has written
    + secrets_as: ``env`` for variables, ``files`` for files in ``/run/secrets``,
      ``file_variables`` for files whose paths are variables, ``NAME_FILE``
    + secrets_owner: whose files those are, by name or number; by default the container's user's
    + env_file: where that file is on the host
    + files: files that ``accessory.files`` has written, to mount
    + directories: directories that ``accessory.directories`` has created, to mount
    + volumes: ``source:path[:options]``, ``~`` and ``./`` being the SSH user's home, ``$NAME`` and
      ``${NAME}`` variables of the server
    + labels: labels in addition to ``service``
    + options: flags of ``docker run`` without dashes; ``True`` for a bare one, lists repeat one
    + restart: restart policy
    + logging: ``logging`` as in deploy.yml
    + network: Docker network
    + stop_timeout: seconds it has to stop; by default the image's own
    + replace: replace one that runs but differs; if False, report how it differs
    + always: replace it even if it does not differ, since a file of it has changed
    + leave: change nothing, only report how it differs
    + audit: records the change in the audit log; None records nothing

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
    spec = accessory_spec(service, host.name, section, port, env_file, files, directories)
    if leave:
        yield from check_accessory(spec)
    else:
        yield from run_accessory(spec, stop_timeout, replace, always, audit)


def accessory_spec(
    service: str,
    on: str,
    section: ContainerSection,
    port: str | None = None,
    env_file: str | None = None,
    files: Paths = (),
    directories: Paths = (),
) -> ContainerSpec:
    """Describe an accessory on a host; the arguments are those of ``accessory.container``."""
    published = (valid.text("port", port if ":" in port else f"{port}:{port}"),) if port else ()
    return section.spec(
        valid.container("service", service),
        {"KAMAL_HOST": on},
        {"service": service},
        valid.path("env_file", env_file or default_env_file(service)),
        mount_words(service, files, directories),
        ports=published,
    )


def run_accessory(
    spec: ContainerSpec,
    stop_timeout: int | None = None,
    replace: bool = True,
    always: bool = False,
    audit: Audit | None = None,
) -> Commands:
    """Run a container as described; the arguments are those of ``accessory.container``."""
    spec, existing, changes = _compared(spec)
    show(spec.name, changes)
    if existing is None or always or (changes and replace):
        event = Event.from_audit(audit, f"Booted {spec.name} accessory")
        yield _container.replace(spec, event, stop_timeout)
        forget()
    elif existing.status == "running":
        differs(spec.name, changes)
        listed = "; ".join(map(str, changes))
        noop(f"{spec.name} is running{', but differs: ' + listed if listed else ''}")
    else:
        yield docker("start", quoted(spec.name))
        forget()


def check_accessory(spec: ContainerSpec) -> Commands:
    """Report how a container differs from its description, without changing it."""
    spec, existing, changes = _compared(spec)
    if existing is not None and existing.status != "running":
        changes = (Change("state", existing.status, "running"), *changes)
    differs(spec.name, changes)
    noop(f"{spec.name} is left as it is")
    yield from ()


def _compared(spec: ContainerSpec) -> tuple[ContainerSpec, Container | None, tuple[Change, ...]]:
    spec = completed(spec)
    state = engine(StateQuery((spec.name,), (spec.image,), (), tuple(spec.env)))
    existing = state.container(spec.name)
    changes = spec.drift(existing, state) if existing else (Change("container", None, spec.name),)
    return spec, existing, changes
