"""Running deploys by pyinfra's own engine, in this process."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gevent
from pyinfra.api.config import Config
from pyinfra.api.connect import connect_all, disconnect_all
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.inventory import Inventory
from pyinfra.api.operations import run_ops
from pyinfra.api.state import State, StateStage
from pyinfra.context import ctx_config, ctx_host, ctx_inventory, ctx_state

from kamalpy._pyinfra import continue_run, is_lost, run_object
from kamalpy._pyinfra.signals import end_on_ctrl_c, restore_signals
from kamalpy.cli import errors, terminals
from kamalpy.cli.event_bridge import VERDICT, Listener, ReportingConnector, title
from kamalpy.cli.events import (
    CommandRan,
    Exit,
    Level,
    Message,
    RunEnded,
    RunStarted,
    Status,
    StepEnded,
)
from kamalpy.cli.filters import select_names
from kamalpy.cli.output import Output
from kamalpy.cli.settings import Settings, words
from kamalpy.config import Configuration
from kamalpy.connectors.command import Command
from kamalpy.connectors.hooks import PreConnect
from kamalpy.connectors.hosts import data_of, groups_of, read
from kamalpy.deploys import outcome
from kamalpy.deploys.build import LOCAL
from kamalpy.deploys.outcome import reports
from kamalpy.deploys.plan import Plan, Stage
from kamalpy.deploys.run import Run, this_run
from kamalpy.errors import DeployError, HookError, KamalpyError, UnreachableError
from kamalpy.reference.spelling import count

NOT_BUILT = "Nothing is deployed, since the image was not built and pushed"
PLAN = "plan"
"""The command whose exit status reports whether there is anything to do."""
Deploy = Callable[[], Any]
Step = tuple[str, str]
"""A step, by its hash or title, and the host it is for."""


@dataclass
class Engine:
    """One run over the hosts of a deploy.yml."""

    settings: Settings
    output: Output
    begun: float = field(default_factory=time.monotonic)
    listener: Listener | None = None
    local: State | None = None
    predicted: set[Step] = field(default_factory=set)
    changed: set[Step] = field(default_factory=set)
    disconnected: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        gc.freeze()
        gc.enable()

    @property
    def config(self) -> Configuration:
        """The configuration that the command line selects."""
        settings = self.settings
        file, destination = settings.config_file, settings.destination
        config = read(file, destination, Path.cwd(), *self._permissions)
        return config.with_image(settings.image) if settings.image else config

    @property
    def roles(self) -> Sequence[str]:
        """The roles that ``-r`` selects; empty for all."""
        names = [role.name for role in self.config.roles]
        return select_names(self.settings.roles, names, "role")

    @property
    def hosts(self) -> Sequence[str]:
        """The hosts in play: those selected, of the roles selected, the primary role's first."""
        config, roles = self.config, [self.config.role(name) for name in self.roles]
        of_roles = [host for role in roles if role is not None for host in role.hosts]
        selected = select_names(self.settings.hosts, config.hosts, "host") or config.hosts
        if self.settings.primary:
            return of_roles[:1] or [config.primary_host]
        hosts = [host for host in selected if not roles or host in of_roles]
        if not hosts:
            raise DeployError(
                f"--hosts {self.settings.hosts} and --roles {self.settings.roles}: no host is in "
                "both; leave one out"
            )
        first = set(config.primary_role.hosts) if config.roles else set()
        return sorted(hosts, key=lambda host: host not in first)

    @property
    def _permissions(self) -> tuple[bool, bool]:
        return self.settings.ruby, self.settings.allow_commands

    def run(self, command: str, deploy: Deploy, build: Deploy | None = None) -> int:
        """Run a deploy on all hosts in play, or predict it, after a build on this machine."""
        self.output.show(RunStarted(command, tuple(self.hosts), self.settings.dry))
        if build is not None:
            state, status = self._run_local(build)
            if status != Exit.OK:
                return self._finish(command, state, status, (NOT_BUILT,))
        with self.connected() as state:
            status = self._execute(state, deploy)
        return self._finish(command, state, status)

    def run_here(self, command: str, deploy: Deploy) -> int:
        """Run a deploy on this machine alone, or predict it."""
        self.output.show(RunStarted(command, (LOCAL,), self.settings.dry))
        return self._finish(command, *self._run_local(deploy))

    def _run_local(self, deploy: Deploy) -> tuple[State, int]:
        state = self.local = self._state([LOCAL])
        with self._signals(state):
            connect_all(state)
            status = self._execute(state, deploy)
        if status != Exit.OK and self.listener is not None:
            self.listener.end_failed_steps()
        return state, status

    @contextmanager
    def connected(self, hosts: Sequence[str] | None = None) -> Iterator[State]:
        """Connect to all hosts in play, or to some; raises when none can be reached."""
        hosts = self.hosts if hosts is None else hosts
        self._announce(len(hosts))
        state = self.unconnected(hosts)
        with self._signals(state):
            try:
                self._connect(state)
                yield state
            finally:
                disconnect_all(state)

    @contextmanager
    def _signals(self, state: State) -> Iterator[None]:
        """Let Ctrl-C end a run; the handlers from before are restored after it."""
        with ctx_state.use(state):
            end_on_ctrl_c()
            try:
                state.set_stage(StateStage.Connect)
                yield
            finally:
                restore_signals()

    def _announce(self, hosts: int) -> None:
        """Show on a terminal that servers are being connected to, which may take a while."""
        if terminals.is_live(sys.stderr, self.settings) and not self.settings.json:
            sys.stderr.write(f"Connecting to {count(hosts, 'server')} ...\n")
            sys.stderr.flush()

    def _connect(self, state: State) -> None:
        try:
            connect_all(state)
        except PyinfraError as error:
            if state.active_hosts:
                raise
            if run_object(PreConnect).failure:
                raise HookError("nothing is done, since the hook pre-connect failed") from error
            raise UnreachableError("no server can be reached") from error
        finally:
            if self.listener is not None:
                self.listener.show_connecting()

    def unconnected(self, hosts: Sequence[str]) -> State:
        """Make pyinfra's State of some hosts, without any connection."""
        state = self._state(hosts)
        for host in state.inventory:
            host.connector = ReportingConnector(state, host)
            host.connector.output = self.output
        return state

    def _state(self, hosts: Sequence[str]) -> State:
        config = self.config
        data = [(host, data_of(config, host, *self._permissions)) for host in hosts]
        groups: dict[str, tuple[list[str], dict[str, Any]]] = {}
        for host in hosts:
            for group in groups_of(config, host) if host != LOCAL else ():
                groups.setdefault(group, ([], {}))[0].append(host)
        inventory = Inventory((data, {}), **groups)
        _silence()
        settings = Config(PARALLEL=max(len(hosts), 1), DIFF=self.settings.diff)
        state = State(inventory, settings, check_for_changes=self.settings.dry)
        if self.local is not None:
            continue_run(self.local, state)
        if self.listener is not None:
            self.listener.close()
        self.listener = Listener(self.output, state)
        ctx_state.set(state)
        ctx_inventory.set(inventory)
        ctx_config.set(state.config)
        with ctx_state.use(state):
            self._set_command()
        return state

    def _set_command(self) -> None:
        """Describe the command line to hooks and deploys."""
        settings, command = self.settings, run_object(Command)
        command.program, command.words = "kamalpy", words()
        command.roles, command.skip_hooks = tuple(self.roles), settings.skip_hooks
        command.verbose = bool(settings.verbose)
        command.connect_timeout, command.report = settings.connect_timeout, self._report_local
        selected = select_names(settings.hosts, self.config.hosts, "host")
        command.hosts = tuple(self.hosts if settings.primary else selected)

    def _report_local(self, words: str, succeeded: bool, seconds: float, output: str) -> None:
        lines = tuple(output.splitlines())
        self.output.show(CommandRan(LOCAL, words, succeeded, round(seconds, 3), lines))

    def _execute(self, state: State, deploy: Deploy) -> int:
        state.set_stage(StateStage.Prepare)
        self._prepare(state, deploy)
        if self.settings.dry:
            self._predict(state)
            return Exit.OK
        state.set_stage(StateStage.Execute)
        status = Exit.ERROR
        try:
            with suppress(PyinfraError):  # all hosts have failed, and have reported why
                run_ops(state)
                status = Exit.ERROR if state.failed_hosts else Exit.OK
        finally:
            self.changed |= _changed(state)
            self.disconnected |= {host.name for host in state.inventory if is_lost(host)}
        failed = {host.name for host in state.failed_hosts}
        return Exit.UNREACHABLE if failed and failed <= self.disconnected else status

    def _prepare(self, state: State, deploy: Deploy) -> None:
        """Call a deploy for each host; raise the first error, show others that differ."""
        failures: dict[str, Exception] = {}

        def call(host: Host) -> None:
            try:
                with ctx_host.use(host):
                    deploy()
            except Exception as error:
                failures[host.name] = error

        gevent.joinall([gevent.spawn(call, host) for host in state.inventory.get_active_hosts()])
        in_order = [host.name for host in state.inventory if host.name in failures]
        texts = dict.fromkeys(str(failures[name]) for name in in_order)
        first_with = {str(failures[name]): name for name in reversed(in_order)}
        for text in list(texts)[1:]:
            self.output.show(Message(text, first_with[text], Level.ERROR))
        if in_order:
            raise failures[in_order[0]]

    def _predict(self, state: State) -> None:
        messages: Mapping[Step, Sequence[str]] = self.listener.messages if self.listener else {}
        for op_hash in state.get_op_order():
            for host in state.inventory:
                operation = state.ops[host].get(op_hash)
                if operation is not None and operation.operation_meta.will_change:
                    step, lines = title(state, op_hash), messages.get((host.name, op_hash), ())
                    self.output.show(StepEnded(step, host.name, Status.PREDICTED, 0, tuple(lines)))
                    self.predicted.add((step, host.name))

    def _finish(self, command: str, state: State, status: int, why: tuple[str, ...] = ()) -> int:
        """Show how the command has ended, and return its exit status."""
        with ctx_state.use(state):
            run = this_run()
            plans, differences = list(run.plans.values()), list(reports(run))
        missing = [host.name for host in state.inventory if host not in state.activated_hosts]
        lost = [] if missing or status == Exit.OK else [host.name for host in state.failed_hosts]
        failed = [plan for plan in plans if plan.failures or missing or lost]
        leftovers = [plan for plan in plans if plan.leftovers and not plan.failures]
        for plan in failed:
            why = (*why, _why(plan, missing, lost), *(plan.report or {}).values())
        statuses = [self._status(run, plan) for plan in (*failed, *leftovers)]
        status = next(filter(None, statuses), status)
        status = Exit.UNREACHABLE if missing else status
        for text in (*differences, *map(outcome.summary, leftovers)):
            self.output.show(Message(text, level=Level.WARNING))
        if command == PLAN and status == Exit.OK and (self.predicted or differences):
            status = Exit.DRIFT
        seconds = round(time.monotonic() - self.begun, 3)
        hosts = len({host for _, host in self.changed or self.predicted})
        counts = (len(self.changed), len(self.predicted), hosts)
        is_local = state is self.local  # a build has named the next command already
        next_ = None if is_local else errors.after(status, self.settings)
        self.output.show(RunEnded(command, status, seconds, *counts, why, next_))
        return status

    def _status(self, run: Run, plan: Plan) -> int:
        """Return the exit status for the first thing that failed; 0 if nothing has."""
        if plan.is_committed and outcome.not_committed(plan):
            return Exit.DIVIDED
        if plan.failed_stage is None:
            return Exit.LEFTOVERS if plan.leftovers else Exit.OK
        if plan.first_failed in self.disconnected and not plan.is_committed:
            return Exit.UNREACHABLE
        if plan.failed_stage is Stage.LOCK:
            return Exit.LOCKED if run.progress.is_lock_held else Exit.ERROR
        by_stage = {Stage.BOOT: Exit.UNHEALTHY, Stage.SWITCH: Exit.REVERTED}
        return by_stage.get(plan.failed_stage, Exit.ERROR)


def _silence() -> None:
    """Keep pyinfra from drawing, and gevent from printing errors that kamalpy reports itself."""
    os.environ.setdefault("PYINFRA_PROGRESS", "off")
    hub = gevent.get_hub()
    ours = [each for each in (KeyboardInterrupt, KamalpyError) if each not in hub.NOT_ERROR]
    hub.NOT_ERROR = (*hub.NOT_ERROR, *ours)


def _changed(state: State) -> set[Step]:
    """List the steps that have changed a host, and which."""
    return {
        (op_hash, host.name)
        for host in state.inventory
        for op_hash, operation in state.ops[host].items()
        if operation.operation_meta.executed and not title(state, op_hash).endswith(VERDICT)
    }


def _why(plan: Plan, missing: Sequence[str], lost: Sequence[str]) -> str:
    """Describe the outcome of a plan: what failed, and which hosts could not be reached."""
    before = {outcome.failed_before(host): host for host in (*missing, *lost)}
    failures = [each for each in dict.fromkeys(plan.failures) if each not in before]
    silent = [host for text, host in before.items() if host in lost and text in plan.failures]
    silent = silent or [*(lost if not failures else ())]
    reasons = [
        f"{', '.join(missing)} cannot be reached" if missing else "",
        f"{', '.join(sorted(silent))} did not answer" if silent else "",
        f"this failed: {'; '.join(failures)}" if failures else "",
    ]
    why = "; ".join(filter(None, reasons))
    if plan.is_committed and not missing and not silent:
        return outcome.summary(plan)
    is_undone = not plan.is_committed and (plan.failures or plan.begun)
    return f"{plan.undone}, since {why}" if is_undone else why
