"""What a version that is gone back to was, on each host, and the steps that bring it back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from pyinfra.api.arguments_typed import PyinfraOperation

from kamalpy._pyinfra import commands_of
from kamalpy.config import Role
from kamalpy.deploys.app import AppSteps
from kamalpy.deploys.arguments import Arguments, RoleArguments
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Stage, Step, would_change
from kamalpy.operations import app, image, proxy
from kamalpy.spec.app import App
from kamalpy.spec.record import Record
from kamalpy.spec.state import HostState


@dataclass(frozen=True, slots=True)
class PreviousRelease:
    """A version of a role on a host: its image, by name and by what it holds, and its assets."""

    image: str
    digest: str | None = None
    asset_path: str | None = None
    has_image: bool = True

    @classmethod
    def of(cls, state: HostState, of: App, version: str, asset_path: str | None) -> PreviousRelease:
        """Find what a host remembers, by a record or by the container that it still has."""
        known, there = state.release(of.role, version), state.container(of.container(version))
        if known is None:
            name = str(there.config.get("Image", "")) if there else ""
            return cls(name, None, asset_path, state.image(name) is not None)
        record = Record.of(known.record)
        name = record.container.image
        repository = name.partition("@")[0].rpartition(":")[0] or name
        digests = (each for each in known.digests if each.partition("@")[0] == repository)
        present = state.image(name) is not None
        return cls(name, next(digests, None), record.asset_path, present)


@dataclass(frozen=True)
class RollbackArguments(RoleArguments):
    """A role, as each operation wants it that brings a version back."""

    were: Mapping[tuple[str, str], PreviousRelease] = field(default_factory=dict)

    def was(self, host: str) -> PreviousRelease:
        """Tell what the version was on a host."""
        return self.were[host, self.role.name]

    def boot(self, host: str, wait: int = 0) -> Arguments:
        """Say what ``app.restore`` needs."""
        return {
            **self._release,
            "proxy": self.role.proxy,
            "health": self._health,
            "deploy_timeout": self._config.deploy_timeout,
            "readiness_delay": self._config.readiness_delay,
            "stop_timeout": self._stop_timeout,
            "wait": wait,
            "audit": self.project.audit(),
        }

    def boots(self, host: str) -> bool:
        """Tell whether the version has to be started."""
        return would_change(commands_of(app.restore, **self.boot(host)))

    def assets(self, host: str) -> Arguments:
        """Say what ``app.assets`` needs."""
        was = self.was(host)
        return {**self._release, "image": was.image, "asset_path": was.asset_path}

    def switch(self, host: str) -> Arguments:
        """Say what ``app.switch`` needs."""
        return {**super().switch(host), "back": True}

    def commit(self, host: str) -> Arguments:
        """Say what ``app.commit`` needs; the record is there, and the secrets come back."""
        known = {**super().commit(host), "image": self.was(host).image}
        return {**known, "record": None, "back": True}

    def retire(self, host: str) -> Arguments:
        """Say what ``app.retire`` needs."""
        return {**super().retire(host), "image": self.was(host).image, "prune": False}

    def _record(self, host: str) -> str:
        return ""


@dataclass(frozen=True)
class RollbackSteps(AppSteps):
    """What happens to every role of an app that goes back to a version."""

    were: Mapping[tuple[str, str], PreviousRelease] = field(default_factory=dict)

    @property
    def _booting(self) -> PyinfraOperation[...]:
        return app.restore

    def _of(self, role: Role) -> RollbackArguments:
        return RollbackArguments(self.project, role, were=self.were)

    def prepare(self) -> Iterator[Step]:
        """Fetch what was removed since, write files: nothing that anybody sees."""
        if any(not was.has_image for was in self.were.values()):
            yield from Infrastructure(self.project).logins(with_accessories=False)
            yield from self._images()
        hosts = self._hosts(was.asset_path for was in self.were.values())
        if hosts:
            yield Step("Assets", Stage.PREPARE, hosts, app.assets, self._assets)
        files = [role for role in self.project.roles if self._of(role).has_files]
        if files:
            title = "Files of the proxy"
            yield self._step(title, Stage.PREPARE, proxy.config, RoleArguments.files, files)

    def _images(self) -> Iterator[Step]:
        """Fetch images by what they held, which a tag need not hold any more, and name them."""
        missing = {(host, was) for (host, _), was in self.were.items() if not was.has_image}
        for was in sorted({was for _, was in missing}, key=lambda was: was.image):
            hosts = tuple(dict.fromkeys(host for host, each in missing if each == was))
            pull, name = partial(self._pulled, was), partial(_named, was)
            yield Step(f"Pull {was.image}", Stage.PREPARE, hosts, image.pull, pull)
            if was.digest is not None:
                yield Step(f"Name it {was.image}", Stage.PREPARE, hosts, image.tag, name)

    def _pulled(self, was: PreviousRelease, host: str) -> Arguments:
        audit = self.project.audit(f"Pulled image with version {self._config.version}")
        return {**self._pull(host), "image": was.digest or was.image, "audit": audit}

    def _hosts(self, wanted: Iterable[object]) -> tuple[str, ...]:
        pairs = zip(self.were, wanted, strict=True)
        return tuple(dict.fromkeys(host for (host, _), wants in pairs if wants))

    def _assets(self, host: str) -> Iterator[Arguments]:
        for role in self.project.roles_on(host):
            if self.were[host, role.name].asset_path:
                yield self._of(role).assets(host)


def _named(was: PreviousRelease, host: str) -> Arguments:
    return {"image": was.digest, "tag": was.image}
