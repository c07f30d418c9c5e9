"""The app's steps of a deploy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pyinfra.api.arguments_typed import PyinfraOperation

from kamalpy.config import Configuration, Role
from kamalpy.deploys.arguments import Arguments, RoleArguments
from kamalpy.deploys.hooks import Hooks
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.operations import app, image, proxy

Group = Mapping[str, Sequence[Role]]
"""Hosts that go at the same time, and which roles of them."""


@dataclass(frozen=True)
class AppSteps:
    """What happens to every role of an app."""

    project: Project
    hooks: Hooks
    anew: bool = False
    prune: bool = True

    @property
    def _config(self) -> Configuration:
        return self.project.config

    @property
    def _booting(self) -> PyinfraOperation[...]:
        return app.boot

    def _of(self, role: Role) -> RoleArguments:
        return RoleArguments(self.project, role, self.anew, self.prune)

    def prepare(self) -> Iterator[Step]:
        """Fetch the image, write files: nothing that anybody sees."""
        yield self.pull()
        known = [self._of(role) for role in self.project.roles]
        for title, operation, of, roles in (
            ("Secrets of the app", app.env, RoleArguments.env, known),
            ("Assets", app.assets, RoleArguments.assets, [r for r in known if r.has_assets]),
            (
                "Files of the proxy",
                proxy.config,
                RoleArguments.files,
                [r for r in known if r.has_files],
            ),
        ):
            if roles:
                yield self._step(title, Stage.PREPARE, operation, of, [r.role for r in roles])

    def pull(self, always: bool = False) -> Step:
        """Fetch the image; ``always`` asks for it even where it is there."""
        title, hosts = f"Pull {self._config.absolute_image}", self.project.app_hosts
        return Step(
            title,
            Stage.PREPARE,
            hosts,
            image.pull,
            lambda host: {**self._pull(host), "always": always},
        )

    def boot(self) -> Iterator[Step]:
        """Start the new containers, the primary role's first host before all others."""
        groups = list(self._groups(self.project.roles))
        for number, group in enumerate(groups, 1):
            title = f"Boot {self._config.abbreviated_version}{_count(number, groups)}"
            wait = self._config.boot.wait if number > 1 else None
            yield from self.hooks.step("pre-app-boot", Stage.BOOT, tuple(group))
            yield Step(
                title,
                Stage.BOOT,
                tuple(group),
                self._booting,
                partial(self._boot, group, wait or 0),
                together=bool(self._config.boot.parallel_roles),
            )
            yield from self.hooks.step("post-app-boot", Stage.BOOT, tuple(group))

    def switch(self) -> Iterator[Step]:
        """Send requests to the new containers."""
        groups = list(self._groups([role for role in self.project.roles if role.proxy]))
        for number, group in enumerate(groups, 1):
            title = f"Switch to {self._config.abbreviated_version}{_count(number, groups)}"
            arguments = partial(self._switch, group)
            yield Step(title, Stage.SWITCH, tuple(group), app.switch, arguments)

    def retire(self) -> Step:
        """Commit on all hosts in the same moment, and stop the old containers."""
        roles = self.project.roles
        return self._step(
            "Retire old versions", Stage.RETIRE, app.retire, lambda of, host: of.retire(host), roles
        )

    def revert(self) -> Step:
        """Go back, where anything has failed anywhere."""
        roles = self.project.roles
        return self._step("Revert", Stage.REVERT, app.revert, RoleArguments.revert, roles)

    def _step(
        self,
        title: str,
        stage: Stage,
        operation: PyinfraOperation[...],
        of: Callable[[RoleArguments, str], Arguments],
        roles: Sequence[Role],
    ) -> Step:
        """Make a step for some roles on all their hosts."""

        def arguments(host: str) -> Iterable[Arguments]:
            mine = (role for role in roles if host in role.hosts)
            return (of(self._of(role), host) for role in mine)

        hosts = self.project.play(tuple(host for role in roles for host in role.hosts))
        return Step(title, stage, tuple(dict.fromkeys(hosts)), operation, arguments)

    def _groups(self, roles: Sequence[Role]) -> Iterator[Group]:
        """Divide hosts and their roles: the primary role's first host, then by ``boot.limit``."""
        of_host = {
            host: [role for role in roles if host in role.hosts]
            for role in roles
            for host in self.project.play(role.hosts)
        }
        if len(of_host) > 1 and roles[0] == self.project.roles[0]:
            first = next(iter(of_host))
            yield {first: [of_host[first].pop(0)]}
        rest = [host for host, left in of_host.items() if left]
        limit = self._config.boot.limit_for(len(self._config.hosts)) or len(rest) or 1
        for start in range(0, len(rest), limit):
            yield {host: of_host[host] for host in rest[start : start + limit]}

    def _pull(self, host: str) -> Arguments:
        return {
            "image": self._config.absolute_image,
            "audit": self.project.audit(),
            "remedy": self._not_there,
        }

    @property
    def _not_there(self) -> str:
        """Say what to do about an image that no server can fetch."""
        server = self._config.registry.server
        if self._config.registry.local:
            return (
                f"{server} is the server itself here, since kamalpy opens no tunnel to a registry "
                "of this machine; write one that servers can reach under registry"
            )
        return (
            f"kamalpy builds no images: build {self._config.absolute_image} and push it to "
            f"{server or 'Docker Hub'} first"
        )

    def _boot(self, group: Group, wait: int, host: str) -> Iterator[Arguments]:
        for role in group[host]:
            yield {**self._of(role).boot(host), "wait": wait}

    def _switch(self, group: Group, host: str) -> Iterator[Arguments]:
        for role in group[host]:
            yield self._of(role).switch(host)


def _count(number: int, groups: Sequence[Group]) -> str:
    return f" ({number}/{len(groups)})" if len(groups) > 1 else ""
