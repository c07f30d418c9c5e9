"""Hooks as steps of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from kamalpy._pyinfra import commands_of
from kamalpy.connectors.hooks import path_of, secrets_for, shows_output, variables
from kamalpy.deploys.plan import Stage, Step, one
from kamalpy.deploys.project import Project
from kamalpy.operations import hook


@dataclass(frozen=True)
class Hooks:
    """The hooks of a project, for one command."""

    project: Project
    skip: bool = False
    locks: bool = True
    begun: float = field(default_factory=monotonic)

    def step(self, name: str, stage: Stage, hosts: Iterable[str] | None = None) -> Iterator[Step]:
        """Run a hook, if the project has it, for a group of hosts or all of them."""
        if self.skip or path_of(self.project.config, name) is None:
            return
        lock = self.locks and stage < Stage.UNLOCK
        about = tuple(hosts or ()) or self.project.play(self.project.config.hosts)
        yield one(
            f"Hook {name}",
            [self.project.leader],
            lambda host: commands_of(hook.run, **self.arguments(name, about, lock)),
            stage,
            follows=True,
            counts_as=Stage.PREPARE,
        )

    def after_deploy(self) -> Iterator[Step]:
        """Run the hook after a deploy, successful or not."""
        yield from self.step("post-deploy", Stage.AFTER)
        yield from self.step("post-deploy-failed", Stage.AFTER_FAILURE)

    def arguments(self, name: str, hosts: tuple[str, ...], lock: bool) -> Mapping[str, Any]:
        """Return the arguments of ``hook.run``."""
        config = self.project.config
        env = variables(config, hosts, lock=lock)
        if name.startswith("post-deploy"):
            env["KAMAL_RUNTIME"] = str(round(monotonic() - self.begun))
        return {
            "hook": name,
            "path": path_of(config, name),
            "env": env,
            "secrets": secrets_for(config, name, self.project.secrets),
            "root": str(config.root),
            "output": "verbose" if shows_output(config, name) else None,
            "environ": config.environ,
        }
