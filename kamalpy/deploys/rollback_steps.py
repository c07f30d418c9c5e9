"""An earlier release on each host, and the steps that roll back to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kamalpy._pyinfra import commands_of
from kamalpy.commands.app import Commit
from kamalpy.config import Role
from kamalpy.deploys.app_steps import AppSteps
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Stage, Step, call, one
from kamalpy.deploys.role_release import RoleRelease
from kamalpy.operations import app as operations
from kamalpy.operations import image
from kamalpy.operations.app.commit import commit_release
from kamalpy.operations.app.release import Startup
from kamalpy.operations.app.restore import restore_container
from kamalpy.operations.app.switch import switch_route
from kamalpy.operations.base import Commands
from kamalpy.spec.app import App
from kamalpy.spec.record import Record
from kamalpy.spec.state import HostState


@dataclass(frozen=True, slots=True)
class PreviousRelease:
    """A version of a role on a host: its image, by name and by content, and its assets."""

    image: str
    digest: str | None = None
    asset_path: str | None = None
    has_image: bool = True

    @classmethod
    def of(
        cls, state: HostState, app: App, version: str, asset_path: str | None
    ) -> PreviousRelease:
        """Find it by the host's record, or by a container that still exists."""
        release = state.release(app.role, version)
        existing = state.container(app.container(version))
        if release is None:
            name = str(existing.config.get("Image", "")) if existing else ""
            return cls(name, None, asset_path, state.image(name) is not None)
        record = Record.from_text(release.record)
        name = record.container.image
        repository = name.partition("@")[0].rpartition(":")[0] or name
        digests = (each for each in release.digests if each.partition("@")[0] == repository)
        present = state.image(name) is not None
        return cls(name, next(digests, None), record.asset_path, present)


Releases = Mapping[tuple[str, str], PreviousRelease]
"""Earlier releases, by host and role."""


@dataclass(frozen=True)
class RoleRollback(RoleRelease):
    """A role that is rolled back to a version."""

    releases: Releases = field(default_factory=dict)

    def boot(self, host: str, wait: int = 0) -> Commands:
        """Boot the version as it was."""
        return restore_container(Startup(**self._startup(wait)))

    def assets(self, host: str) -> Commands:
        """Merge its assets with those of the version that runs."""
        release, version = self.releases[host, self.role.name], self._config.version
        return commands_of(
            operations.assets,
            **self.names,
            version=version,
            image=release.image,
            asset_path=release.asset_path or "",
        )

    def switch(self, host: str) -> Commands:
        """Route requests to it, by its recorded route."""
        always = self.boots(host) or self._renews()
        return switch_route(self.app, self._config.version, self.route, back=True, always=always)

    def commit(self, host: str) -> Commands:
        """Commit it; its record exists, and its secrets become those of the role again."""
        name = self.releases[host, self.role.name].image
        committed = Commit(self.app, self._config.version, name, back=True)
        return commit_release(committed, self._others(host), always=self._is_new(host))

    def retire(self, host: str) -> Commands:
        """Stop other versions; the last role on a host does what concerns all roles."""
        name = self.releases[host, self.role.name].image
        return self._retire(host, name)


@dataclass(frozen=True)
class RollbackSteps(AppSteps):
    """The steps that roll every role of an app back to a version."""

    releases: Releases = field(default_factory=dict)

    def _release(self, role: Role) -> RoleRollback:
        return RoleRollback(self.project, role, self.anew, self.prune, self.releases)

    def prepare(self) -> Iterator[Step]:
        """Pull images that were removed, write files: nothing is visible yet."""
        if any(not release.has_image for release in self.releases.values()):
            yield from Infrastructure(self.project).logins()
            yield from self._images()
        with_assets = [key for key, release in self.releases.items() if release.asset_path]
        hosts = tuple(dict.fromkeys(host for host, _ in with_assets))
        for step in (Step("Assets", Stage.PREPARE, hosts, self._assets), self._files()):
            yield from [step] if step.hosts else []

    def _images(self) -> Iterator[Step]:
        """Pull images by digest, since tags may have moved, and tag them."""
        missing = {(host, each) for (host, _), each in self.releases.items() if not each.has_image}
        for release in sorted({each for _, each in missing}, key=lambda each: each.image):
            hosts = tuple(dict.fromkeys(host for host, each in missing if each == release))
            yield from self._image(release.image, release.digest, hosts)

    def _image(self, name: str, digest: str | None, hosts: tuple[str, ...]) -> Iterator[Step]:
        audit = self.project.audit(f"Pulled image with version {self._config.version}")
        source = digest or name
        yield one(f"Pull {name}", hosts, lambda host: self._pull(image=source, audit=audit))
        if digest is not None:
            yield call(f"Name it {name}", hosts, image.tag, image=source, tag=name)

    def _assets(self, host: str) -> Iterator[Commands]:
        for role in self.project.roles_on(host):
            if self.releases[host, role.name].asset_path:
                yield self._release(role).assets(host)
