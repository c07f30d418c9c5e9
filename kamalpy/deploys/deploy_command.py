"""A command on a project: the lock around its steps, the hooks beside them, the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kamalpy._pyinfra import command_line_has, kept
from kamalpy.commands.lock import Lock
from kamalpy.commands.state_query import StateQuery
from kamalpy.connectors.command import Command
from kamalpy.connectors.hooks import holds_lock_already, version_of
from kamalpy.deploys import plan, step
from kamalpy.deploys.hooks import Hooks
from kamalpy.deploys.options import DeployOptions
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project, project
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
        found = project(parsed.config, parsed.destination, parsed.version, parsed.roles)
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
            if command_line_has(flag):
                raise DeployError(
                    f"{flag} takes hosts out of step, but a deploy is all or nothing: leave it out"
                )
        of = self.project
        sort = (self.name, of.config.file, of.config.destination)
        held = Lock(of.config.service, of.config.destination)
        atomic = of.config.kamalpy.atomic
        step.run(
            plan.make(sort, lambda: (self._framed(steps()), queries(of)), held, undone, atomic)
        )

    def _framed(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Put the lock before steps and after them, and the verdict at the end."""
        listed = list(steps)
        after = [each for each in listed if each.stage > Stage.UNLOCK]
        locks = self.locks and not holds_lock_already()
        yield from self._lock() if locks else ()
        yield from (each for each in listed if each.stage < Stage.UNLOCK)
        yield from self._unlock() if locks else ()
        yield from after
        hosts = self.project.play(self.project.config.hosts)
        yield Step("Verdict", Stage.VERDICT, hosts, lock.release, lambda host: {})

    def _lock(self) -> Iterator[Step]:
        of = self.project
        yield Step(
            "Take the deploy lock",
            Stage.LOCK,
            (of.leader,),
            lock.acquire,
            lambda host: {
                "service": of.config.service,
                "destination": of.config.destination,
                "version": version_of(of.config),
                "message": lock.AUTOMATIC,
                "performer": of.name,
                "token": kept(Releases).token,
                "remedy": of.typed("lock release"),
                "wait": self.options.lock_wait,
                "interval": self.options.lock_interval,
            },
        )

    def _unlock(self) -> Iterator[Step]:
        of = self.project
        yield Step(
            "Release the deploy lock",
            Stage.UNLOCK,
            (of.leader,),
            lock.release,
            lambda host: {
                "service": of.config.service,
                "destination": of.config.destination,
                "token": kept(Releases).token,
            },
        )
