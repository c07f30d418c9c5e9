"""A command on a project: the lock around its steps, its hooks, the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from inspect import Parameter, Signature, cleandoc, signature
from typing import Any, Concatenate, ParamSpec, get_type_hints

from pyinfra.api.arguments_typed import PyinfraOperation
from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy._pyinfra import command_line, commands_of, fits_all_hosts, is_executing, is_quiet
from kamalpy.commands.state_query import StateQuery
from kamalpy.connectors.hooks import holds_lock_already, version_of
from kamalpy.deploys.hooks import Hooks
from kamalpy.deploys.options import DeployOptions
from kamalpy.deploys.plan import Plan, Stage, Step, one
from kamalpy.deploys.project import Project, project
from kamalpy.deploys.run import this_run
from kamalpy.deploys.step import make_steps
from kamalpy.deploys.versions import serving_on
from kamalpy.errors import DeployError
from kamalpy.operations import lock
from kamalpy.operations.base import Commands
from kamalpy.operations.call import mismatch
from kamalpy.reference.spelling import did_you_mean

P = ParamSpec("P")
Queries = Callable[[Project], Mapping[str, StateQuery]]
OPTIONS = tuple(each.name for each in fields(DeployOptions))


@dataclass(frozen=True)
class DeployCommand:
    """A command, ``app stop``, on a project, with its options."""

    name: str
    project: Project
    options: DeployOptions
    locks: bool = True

    @classmethod
    def of(cls, name: str, options: Mapping[str, Any], locks: bool = True) -> DeployCommand:
        """Read the project of the current host; hooks get the name of the command."""
        run, given = this_run(), DeployOptions(**options)
        if not run.command.words:
            run.command.words = tuple(name.split())
        found = project(
            run, given.config, given.destination, given.version, given.roles, given.image
        )
        return cls(name, found, given, locks)

    def at(self, version: str) -> DeployCommand:
        """Return the same command for another version."""
        config = replace(self.project.config, asked_version=version)
        return replace(self, project=replace(self.project, config=config))

    @property
    def hooks(self) -> Hooks:
        """The project's hooks, for this command."""
        return Hooks(self.project, self.options.skip_hooks, self.locks)

    def run(self, steps: Callable[[], Iterable[Step]], queries: Queries, undone: str) -> None:
        """Run the steps of a plan that all hosts share on the current host."""
        for flag in ("--serial", "--no-wait"):
            if flag in command_line():
                raise DeployError(
                    f"{flag} takes hosts out of step, but a deploy is all or nothing: leave it out"
                )
        run, config = self.project.run, self.project.config

        def build(key: str) -> Plan:
            listed = tuple(self._framed(key, list(steps())))
            commits = any(each.stage is Stage.COMMIT for each in listed)
            version = config.abbreviated_version if commits else ""
            return Plan(
                key,
                listed,
                queries(self.project),
                lock=self.project.lock,
                undone=undone,
                atomic=config.kamalpy.atomic,
                achieved=f"{version} serves" if commits else "It is done",
                serving=partial(serving_on, self.project) if commits else None,
            )

        make_steps(run, run.plan((self.name, config.file, config.destination), build))

    def acquire(self, message: str, token: str | None = None) -> Commands:
        """Take the deploy lock; with a token, this run releases it."""
        config = self.project.config
        return commands_of(
            lock.acquire,
            service=config.service,
            destination=config.destination,
            token=token,
            version=version_of(config),
            message=message,
            performer=self.project.name,
            remedy=self.project.typed("lock release"),
            wait=self.options.lock_wait,
            interval=self.options.lock_interval,
        )

    def _framed(self, key: str, listed: Sequence[Step]) -> Iterator[Step]:
        """Add the lock before steps and after them, and the verdict at the end."""
        locks = self.locks and not holds_lock_already()
        hosts, token = self.project.play(self.project.config.hosts), self.project.run.progress.token
        during = [each for each in listed if each.stage < Stage.UNLOCK]
        if locks:
            take = partial(self.acquire, lock.AUTOMATIC, token)
            yield one("Take the deploy lock", [self.project.leader], lambda _: take(), Stage.LOCK)
        yield from self._unlocking(key, token, during) if locks else during
        yield from (each for each in listed if each.stage > Stage.UNLOCK)
        yield Step("Verdict", Stage.VERDICT, hosts, lambda host: ())

    def _unlocking(self, key: str, token: str, steps: Sequence[Step]) -> Iterator[Step]:
        """Release the lock by the host's last command where possible, else by one of its own."""

        def release(host: str) -> Iterator[Commands]:
            if is_quiet():
                return
            plan = self.project.run.plans[key]
            if plan.is_locked if is_executing() else plan.is_pending():
                service, destination = self.project.lock.service, self.project.lock.destination
                yield commands_of(lock.release, service, token, destination)

        leader, last = self.project.leader, steps[-1] if steps else None
        unlock = Step("Release the deploy lock", Stage.UNLOCK, (leader,), release)
        if last and last.stage is Stage.RETIRE and leader in last.hosts:
            steps = [*steps[:-1], replace(last, along=(unlock,) if fits_all_hosts() else ())]
        yield from (*steps, unlock)


def deploy_command(
    name: str,
    queries: Queries,
    undone: str = "Nothing more is done",
    locks: bool = True,
    accessories: bool = False,
    version: Callable[..., str | None] = lambda command, **_: None,
) -> Callable[[Callable[Concatenate[DeployCommand, P], Iterable[Step]]], PyinfraOperation[...]]:
    """
    Declare a deploy by a function that lists its steps.

    The deploy takes the parameters of that function, and the options of every deploy. It applies
    to the accessory that it takes, or to all ``accessories``; ``version`` chooses another version
    than that of the project.
    """

    def declare(
        steps: Callable[Concatenate[DeployCommand, P], Iterable[Step]],
    ) -> PyinfraOperation[...]:
        def deploy(*values: Any, **arguments: Any) -> None:
            own, options = divided(steps, values, arguments)
            command = DeployCommand.of(name, options, locks)
            about = command.project.about(own.get("accessory", accessories))
            command = replace(command, project=about)
            other = version(command, **own)
            command = command if other is None else command.at(other)
            command.run(lambda: steps(command, **own), queries, undone)  # type: ignore[call-arg]

        return declared(name, deploy, steps)

    return declare


def declared(
    name: str, deploy: Callable[..., None], function: Callable[..., Any]
) -> PyinfraOperation[...]:
    """Declare a deploy that is named and documented as a function."""
    doc = cleandoc(function.__doc__ or "")
    before = "\n" if doc.rpartition("\n\n")[2].startswith("+ ") else "\n\n"
    own = _own(function)
    keyword = "deploy_options" if any(each.name == "options" for each in own) else "options"
    options = Parameter(keyword, Parameter.VAR_KEYWORD)
    deploy.__signature__ = Signature([*own, options])  # type: ignore[attr-defined]
    deploy.__name__, deploy.__module__ = function.__name__, function.__module__
    deploy.__doc__ = f"{doc}{before}+ {keyword}: see `kamalpy.deploys.options.DeployOptions`"
    return pyinfra_deploy(f"Kamal {name}")(deploy)


def divided(
    function: Callable[..., Any], values: Sequence[Any], named: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Divide arguments into those of a function, after its first one, and the options."""
    parameters = _own(function)
    names = [each.name for each in parameters]
    if len(values) > len(names) or any(name in named for name in names[: len(values)]):
        raise DeployError(f"takes {', '.join(names) or 'nothing'} and options; write NAME=VALUE")
    arguments = {**dict(zip(names, values, strict=False)), **named}
    hints = {**get_type_hints(DeployOptions), **get_type_hints(function)}
    for name, value in arguments.items():
        if name not in (*names, *OPTIONS):
            raise DeployError(f"{name}: unknown argument; {did_you_mean(name, [*names, *OPTIONS])}")
        if name not in ("version", "to"):  # which have messages of their own
            for problem in mismatch(name, value, hints[name]):
                raise DeployError(problem)
    for each in parameters:
        if each.default is Parameter.empty and each.name not in arguments:
            raise DeployError(f"{each.name}: is missing; write {each.name}=VALUE")
    own = {name: value for name, value in arguments.items() if name in names}
    return own, {name: value for name, value in arguments.items() if name not in names}


def _own(function: Callable[..., Any]) -> list[Parameter]:
    """List the parameters after the first one, which is the command."""
    return list(signature(function).parameters.values())[1:]
