"""The app's steps of a deploy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pyinfra.api.arguments_typed import PyinfraOperation

from kamalpy.config import Configuration, Role
from kamalpy.deploys.arguments import Arguments, RoleArguments
from kamalpy.deploys.delivery import delivered
from kamalpy.deploys.hooks import Hooks
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.operations import app, image, proxy
from kamalpy.operations.app.boot import boot_container
from kamalpy.operations.app.switch import switch_route


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
        return boot_container

    def _of(self, role: Role) -> RoleArguments:
        return RoleArguments(self.project, role, self.anew, self.prune)

    def prepare(self) -> Iterator[Step]:
        """Fetch the image, write files: nothing that anybody sees, and one command for a host."""
        yield self._in_one(self.pull(), *self._files())

    def _files(self) -> Iterator[Step]:
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

    def _in_one(self, first: Step, *others: Step) -> Step:
        title = f"Prepare {self._config.abbreviated_version}"
        return replace(first, title=title, along=others)

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
        """Start the new containers, on all hosts at once or in groups."""
        for number, group, title in self._groups("Boot"):
            wait = self._config.boot.wait if number else None
            yield from self.hooks.step("pre-app-boot", Stage.BOOT, group)
            yield replace(
                self._step(
                    title,
                    Stage.BOOT,
                    self._booting,
                    partial(_boot, wait or 0),
                    self.project.roles,
                    group,
                ),
                together=bool(self._config.boot.parallel_roles),
            )

    def switch(self) -> Iterator[Step]:
        """Send requests to the new containers; hooks see them serve before the commit."""
        roles = [role for role in self.project.roles if role.proxy]
        for _, group, title in self._groups("Switch to"):
            step = self._step(title, Stage.SWITCH, switch_route, _switch, roles, group)
            yield from [step] if step.hosts else []
            yield from self.hooks.step("post-app-boot", Stage.SWITCH, group)

    def end(self, *reverts: Step) -> Iterator[Step]:
        """Go back where anything has failed anywhere, or else commit and stop old containers."""
        roles, version = self.project.roles, self._config.abbreviated_version
        yield self._step("Revert", Stage.REVERT, app.revert, RoleArguments.revert, roles)
        yield from reverts
        commit, retire = _commit, _retire
        yield self._step(f"Commit {version}", Stage.COMMIT, app.commit, commit, roles)
        yield self._step("Retire old versions", Stage.RETIRE, app.retire, retire, roles)

    def _step(
        self,
        title: str,
        stage: Stage,
        operation: PyinfraOperation[...],
        of: Callable[[RoleArguments, str], Arguments],
        roles: Sequence[Role],
        group: Sequence[str] | None = None,
    ) -> Step:
        """Make a step for some roles on all their hosts, or on those of a group."""

        def arguments(host: str) -> Iterable[Arguments]:
            mine = (role for role in roles if host in role.hosts)
            return (of(self._of(role), host) for role in mine)

        hosts = self.project.play(tuple(host for role in roles for host in role.hosts))
        wanted = (host for host in dict.fromkeys(hosts) if group is None or host in group)
        return Step(title, stage, tuple(wanted), operation, arguments)

    def _groups(self, what: str) -> Iterator[tuple[int, tuple[str, ...], str]]:
        """Divide hosts by ``boot.limit``: each group's number, its hosts, a step's title."""
        hosts, version = self.project.app_hosts, self._config.abbreviated_version
        limit = self._config.boot.limit_for(len(self._config.hosts)) or len(hosts) or 1
        starts = range(0, len(hosts), limit)
        for number, start in enumerate(starts):
            count = f" ({number + 1}/{len(starts)})" if len(starts) > 1 else ""
            yield number, hosts[start : start + limit], f"{what} {version}{count}"

    def _pull(self, host: str) -> Arguments:
        return {
            "image": self._config.absolute_image,
            "audit": self.project.audit(),
            "remedy": self._not_there,
            "tunnel": self._config.tunnel_port,
            **self._content(),
        }

    def _content(self) -> Arguments:
        """Say what the image's tag stands for in the registry, if this run has read that."""
        found = delivered(self._config.absolute_image)
        return {} if found is None else {"digest": found.digest, "platforms": found.platforms}

    @property
    def _not_there(self) -> str:
        """Say what to do about an image that no server can fetch."""
        server = self._config.registry.server
        where = server or "Docker Hub"
        if not self._config.is_built:
            return f"check that {self._config.absolute_image} exists, and the account for {where}"
        return f"build the image and push it to {where}: {self.project.typed('build push')}"


def _commit(role: RoleArguments, host: str) -> Arguments:
    return role.commit(host)  # of whatever kind the role is


def _switch(role: RoleArguments, host: str) -> Arguments:
    return role.switch(host)


def _retire(role: RoleArguments, host: str) -> Arguments:
    return role.retire(host)


def _boot(wait: int, role: RoleArguments, host: str) -> Arguments:
    return role.boot(host, wait)
