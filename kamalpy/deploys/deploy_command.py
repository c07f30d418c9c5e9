"""A command on a project: the lock around its steps, the hooks beside them, the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from kamalpy._pyinfra import (
    command_line,
    fits_all_hosts,
    is_executing,
    is_quiet,
    kept,
)
from kamalpy.commands.lock import Lock
from kamalpy.commands.state_query import StateQuery
from kamalpy.connectors.command import Command
from kamalpy.connectors.hooks import holds_lock_already, version_of
from kamalpy.deploys import plan, step
from kamalpy.deploys.hooks import Hooks
from kamalpy.deploys.options import DeployOptions
from kamalpy.deploys.plan import Plan, Stage, Step
from kamalpy.deploys.project import Project, project
from kamalpy.deploys.versions import serving_on
from kamalpy.errors import DeployError
from kamalpy.operations import lock
from kamalpy.operations.app.release import Releases

Queries = Callable[[Project], Mapping[str, StateQuery]]


@dataclass(frozen=True)
class DeployCommand:
    """A command, ``app stop``, on a project, with what was asked beside it."""

    name: str
    project: Project
    options: DeployOptions
    locks: bool = True

    @classmethod
    def of(cls, command: str, options: Mapping[str, Any], locks: bool = True) -> DeployCommand:
        """Read the project of the host at hand; whoever calls hooks learns the command."""
        parsed = DeployOptions.of(options)
        if not kept(Command).words:
            kept(Command).words = tuple(command.split())
        found = project(
            parsed.config, parsed.destination, parsed.version, parsed.roles, parsed.image
        )
        return cls(command, found, parsed, locks)

    def at(self, version: str) -> DeployCommand:
        """Make it a command on another version."""
        config = replace(self.project.config, asked_version=version)
        return replace(self, project=replace(self.project, config=config))

    @property
    def hooks(self) -> Hooks:
        """The project's hooks, for this command."""
        return Hooks(self.project, self.options.skip_hooks, self.locks)

    def run(
        self,
        steps: Callable[[], Iterable[Step]],
        queries: Queries,
        undone: str = "Nothing more is done",
    ) -> None:
        """Make, on the host at hand, the steps of a plan that all hosts share."""
        for flag in ("--serial", "--no-wait"):
            if flag in command_line():
                raise DeployError(
                    f"{flag} takes hosts out of step, but a deploy is all or nothing: leave it out"
                )
        of = self.project

        def build(key: str) -> Plan:
            listed = tuple(self._framed(key, list(steps())))
            commits = any(each.stage is Stage.COMMIT for each in listed)
            version = of.config.abbreviated_version if commits else ""
            return Plan(
                key,
                listed,
                queries(of),
                lock=Lock(of.config.service, of.config.destination),
                undone=undone,
                atomic=of.config.kamalpy.atomic,
                achieved=f"{version} serves" if commits else "It is done",
                serving=partial(serving_on, of) if commits else None,
            )

        step.run(plan.make((self.name, of.config.file, of.config.destination), build))

    def _framed(self, key: str, listed: Sequence[Step]) -> Iterator[Step]:
        """Put the lock before steps and after them, and the verdict at the end."""
        locks = self.locks and not holds_lock_already()
        hosts = self.project.play(self.project.config.hosts)
        during = [each for each in listed if each.stage < Stage.UNLOCK]
        yield from [self._lock()] if locks else []
        yield from self._unlocking(key, during) if locks else during
        yield from (each for each in listed if each.stage > Stage.UNLOCK)
        yield Step("Verdict", Stage.VERDICT, hosts, lock.release, lambda host: {})

    def _unlocking(self, key: str, steps: Sequence[Step]) -> Iterator[Step]:
        """Release the lock by the host's last command where that can be, else by one of its own."""
        unlock, last = self._unlock(key), steps[-1] if steps else None
        if last and last.stage is Stage.RETIRE and self.project.leader in last.hosts:
            steps = [*steps[:-1], replace(last, along=(unlock,) if fits_all_hosts() else ())]
        yield from (*steps, unlock)

    @property
    def _lock_of(self) -> dict[str, Any]:
        config = self.project.config
        token = kept(Releases).token
        return {"service": config.service, "destination": config.destination, "token": token}

    def _lock(self) -> Step:
        of = self.project
        return Step(
            "Take the deploy lock",
            Stage.LOCK,
            (of.leader,),
            lock.acquire,
            lambda host: {
                **self._lock_of,
                "version": version_of(of.config),
                "message": lock.AUTOMATIC,
                "performer": of.name,
                "remedy": of.typed("lock release"),
                "wait": self.options.lock_wait,
                "interval": self.options.lock_interval,
            },
        )

    def _unlock(self, key: str) -> Step:
        def arguments(host: str) -> list[dict[str, Any]]:
            if is_quiet():
                return []
            made = plan.plan_of(key)
            is_held = made.is_locked if is_executing() else made.is_pending()
            return [self._lock_of] if is_held else []

        title, hosts = "Release the deploy lock", (self.project.leader,)
        return Step(title, Stage.UNLOCK, hosts, lock.release, arguments)
