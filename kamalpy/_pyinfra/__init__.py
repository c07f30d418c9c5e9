"""pyinfra's private parts, and what is kept for one run of it; nobody else touches either."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar
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

Kept = TypeVar("Kept")
SAID = {"kamalpy": "said"}
"""Marks a record of the log that people want to see, among all that pyinfra tells."""
_ONLY_ASKING: ContextVar[bool] = ContextVar("only_asking", default=False)
_KEPT: WeakKeyDictionary[State, dict[type[Any], Any]] = WeakKeyDictionary()


def this_state() -> State:
    """Return the State itself, which the context object only stands for."""
    state: State = ctx_state.get()
    return state


def this_host() -> Host:
    """Return the Host itself, which the context object only stands for."""
    host: Host = ctx_host.get()
    return host


@contextmanager
def on(host: Host) -> Iterator[None]:
    """Let ``pyinfra.host`` be another host for a while."""
    with ctx_host.use(host):
        yield


def kept(kind: type[Kept]) -> Kept:
    """Return this run's object of a class, made on first use."""
    of_run = _KEPT.setdefault(this_state(), {})
    if kind not in of_run:
        of_run[kind] = kind()
    found: Kept = of_run[kind]
    return found


def continue_run(earlier: State, later: State) -> None:
    """Let the objects of a run serve a second State as well."""
    _KEPT[later] = _KEPT.setdefault(earlier, {})


def masks() -> Masks:
    """Return what this run must not show: from now on, nothing that it logs or prints does."""
    if not any(isinstance(each, _Hiding) for each in logger.filters):
        logger.addFilter(_Hiding())
    if not isinstance(output._echo, _HidingEcho):
        output.set_echo(_HidingEcho(output._echo))
    return kept(Masks) if ctx_state.isset() else Masks()


def hide(text: str) -> str:
    """Take out of a text what the run at hand must not show."""
    known = _KEPT.get(this_state(), {}).get(Masks) if ctx_state.isset() else None
    return known.hide(text) if known else text


def hide_error(error: BaseException) -> None:
    """Take it out of an error that nobody expects, and of those behind it: reports tell them."""
    known: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in known:
        known.add(id(each))
        each.args = tuple(hide(arg) if isinstance(arg, str) else arg for arg in each.args)
        each = each.__cause__ or each.__context__


class _Hiding(logging.Filter):
    """Every line of pyinfra's log goes through it, whoever writes it and whatever shows it."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            return True  # whoever formats it will say so
        hidden = hide(text)
        if hidden != text:
            record.msg, record.args = hidden, ()
        return True


@dataclass(frozen=True, slots=True)
class _HidingEcho:
    """What pyinfra prints with -vv and -vvv: commands and their output."""

    echo: Callable[..., None]

    def __call__(self, message: Any = None, **kwargs: Any) -> None:
        self.echo(hide(message) if isinstance(message, str) else message, **kwargs)


def is_executing() -> bool:
    """Tell whether commands are executed now, not only predicted."""
    return bool(this_state().is_executing)


@contextmanager
def only_asking() -> Iterator[None]:
    """Let operations decide without telling anybody, for whoever only wants to know."""
    token = _ONLY_ASKING.set(True)
    try:
        yield
    finally:
        _ONLY_ASKING.reset(token)


def is_only_asking() -> bool:
    """Tell whether a decision is asked for that nobody is to hear of."""
    return _ONLY_ASKING.get()


def wants_diff() -> bool:
    """Tell whether ``--diff`` was asked for and this is the moment to show it."""
    config = getattr(this_state(), "config", None)
    return bool(getattr(config, "DIFF", False)) and is_telling()


def is_telling() -> bool:
    """Tell whether this is the moment to say what will happen; pyinfra may think of it twice."""
    state = this_state()
    return bool(state.is_executing if not _checks_for_changes(state) else not state.is_executing)


def hosts_in_play() -> list[Host]:
    """List the hosts of this run in inventory order: those in ``--limit``, failed ones included."""
    state = this_state()
    return [host for host in state.inventory if state.is_host_in_limit(host)]


def is_active(host: Host) -> bool:
    """Tell whether a host was reached and has not failed."""
    return host in this_state().active_hosts


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
    """Do something on this machine in the turn of a host, which fails if that does."""

    def kamalpy_local(state: State, host: Host) -> bool:
        try:
            return act()
        except KamalpyError as error:
            host.log_styled(str(error), fg="red")
            return False

    return FunctionCommand(kamalpy_local, (), {})


def at_disconnect(act: Callable[[Host], None]) -> None:
    """Call something for each host just before it is disconnected, Ctrl-C included."""

    class AtDisconnect(BaseStateCallback):
        @staticmethod
        def host_disconnect(state: State, host: Host) -> None:
            with ctx_host.use(host):
                act(host)

    this_state().add_callback_handler(AtDisconnect())


def after_each_operation(act: Callable[[Host, str, bool], None]) -> None:
    """Call something with the host and hash of each operation, and whether it succeeded."""

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
    """Tell whether an operation begins on all hosts at once, as without ``--parallel``."""
    state = this_state()
    return state.pool is None or len(state.active_hosts) <= (state.pool.size or 0)


def operation_of(host: Host) -> str | None:
    """Return the hash of the operation whose generator is running on a host."""
    return host.current_op_hash


def commands_of(
    operation: PyinfraOperation[Any], *args: Any, **kwargs: Any
) -> Generator[PyinfraCommand, None, None]:
    """Return the commands of an operation, for one that has it as a part."""
    return operation._inner(*args, **kwargs)


def hash_of(called: OperationMeta) -> str:
    """Return the hash of an operation that was called."""
    return called._hash


def operation_at(host: Host) -> str | None:
    """Return the hash of the operation that a host is at, predicting or making it."""
    return host.current_op_hash or host.executing_op_hash


def command_line() -> list[str]:
    """Return the words that pyinfra was called with; it reports them in no other way."""
    return sys.argv[1:]


def _checks_for_changes(state: State) -> bool:
    return bool(getattr(state, "check_for_changes", True))
