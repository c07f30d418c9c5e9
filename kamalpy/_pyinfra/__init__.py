"""pyinfra's private parts, and the objects of one run; no other package uses the former."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from pyinfra import logger
from pyinfra.api import output
from pyinfra.api.arguments_typed import PyinfraOperation
from pyinfra.api.command import FunctionCommand, PyinfraCommand
from pyinfra.api.host import Host
from pyinfra.api.operation import OperationMeta
from pyinfra.api.state import BaseStateCallback, State
from pyinfra.context import ctx_host, ctx_state

from kamalpy.errors import KamalpyError
from kamalpy.secrets.masking import Masks

_Object = TypeVar("_Object")
_P = ParamSpec("_P")
SAID = {"kamalpy": "said"}
"""Marks a log record for the user, among all those of pyinfra."""
_QUIET: ContextVar[bool] = ContextVar("decide_quietly", default=False)
_OBJECTS: WeakKeyDictionary[State, dict[type[Any], Any]] = WeakKeyDictionary()


def this_state() -> State:
    """Return the State itself, not its context proxy."""
    state: State = ctx_state.get()
    return state


def this_host() -> Host:
    """Return the Host itself, not its context proxy."""
    host: Host = ctx_host.get()
    return host


@contextmanager
def on(host: Host) -> Iterator[None]:
    """Make another host the current one of ``pyinfra.host``."""
    with ctx_host.use(host):
        yield


def run_object(kind: type[_Object], make: Callable[[], _Object] | None = None) -> _Object:
    """Return this run's object of a class, made on first use."""
    objects = _OBJECTS.setdefault(this_state(), {})
    if kind not in objects:
        objects[kind] = make() if make is not None else kind()
    found: _Object = objects[kind]
    return found


def continue_run(earlier: State, later: State) -> None:
    """Share the objects of a run with a second State."""
    _OBJECTS[later] = _OBJECTS.setdefault(earlier, {})


def masks() -> Masks:
    """Return the masks of this run, which apply to all that it logs and prints from now on."""
    if not any(isinstance(each, _MaskingFilter) for each in logger.filters):
        logger.addFilter(_MaskingFilter())
    if not isinstance(output._echo, _MaskingEcho):
        output.set_echo(_MaskingEcho(output._echo))
    return run_object(Masks) if ctx_state.isset() else Masks()


def hide(text: str) -> str:
    """Mask the secrets of this run in a text."""
    masks = _OBJECTS.get(this_state(), {}).get(Masks) if ctx_state.isset() else None
    return masks.hide(text) if masks else text


def hide_error(error: BaseException) -> None:
    """Mask the secrets of this run in an unexpected error and its causes, for the traceback."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        each.args = tuple(hide(arg) if isinstance(arg, str) else arg for arg in each.args)
        each = each.__cause__ or each.__context__


class _MaskingFilter(logging.Filter):
    """Masks every line of pyinfra's log."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            return True  # reported where it is formatted
        masked = hide(text)
        if masked != text:
            record.msg, record.args = masked, ()
        return True


@dataclass(frozen=True, slots=True)
class _MaskingEcho:
    """Masks what pyinfra prints with -vv and -vvv: commands and their output."""

    echo: Callable[..., None]

    def __call__(self, message: Any = None, **kwargs: Any) -> None:
        self.echo(hide(message) if isinstance(message, str) else message, **kwargs)


def is_executing() -> bool:
    """Tell whether commands are executed now, not only predicted."""
    return bool(this_state().is_executing)


@contextmanager
def decide_quietly() -> Iterator[None]:
    """Let operations decide without reporting, where only their decision is needed."""
    token = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(token)


def is_quiet() -> bool:
    """Tell whether operations decide without reporting."""
    return _QUIET.get()


def wants_diff() -> bool:
    """Tell whether ``--diff`` is on and this is the phase in which it is shown."""
    return bool(this_state().config.DIFF) and is_reporting()


def is_reporting() -> bool:
    """Tell whether operations report now; pyinfra may run them before execution as well."""
    state = this_state()
    return not is_quiet() and state.is_executing is not state.check_for_changes


def hosts_in_play() -> list[Host]:
    """List the hosts of this run in inventory order: those in ``--limit``, failed ones included."""
    state = this_state()
    return [host for host in state.inventory if state.is_host_in_limit(host)]


def is_active(host: Host) -> bool:
    """Tell whether a host was reached and has not failed."""
    return host in this_state().active_hosts


def is_lost(host: Host) -> bool:
    """Tell whether a host was connected to, and its connection is lost."""
    return getattr(host.connector, "is_lost", False)


def refusal(message: str) -> FunctionCommand:
    """Fail this host with a message; unlike an exception this leaves the others running."""

    def kamalpy_refuses(state: State, host: Host) -> bool:
        for line in message.splitlines():
            host.log_styled(line, fg="red")
        arguments = host.current_op_global_arguments
        if arguments is None or not arguments["_ignore_errors"]:
            state.failed_hosts.add(host)  # exit status 1 even with --no-wait
        return False

    return FunctionCommand(kamalpy_refuses, (), {})


def local_call(act: Callable[[], bool]) -> FunctionCommand:
    """Call a function on this machine as a command of a host, which fails with it."""

    def kamalpy_local(state: State, host: Host) -> bool:
        try:
            return act()
        except KamalpyError as error:
            host.log_styled(str(error), fg="red")
            return False

    return FunctionCommand(kamalpy_local, (), {})


def at_disconnect(act: Callable[[Host], None]) -> None:
    """Call a function for each host just before it is disconnected, Ctrl-C included."""

    class AtDisconnect(BaseStateCallback):
        @staticmethod
        def host_disconnect(state: State, host: Host) -> None:
            with ctx_host.use(host):
                act(host)

    this_state().add_callback_handler(AtDisconnect())


def after_connecting(act: Callable[[Host], None]) -> None:
    """Call a function with each host that is connected to from now on, again included."""

    class AfterConnecting(BaseStateCallback):
        @staticmethod
        def host_connect(state: State, host: Host) -> None:
            with ctx_host.use(host):
                act(host)

    this_state().add_callback_handler(AfterConnecting())


def after_each_operation(act: Callable[[Host, str, bool], None]) -> None:
    """Call a function with the host and hash of each operation, and whether it succeeded."""

    class AfterOperation(BaseStateCallback):
        @staticmethod
        def operation_host_success(
            state: State, host: Host, op_hash: str, retry_count: int = 0
        ) -> None:
            act(host, op_hash, True)

        @staticmethod
        def operation_host_error(
            state: State, host: Host, op_hash: str, retry_count: int = 0, max_retries: int = 0
        ) -> None:
            act(host, op_hash, False)

    this_state().add_callback_handler(AfterOperation())


def fits_all_hosts() -> bool:
    """Tell whether operations begin on all hosts at once, as without ``--parallel``."""
    state = this_state()
    return state.pool is None or len(state.active_hosts) <= (state.pool.size or 0)


def operation_of(host: Host) -> str | None:
    """Return the hash of the operation whose generator is running on a host."""
    return host.current_op_hash


def commands_of(
    operation: PyinfraOperation[_P], *args: _P.args, **kwargs: _P.kwargs
) -> Generator[PyinfraCommand, None, None]:
    """Return the commands of an operation, for one that has it as a part."""
    return operation._inner(*args, **kwargs)


def hash_of(called: OperationMeta) -> str:
    """Return the hash of an operation that was called."""
    return called._hash


def operation_at(host: Host) -> str | None:
    """Return the hash of the operation that a host predicts or executes."""
    return host.current_op_hash or host.executing_op_hash


def command_line() -> list[str]:
    """Return the arguments of pyinfra's command line, which it keeps nowhere else."""
    return sys.argv[1:]
