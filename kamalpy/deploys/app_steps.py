"""The app's steps of a deploy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kamalpy._pyinfra import commands_of
from kamalpy.config import Configuration, Role
from kamalpy.deploys.hooks import Hooks
from kamalpy.deploys.plan import Stage, Step, one
from kamalpy.deploys.project import Project
from kamalpy.deploys.role_release import RoleRelease, role_step
from kamalpy.operations import image
from kamalpy.operations.base import Commands


@dataclass(frozen=True)
class AppSteps:
    """The steps that deploy every role of an app."""

    project: Project
    hooks: Hooks
    anew: bool = False
    prune: bool = True

    @property
    def _config(self) -> Configuration:
        return self.project.config

    def _release(self, role: Role) -> RoleRelease:
        return RoleRelease(self.project, role, self.anew, self.prune)

    def all(self, *reverts: Step) -> Iterator[Step]:
        """List all steps from the pull to the retirement of old versions."""
        yield from self.prepare()
        yield from self.release(*reverts)

    def release(self, *reverts: Step) -> Iterator[Step]:
        """Boot, switch, then commit or revert, and retire."""
        yield from self.boot()
        yield from self.switch()
        yield from self.end(*reverts)

    def prepare(self) -> Iterator[Step]:
        """Pull the image, write files: nothing is visible yet, and it is one command for a host."""
        title = f"Prepare {self._config.abbreviated_version}"
        roles = self.project.roles
        along = [
            self._step("Secrets of the app", lambda role, host: role.env(host), roles),
            self._step(
                "Assets",
                lambda role, host: role.assets(host),
                [each for each in roles if self._release(each).has_assets],
            ),
            self._files(),
        ]
        yield replace(self.pull(), title=title, along=tuple(each for each in along if each.hosts))

    def _files(self) -> Step:
        """Write the files that the proxy reads."""
        roles = [each for each in self.project.roles if self._release(each).has_files]
        return self._step("Files of the proxy", lambda role, host: role.files(), roles)

    def pull(self, always: bool = False) -> Step:
        """Pull the image; ``always`` even where it exists."""
        return one(
            f"Pull {self._config.absolute_image}",
            self.project.app_hosts,
            lambda host: self._pull(always=always),
        )

    def boot(self) -> Iterator[Step]:
        """Start the new containers, on all hosts at once or in groups."""
        for number, group, title in self._groups("Boot"):
            wait = (self._config.boot.wait or 0) if number else 0
            yield from self.hooks.step("pre-app-boot", Stage.BOOT, group)
            yield self._boot(title, group, wait)

    def _boot(self, title: str, group: Sequence[str], wait: int) -> Step:
        return self._step(
            title,
            lambda role, host: role.boot(host, wait),
            self.project.roles,
            Stage.BOOT,
            group,
            parallel=bool(self._config.boot.parallel_roles),
        )

    def switch(self) -> Iterator[Step]:
        """Route requests to the new containers; hooks run before the commit."""
        roles = [role for role in self.project.roles if role.proxy]
        for _, group, title in self._groups("Switch to"):
            step = self._step(
                title, lambda role, host: role.switch(host), roles, Stage.SWITCH, group
            )
            yield from [step] if step.hosts else []
            yield from self.hooks.step("post-app-boot", Stage.SWITCH, group)

    def end(self, *reverts: Step) -> Iterator[Step]:
        """Revert if anything has failed anywhere, or else commit and stop old containers."""
        roles, version = self.project.roles, self._config.abbreviated_version
        yield self._step("Revert", lambda role, host: role.revert(), roles, Stage.REVERT)
        yield from reverts
        yield self._step(
            f"Commit {version}", lambda role, host: role.commit(host), roles, Stage.COMMIT
        )
        yield self._step(
            "Retire old versions", lambda role, host: role.retire(host), roles, Stage.RETIRE
        )

    def _step(
        self,
        title: str,
        operation: Callable[[RoleRelease, str], Commands],
        roles: Sequence[Role],
        stage: Stage = Stage.PREPARE,
        group: Sequence[str] | None = None,
        **more: Any,
    ) -> Step:
        return role_step(
            self.project,
            title,
            roles,
            lambda role, host: operation(self._release(role), host),
            stage,
            group,
            **more,
        )

    def _groups(self, what: str) -> Iterator[tuple[int, tuple[str, ...], str]]:
        """Divide hosts by ``boot.limit``: each group's number, its hosts, a step's title."""
        hosts, version = self.project.app_hosts, self._config.abbreviated_version
        limit = self._config.boot.limit_for(len(self._config.hosts)) or len(hosts) or 1
        starts = range(0, len(hosts), limit)
        for number, start in enumerate(starts):
            count = f" ({number + 1}/{len(starts)})" if len(starts) > 1 else ""
            yield number, hosts[start : start + limit], f"{what} {version}{count}"

    def _pull(self, **more: Any) -> Commands:
        name = self._config.absolute_image
        delivery = self.project.run.deliveries.get(name)
        given = {"image": name, "audit": self.project.audit(), "remedy": self._not_there}
        given["tunnel"] = self._config.tunnel_port
        if delivery is not None:
            given["digest"], given["platforms"] = delivery.digest, delivery.platforms
            given["size"] = delivery.size
        return commands_of(image.pull, **{**given, **more})

    @property
    def _not_there(self) -> str:
        """How to fix an image that no server can pull."""
        server = self._config.registry.server
        where = server or "Docker Hub"
        if not self._config.is_built:
            return f"check that {self._config.absolute_image} exists, and the account for {where}"
        return f"build the image and push it to {where}: {self.project.typed('build push')}"
