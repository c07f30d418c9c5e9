"""Hooks as steps of a plan."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from time import monotonic
from typing import Any

from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.operations import hook

_WITH_SECRETS = ("pre-connect", "pre-deploy", "post-deploy", "post-deploy-failed")


@dataclass(frozen=True)
class Hooks:
    """The hooks of a project, for one command."""

    project: Project
    command: str
    skip: bool = False
    begun: float = field(default_factory=monotonic)

    def step(self, name: str, stage: Stage, hosts: tuple[str, ...] | None = None) -> Iterator[Step]:
        """Run a hook, if the project has it; ``hosts`` is the group that it is about."""
        path = self.path(name)
        if path is None or self.skip:
            return

        def arguments(host: str) -> Mapping[str, Any]:
            known = self.project.secrets if name in _WITH_SECRETS else None
            return {
                "hook": name,
                "path": path,
                "env": self._env(name, hosts),
                "secrets": {each: known.secret(each) for each in known.names()} if known else {},
                "root": str(self.project.config.root),
                "output": self.project.config.hooks_output_for(name),
            }

        leader = (self.project.leader,)
        yield Step(f"Hook {name}", stage, leader, hook.run, arguments, follows=True)

    def path(self, name: str) -> str | None:
        """Name a hook's file, if there is one."""
        path = os.path.join(self.project.config.hooks_path, name)  # noqa: PTH118 - as written
        return path if (self.project.config.root / path).is_file() else None

    def _env(self, name: str, hosts: tuple[str, ...] | None) -> Mapping[str, str]:
        config = self.project.config
        env = {
            "KAMAL_RECORDED_AT": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "KAMAL_PERFORMER": self.project.performer,
            "KAMAL_DESTINATION": config.destination or "",
            "KAMAL_VERSION": config.version,
            "KAMAL_SERVICE_VERSION": f"{config.service}@{config.abbreviated_version}",
            "KAMAL_SERVICE": config.service,
            "KAMAL_HOSTS": ",".join(hosts or self.project.play(config.hosts)),
            "KAMAL_LOCK": "true",
            "KAMAL_COMMAND": self.command,
        }
        if name.startswith("post-deploy"):
            env["KAMAL_RUNTIME"] = str(round(monotonic() - self.begun))
        return {key: value for key, value in env.items() if value}
