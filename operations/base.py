"""The base of all operations."""

from __future__ import annotations

import secrets as random
from collections.abc import Callable, Generator, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, cast

from pyinfra import logger
from pyinfra.api.arguments_typed import PyinfraOperation
from pyinfra.api.command import PyinfraCommand, StringCommand
from pyinfra.api.hiddenvalue import HiddenValue
from pyinfra.api.operation import OperationMeta
from pyinfra.api.operation import operation as pyinfra_operation
from pyinfra.context import host

from kamalpy._pyinfra import (
    SAID,
    hide_error,
    is_executing,
    is_quiet,
    is_reporting,
    masks,
    refusal,
    run_object,
    wants_diff,
)
from kamalpy._pyinfra.execution import AtOnce
from kamalpy.commands import file
from kamalpy.commands.app import Release
from kamalpy.commands.base import Chain
from kamalpy.commands.state_query import StateQuery
from kamalpy.errors import ArgumentError, KamalpyError
from kamalpy.facts.observe import observe
from kamalpy.operations import valid
from kamalpy.operations.call import check_call
from kamalpy.secrets import Secret
from kamalpy.spec import env_file
from kamalpy.spec.change import Change
from kamalpy.spec.file import FileSpec
from kamalpy.spec.state import HostState

P = ParamSpec("P")
_REASONS: ContextVar[list[str] | None] = ContextVar("reasons", default=None)
SecretValues = Mapping[str, Secret | HiddenValue]
Commands = Generator[PyinfraCommand, None, None]


@dataclass(slots=True)
class Progress:
    """
    What the operations of this run have done and read so far.

    ``token`` identifies this run. ``booted`` are the releases to switch to, commit or revert, by
    host and container; ``differences`` were not changed, by host and thing; ``notes`` are what
    hosts have noted about deploys, and ``docker`` the hosts on which it is going to be installed.
    ``is_lock_held``: another run held the deploy lock when this one tried to take it.
    """

    token: str = field(default_factory=lambda: random.token_hex(16))
    booted: dict[tuple[str, str], Release] = field(default_factory=dict)
    committed: set[tuple[str, str]] = field(default_factory=set)
    differences: dict[tuple[str, str], tuple[Change, ...]] = field(default_factory=dict)
    notes: set[tuple[str, str]] = field(default_factory=set)
    docker: set[str] = field(default_factory=set)
    is_lock_held: bool = False


def progress() -> Progress:
    """Return the progress of this run."""
    return run_object(Progress)


def operation(is_idempotent: bool = True) -> Callable[[Callable[P, Commands]], PyinfraOperation[P]]:
    """
    Make a generator of commands an operation, as pyinfra's own decorator does.

    Wrong arguments are refused when it is called. A mistake of the user's is raised while
    operations are prepared, which stops the run before anything has changed; later it fails only
    the host where it occurs.
    """

    def decorate(function: Callable[P, Commands]) -> PyinfraOperation[P]:
        @wraps(function)
        def commands(*args: P.args, **kwargs: P.kwargs) -> Commands:
            yield from guarded(function(*args, **kwargs))

        decorator = pyinfra_operation(is_idempotent=is_idempotent)
        prepare: Callable[..., OperationMeta] = decorator(commands)

        @wraps(prepare)
        def checked(*args: Any, **kwargs: Any) -> OperationMeta:
            check_call(function, args, kwargs)
            return prepare(*args, **kwargs)

        return cast(PyinfraOperation[P], checked)

    return decorate


def guarded(commands: Commands) -> Commands:
    """Run the generator of an operation; while hosts are changed, a mistake fails its one host."""
    try:
        yield from commands
    except KamalpyError as error:
        if not is_executing() or is_quiet():
            raise
        yield refusal(str(error))
    except Exception as error:
        hide_error(error)
        raise


def combined(several: Iterable[Commands], ends: bool = True, parallel: bool = False) -> Commands:
    """
    Run operations on one host by as few SSH commands as possible, or in parallel.

    The first that fails ends the sequence, or all run whatever fails. In parallel, each has at most
    one command.
    """
    begun = _begin(several)
    commands = [command for command, _ in begun if isinstance(command, StringCommand)]
    yield from (each for each, _ in begun if each and not isinstance(each, StringCommand))
    yield from [AtOnce(commands)] if parallel and len(commands) > 1 else Chain.of(commands, ends)
    for _, each in begun:
        yield from each


def _begin(several: Iterable[Commands]) -> list[tuple[PyinfraCommand | None, Commands]]:
    """Start operations; report why nothing happens only if none of them runs a command."""
    reasons: list[str] = []
    token = _REASONS.set(reasons)
    try:
        begun = [(next(each, None), each) for each in several]
    finally:
        _REASONS.reset(token)
    if not any(isinstance(command, StringCommand) for command, _ in begun):
        for reason in reasons:
            noop(reason)
    return begun


def engine(query: StateQuery) -> HostState:
    """Read the state of a host that has a running Docker engine, or is about to install it."""
    state = observe(query)
    is_predicting = not is_executing() or is_quiet()
    if is_predicting and host.name in progress().docker:
        return state
    if state.docker in ("absent", "stopped", "unknown"):
        reasons = {"absent": "has no Docker", "stopped": "has a Docker that does not answer"}
        what = reasons.get(str(state.docker), "did not report whether it has Docker")
        raise ArgumentError(f"{host.name} {what}; run setup, or server.docker() before this")
    return state


def noop(reason: str) -> None:
    """Report why nothing happens; shown with ``-v``."""
    collected = _REASONS.get()
    if collected is not None:
        collected.append(reason)
    elif not is_quiet():
        host.noop(reason)


def show(thing: str, changes: Iterable[Change]) -> None:
    """Print each field that changes, where ``--diff`` is on."""
    if not wants_diff():
        return
    for change in changes:
        host.log(f"{change.sign} {thing}: {change}")


def report(line: str) -> None:
    """Print a line about what is going to change, once, with or without ``--diff``."""
    if is_reporting():
        host.log(line)


def warn(lines: Iterable[str]) -> None:
    """Print warnings of the current host while it is changed."""
    for line in lines if is_executing() else ():
        host.log_styled(line, fg="yellow", log_func=logger.warning)


def announce(line: str) -> None:
    """Print a line of output of a program on this machine, unchanged."""
    logger.info(line, extra=SAID)


def differs(thing: str, changes: Iterable[Change]) -> None:
    """Record that a thing differs from its description and is not changed."""
    found = tuple(changes)
    if found and is_reporting():
        progress().differences[host.name, thing] = found


def changed_files(files: Iterable[FileSpec], state: HostState, present: str) -> list[FileSpec]:
    """Return the files that differ, after showing how; report ``present`` where none does."""
    changed = [each for each in files if each.drift(state)]
    for each in changed:
        show(each.path, each.drift(state))
    if not changed:
        noop(present)
    return changed


def secret_file(
    thing: str, path: str, secrets: SecretValues | None, as_files: bool = False
) -> Commands:
    """Ensure a file of secrets is present, with a second file for multi-line values."""
    files = env_file.files(valid.path("env_file", path), secrets_of(secrets), as_files)
    valid.environment("secrets", secrets or ())
    state = engine(StateQuery(paths=tuple(each.path for each in files)))
    needed = [each for each in files if each.content or each.path in state.files]
    if changed := changed_files(needed, state, f"{thing} are there"):
        yield file.put(changed)


def secret(name: str, value: Secret | HiddenValue) -> Secret:
    """Return a secret argument; refuse plain strings, which pyinfra prints."""
    if isinstance(value, Secret):
        return Secret(value.name, masks().masked_reader(value.name, value.reveal))
    if isinstance(value, HiddenValue):
        return Secret(name, masks().masked_reader(name, value.unmask))
    raise ArgumentError(
        f"{name}: a plain value would be printed; give kamalpy.secrets.Secret or HiddenValue(...)"
    )


def secrets_of(values: SecretValues | None) -> dict[str, Secret]:
    """Return secret arguments by name."""
    return {name: secret(name, value) for name, value in (values or {}).items()}
