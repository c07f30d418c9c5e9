"""``docker run``, and putting one container in the place of another."""

from __future__ import annotations

import secrets as random
from collections.abc import Iterator, Mapping, Sequence

from pyinfra.api.command import StringCommand

from kamalpy.commands.audit import Event
from kamalpy.commands.base import Word, docker, joined, quoted, script
from kamalpy.commands.route import options
from kamalpy.spec import secret_files, volumes
from kamalpy.spec.container import SPEC_LABEL, ContainerSpec
from kamalpy.spec.env_file import is_multiline
from kamalpy.spec.route import Route

LABEL = "kamalpy.secrets"
"""The label of volumes that hold nothing but the secrets of their container."""


def run(spec: ContainerSpec) -> StringCommand:
    """Spell ``docker run`` for a container, its flags in the order that Kamal has them."""
    command = words(spec, random.token_hex(6))
    if spec.secret_file is None:
        return command
    return script("create", *command.bits, secrets=spec.secret_file, owner=spec.secrets_owner)


def words(spec: ContainerSpec, end_of_hostname: str) -> StringCommand:
    """Spell ``docker run``, or ``docker create`` with a volume for its secrets."""
    mount = f"type=volume,target={secret_files.FOLDER},volume-nocopy,volume-label={LABEL}"
    verb = ("run", "--detach") if spec.secret_file is None else ("create", "--mount", mount)
    flags = _flags(spec, end_of_hostname)
    return docker(*verb, *flags, quoted(spec.image), *(quoted(word) for word in spec.command))


def replace(spec: ContainerSpec, event: Event, stop: int | None = None) -> StringCommand:
    """Run a container; one with its name is stopped first, and comes back if the new one fails."""
    return script(
        "run",
        run(spec),
        name=spec.name,
        aside=aside(spec.name),
        stop=stop,
        **event.words,
        multiline=spec.multiline_file,
    )


def start(name: str, event: Event, route: Route | None = None) -> StringCommand:
    """Start an existing container, and route requests to it once it is healthy."""
    service, port = (route.service, route.port) if route else (None, None)
    to = options(route) if route else ()
    return script("start", *to, name=name, **event.words, service=service, port=port)


def stop(
    names: Sequence[str], event: Event, seconds: int | None = None, unroute: str | None = None
) -> StringCommand:
    """Stop containers, after removing a route."""
    return script("stop", *map(quoted, names), service=unroute, stop=seconds, **event.words)


def restart(name: str, event: Event, seconds: int | None = None) -> StringCommand:
    """Stop a container and start it."""
    return script("restart", name=name, stop=seconds, **event.words)


def remove(names: Sequence[str], event: Event, seconds: int | None = None) -> StringCommand:
    """Stop containers and remove them."""
    return script("remove", *map(quoted, names), stop=seconds, **event.words)


def extras(spec: ContainerSpec) -> tuple[Word, ...]:
    """Spell the log options and further options of a container, for another one like it."""
    return (*_logging(spec), *_options(spec))


def aside(name: str) -> str:
    """Make a name for a container that is being replaced, as Kamal does."""
    return f"{name}_replaced_{random.token_hex(8)}"


def _flags(spec: ContainerSpec, end_of_hostname: str) -> Iterator[Word]:
    yield from ("--restart", quoted(spec.restart), "--name", quoted(spec.name))
    yield from ("--network", quoted(spec.network))
    if spec.hostname is not None:
        yield from ("--hostname", quoted(f"{spec.hostname}{end_of_hostname}"))
    yield from _environment(spec)
    yield from _logging(spec)
    for port in spec.ports:
        yield from ("--publish", quoted(port))
    for volume in spec.volumes:
        yield from ("--volume", _volume(volume))
    yield from _pairs("--label", spec.labels)
    yield from ("--label", quoted(f"{SPEC_LABEL}={spec.remembered}"))
    yield from _options(spec)


def _logging(spec: ContainerSpec) -> Iterator[Word]:
    if spec.log_driver is not None:
        yield from ("--log-driver", quoted(spec.log_driver))
    yield from _pairs("--log-opt", spec.log_options)


def _environment(spec: ContainerSpec) -> Iterator[Word]:
    yield from _pairs("--env", spec.env)
    if spec.env_file is not None:
        yield from ("--env-file", quoted(spec.env_file))
    for name, secret in spec.secret_variables.items():
        if name not in spec.env and is_multiline(secret.reveal()):
            yield from ("--env", quoted(name))  # docker takes it from the script's environment


def _pairs(flag: str, pairs: Mapping[str, str]) -> Iterator[Word]:
    for name, value in pairs.items():
        yield flag
        yield StringCommand(quoted(f"{name}="), quoted(value), _separator="")


def _volume(volume: str) -> Word:
    below = volumes.below_home(volume)
    return quoted(volume) if below is None else joined('"$PWD"', quoted(below))


def _options(spec: ContainerSpec) -> Iterator[Word]:
    for flag, value in spec.options.items():
        for each in value if isinstance(value, (list, tuple)) else (value,):
            yield f"--{flag}" if each is True else joined(f"--{flag}=", _option(each))


def _option(value: object) -> Word:
    if isinstance(value, bool):
        return str(value).lower()
    return quoted(value)
