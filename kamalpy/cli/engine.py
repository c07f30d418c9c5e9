"""Running deploys by pyinfra's own engine, in this process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
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

from kamalpy._pyinfra import continue_run, kept
from kamalpy._pyinfra.signals import end_on_ctrl_c, restore_signals
from kamalpy.cli import errors, terminals
from kamalpy.cli.event_bridge import OWN, HeardConnector, Listener, title
from kamalpy.cli.events import Begins, Ends, Level, Said, Status, StepEnds
from kamalpy.cli.filters import matching
from kamalpy.cli.output import Output
from kamalpy.cli.settings import Settings, words
from kamalpy.cli.status import Exit
from kamalpy.config import Configuration
from kamalpy.connectors.command import Command
from kamalpy.connectors.hooks import PreConnect
from kamalpy.connectors.hosts import data_of, groups_of, read
from kamalpy.deploys import outcome
from kamalpy.deploys.build import LOCAL
from kamalpy.deploys.drift import reports
from kamalpy.deploys.plan import Plan, Plans, Stage
from kamalpy.errors import DeployError, HookError, KamalpyError, UnreachableError

NOTHING_DEPLOYED = "Nothing is deployed"
PLAN = "plan"
"""The command whose exit status tells whether there is anything to do."""
Deploy = Callable[..., Any]
Named = tuple[str, dict[str, Any]]
Group = tuple[list[str], dict[str, Any]]


@dataclass
class Engine:
    """One run over the hosts of a deploy.yml."""

    settings: Settings
    output: Output
    begun: float = field(default_factory=time.monotonic)
    predicted: set[tuple[str, str]] = field(default_factory=set)
    listener: Listener | None = None
    changed: set[tuple[str, str]] = field(default_factory=set)
    before: State | None = None

    @property
    def config(self) -> Configuration:
        """The configuration that the command line asks for."""
        said = self.settings
        config = read(
            said.config_file, said.destination, Path.cwd(), said.ruby, said.allow_commands
        )
        return config.with_image(said.image) if said.image else config

    @property
    def roles(self) -> Sequence[str]:
        """The roles that are asked for; none are all."""
        known = [role.name for role in self.config.roles]
        return matching(self.settings.roles, known, "role")

    @property
    def hosts(self) -> Sequence[str]:
        """The hosts in play: those asked for, of the roles asked for, the primary role's first."""
        config = self.config
        asked = matching(self.settings.hosts, config.hosts, "host") or config.hosts
        if self.settings.primary:
            return [_role_hosts(config, self.roles[0])[0] if self.roles else config.primary_host]
        of_roles = {host for name in self.roles for host in _role_hosts(config, name)}
        hosts = [host for host in asked if not self.roles or host in of_roles]
        if not hosts:
            raise DeployError(
                f"--hosts {self.settings.hosts} and --roles {self.settings.roles}: no host is in "
                "both; leave one out"
            )
        first = set(config.primary_role.hosts) if config.roles else set()
        return sorted(hosts, key=lambda host: host not in first)

    def run(
        self, command: str, deploy: Deploy, first: Callable[[], Any] | None = None, **arguments: Any
    ) -> int:
        """
        Make a deploy on all hosts in play, or only say what it would do.

        What comes ``first`` is made on this machine, before any connection.
        """
        self.output.show(Begins(command, tuple(self.hosts), self.settings.dry))
        if first is not None:
            state, status = self._here(first)
            if status != Exit.OK:
                why = f"{NOTHING_DEPLOYED}, since the image was not built and pushed"
                return self._finish(command, state, status, (why,))
        state = self.connected()
        try:
            with ctx_state.use(state):
                status = self._play(state, deploy, arguments)
        finally:
            with ctx_state.use(state):
                disconnect_all(state)
                restore_signals()
        return self._finish(command, state, status)

    def run_here(self, command: str, deploy: Deploy, **arguments: Any) -> int:
        """Make a deploy on this machine alone, or only say what it would do."""
        self.output.show(Begins(command, (LOCAL,), self.settings.dry))
        state, status = self._here(lambda: deploy(**arguments))
        return self._finish(command, state, status)

    def _here(self, act: Callable[[], Any]) -> tuple[State, int]:
        state = self.before = self._state([(LOCAL, data_of(self.config, LOCAL))], {})
        end_on_ctrl_c()
        state.set_stage(StateStage.Connect)
        connect_all(state)
        with ctx_state.use(state):
            try:
                status = self._play(state, act, {})
            finally:
                restore_signals()
        if status != Exit.OK and self.listener is not None:
            self.listener.failed()
        return state, status

    def connected(self, hosts: Sequence[str] | None = None) -> State:
        """Connect to all hosts in play, or to some; raises when none can be reached."""
        state = self.unconnected(hosts)
        end_on_ctrl_c()
        state.set_stage(StateStage.Connect)
        self._announce(state)
        try:
            connect_all(state)
        except PyinfraError as error:
            if state.active_hosts:
                raise
            with ctx_state.use(state):
                if kept(PreConnect).failure:
                    raise HookError("nothing is done, since the hook pre-connect failed") from error
            raise UnreachableError("no server can be reached") from error
        finally:
            if self.listener is not None:
                self.listener.connected()
        return state

    def _announce(self, state: State) -> None:
        """Show on a terminal that servers are being connected to, which may take a while."""
        if terminals.is_live(sys.stderr, self.settings) and not self.settings.json:
            hosts = len(state.inventory)
            sys.stderr.write(f"Connecting to {hosts} server{'s' if hosts != 1 else ''} ...\n")
            sys.stderr.flush()

    def unconnected(self, hosts: Sequence[str] | None = None) -> State:
        """Know all hosts in play, or some, as pyinfra does; there is no connection yet."""
        config = self.config
        allowed = (self.settings.ruby, self.settings.allow_commands)
        wanted = self.hosts if hosts is None else hosts
        names = [(host, data_of(config, host, *allowed)) for host in wanted]
        state = self._state(names, _groups(config, [name for name, _ in names]))
        for host in state.inventory:
            host.connector = HeardConnector(state, host)
            if self.listener is not None:
                host.connector.listener = self.listener
        return state

    def _state(self, names: Sequence[Named], groups: Mapping[str, Group]) -> State:
        inventory = Inventory((list(names), {}), **groups)
        _quieten()
        settings = Config(PARALLEL=max(len(names), 1), DIFF=self.settings.diff)
        state = State(inventory, settings, check_for_changes=self.settings.dry)
        if self.before is not None:
            continue_run(self.before, state)
        if self.listener is not None:
            self.listener.close()
        self.listener = Listener(self.output, state)
        ctx_state.set(state)
        ctx_inventory.set(inventory)
        ctx_config.set(state.config)
        with ctx_state.use(state):
            self._tell_what_was_typed()
        state.add_callback_handler(self.listener)
        return state

    def _tell_what_was_typed(self) -> None:
        said, known = self.settings, kept(Command)
        known.program, known.words = "kamalpy", words()
        known.roles, known.skip_hooks = tuple(self.roles), said.skip_hooks
        known.verbose = bool(said.verbose)
        known.connect_timeout = said.connect_timeout
        asked = matching(said.hosts, self.config.hosts, "host")
        known.hosts = tuple(self.hosts if said.primary else asked)

    def _play(self, state: State, deploy: Deploy, arguments: dict[str, Any]) -> int:
        state.set_stage(StateStage.Prepare)
        self._on_all(state, lambda: deploy(**arguments))
        if self.settings.dry:
            return self._predict(state)
        state.set_stage(StateStage.Execute)
        try:
            run_ops(state)
        except PyinfraError:
            return Exit.ERROR  # all hosts have failed, and have said why
        finally:
            self.changed |= _changed(state)
        return Exit.ERROR if state.failed_hosts else Exit.OK

    def _on_all(self, state: State, act: Callable[[], Any]) -> None:
        failures: dict[str, Exception] = {}

        def on(host: Host) -> None:
            try:
                with ctx_host.use(host):
                    act()
            except Exception as error:
                failures[host.name] = error

        gevent.joinall([gevent.spawn(on, host) for host in state.inventory.get_active_hosts()])
        names = [host.name for host in state.inventory]
        self._raise([(name, failures[name]) for name in names if name in failures])

    def _raise(self, failures: Sequence[tuple[str, Exception]]) -> None:
        """Raise the first one, if any, and tell of those that say something else."""
        seen: set[str] = set()
        for host, error in failures:
            if seen and str(error) not in seen:
                self.output.show(Said(str(error), host, Level.ERROR))
            seen.add(str(error))
        if failures:
            raise failures[0][1]

    def _predict(self, state: State) -> int:
        for name in state.get_op_order():
            for host in state.inventory:
                made = state.ops[host].get(name)
                if made is not None and made.operation_meta.will_change:
                    said = self.listener.said.get((host.name, name), ()) if self.listener else ()
                    step = title(state, name)
                    self.output.show(StepEnds(step, host.name, Status.PREDICTED, 0, tuple(said)))
                    self.predicted.add((step, host.name))
        return Exit.OK

    def _finish(self, command: str, state: State, status: int, why: tuple[str, ...] = ()) -> int:
        seconds = round(time.monotonic() - self.begun, 3)
        changed = self.changed | _changed(state)
        with ctx_state.use(state):
            plans, differing = list(kept(Plans).by_key.values()), list(reports())
        missing = [host.name for host in state.inventory if host not in state.activated_hosts]
        lost = [] if missing or status == Exit.OK else [host.name for host in state.failed_hosts]
        failed = [plan for plan in plans if plan.failures or missing or lost]
        told = [line for plan in failed for line in (_why(plan, missing, lost), *_hosts(plan))]
        left = [plan for plan in plans if plan.leftovers and not plan.failures]
        status = next((_status(plan) for plan in (*failed, *left) if _status(plan)), status)
        status = Exit.UNREACHABLE if missing else status
        for each in (*differing, *map(outcome.summary, left)):
            self.output.show(Said(each, level=Level.WARNING))
        if command == PLAN and status == Exit.OK and (self.predicted or differing):
            status = Exit.DRIFT
        hosts = len({host for _, host in changed or self.predicted})
        numbers = (len(changed), len(self.predicted), hosts)
        is_local = [host.name for host in state.inventory] == [LOCAL]
        next_ = None if is_local else errors.after(status, self.settings)  # a build has said it
        self.output.show(Ends(command, status, seconds, *numbers, (*why, *told), next_))
        return status


def _quieten() -> None:
    """Let pyinfra draw nothing, and gevent hand on what we tell without a report of its own."""
    os.environ.setdefault("PYINFRA_PROGRESS", "off")
    hub = gevent.get_hub()
    ours = [each for each in (KeyboardInterrupt, KamalpyError) if each not in hub.NOT_ERROR]
    hub.NOT_ERROR = (*hub.NOT_ERROR, *ours)


def _changed(state: State) -> set[tuple[str, str]]:
    """List the steps that have changed a host, and which."""
    return {
        (op_hash, host.name)
        for host in state.inventory
        for op_hash, made in state.ops[host].items()
        if made.operation_meta.executed and not title(state, op_hash).endswith(OWN)
    }


def _why(plan: Plan, missing: Sequence[str], lost: Sequence[str]) -> str:
    """Say what came of a plan, what it was that failed, and who could not be reached or asked."""
    failed = f"this failed: {'; '.join(dict.fromkeys(plan.failures))}" if plan.failures else ""
    absent = f"{', '.join(missing)} cannot be reached" if missing else ""
    silent = f"{', '.join(sorted(lost))} did not answer" if lost and not failed else ""
    why = "; ".join(filter(None, (absent, silent, failed)))
    if plan.is_committed and not absent and not silent:
        return outcome.summary(plan)
    is_undone = not plan.is_committed and (plan.failures or plan.begun)
    return f"{plan.undone}, since {why}" if is_undone else why


def _hosts(plan: Plan) -> Iterable[str]:
    """List what serves on each host, where that is known."""
    return (plan.report or {}).values()


def _status(plan: Plan) -> int:
    """Tell by the first thing that failed what kind of an end it is; 0 where nothing has."""
    if plan.is_committed and outcome.not_committed(plan):
        return Exit.DIVIDED
    if plan.failed_stage is None:
        return Exit.LEFTOVERS if plan.leftovers else Exit.OK
    by_stage = {Stage.LOCK: Exit.LOCKED, Stage.BOOT: Exit.UNHEALTHY, Stage.SWITCH: Exit.REVERTED}
    return by_stage.get(plan.failed_stage, Exit.ERROR)


def _role_hosts(config: Configuration, name: str) -> Sequence[str]:
    role = config.role(name)
    return role.hosts if role else ()


def _groups(
    config: Configuration, hosts: Sequence[str]
) -> dict[str, tuple[list[str], dict[str, Any]]]:
    groups: dict[str, tuple[list[str], dict[str, Any]]] = {}
    for host in hosts:
        for group in groups_of(config, host):
            groups.setdefault(group, ([], {}))[0].append(host)
    return groups
