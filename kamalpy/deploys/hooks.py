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
        config = self.project.config
        path = path_of(config, name)
        if path is None or self.skip:
            return

        def arguments(host: str) -> Mapping[str, Any]:
            env = variables(
                config,
                hosts or self.project.play(config.hosts),
                lock=self.locks and stage < Stage.UNLOCK,
            )
            if name.startswith("post-deploy"):
                env["KAMAL_RUNTIME"] = str(round(monotonic() - self.begun))
            return {
                "hook": name,
                "path": path,
                "env": env,
                "secrets": secrets_for(config, name, self.project.secrets),
                "root": str(config.root),
                "output": "verbose" if shows_output(config, name) else None,
                "environ": config.environ,
            }

        leader = (self.project.leader,)
        yield Step(
            f"Hook {name}",
            stage,
            leader,
            hook.run,
            arguments,
            follows=True,
            counts_as=Stage.PREPARE,
        )
