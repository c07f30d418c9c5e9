"""Hooks as steps of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from kamalpy.connectors.hooks import path_of, secrets_for, shows_output, variables
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.operations import hook


@dataclass(frozen=True)
class Hooks:
    """The hooks of a project, for one command."""

    project: Project
    skip: bool = False
    locks: bool = True
    begun: float = field(default_factory=monotonic)

    def step(self, name: str, stage: Stage, hosts: tuple[str, ...] | None = None) -> Iterator[Step]:
        """Run a hook, if the project has it; ``hosts`` is the group that it is about."""
        if self.skip or path_of(self.project.config, name) is None:
            return
        lock = self.locks and stage < Stage.UNLOCK
        about = hosts or self.project.play(self.project.config.hosts)
        yield Step(
            f"Hook {name}",
            stage,
            (self.project.leader,),
            hook.run,
            lambda host: self.arguments(name, about, lock),
            follows=True,
            counts_as=Stage.PREPARE,
        )

    def arguments(self, name: str, hosts: tuple[str, ...], lock: bool) -> Mapping[str, Any]:
        """Say what ``hook.run`` needs."""
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
