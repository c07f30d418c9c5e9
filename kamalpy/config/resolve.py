"""Converts the sections of deploy.yml to the objects that other packages read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kamalpy.config.accessory import Accessory
from kamalpy.config.deploy_file import DeployFile
from kamalpy.config.docker_options import DEFAULT_RESTART, RESERVED_LABELS, without_restart
from kamalpy.config.draft import Draft, DraftRole
from kamalpy.config.hosts import unique
from kamalpy.config.proxy import ProxySection
from kamalpy.config.role import Role, RoleSection


@dataclass(frozen=True, slots=True)
class Resolver:
    """One valid file, as sections and as plain values."""

    file: DeployFile
    draft: Draft
    destination: str | None

    def roles(self) -> tuple[Role, ...]:
        """Return the roles, the primary one first."""
        roles = (self._role(role) for role in self.draft.roles())
        return tuple(sorted(roles, key=lambda role: not role.primary))

    def accessories(self) -> Iterator[Accessory]:
        """Return the accessories in their order."""
        for name, raw in self.draft.accessories():
            section = self.file.accessories[name]
            hosts = tuple(dict.fromkeys(self.draft.accessory_hosts(raw)))
            yield section.resolve(name, self.file.service, hosts, self.file.logging.limited())

    def image(self) -> str:
        """Return the image; with a local registry it defaults to the service."""
        return self.file.image or self.file.service

    def _role(self, draft: DraftRole) -> Role:
        section = self.file.servers[draft.name]
        tagged = unique(section.hosts)
        asset_path, asset_options = self._assets(section)
        own = self.file.stop_timeout if section.stop_timeout is None else section.stop_timeout
        proxy = self.draft.proxy_of(draft)
        names = (self.file.service, draft.name, self.destination)
        labels = {**self.file.labels, **section.labels}
        return Role(
            name=draft.name,
            hosts=tuple(tagged),
            primary=draft.name == self.draft.primary,
            container_prefix="-".join(filter(None, names)),
            cmd=section.cmd,
            labels={key: value for key, value in labels.items() if key not in RESERVED_LABELS},
            options=without_restart(section.options),
            restart=str(section.options.get("restart", DEFAULT_RESTART)),
            logging=self.file.logging.merge(section.logging).limited(),
            stop_timeout=own,
            asset_path=asset_path,
            asset_options=asset_options,
            proxy=None if proxy is None else ProxySection.model_validate(proxy),
            host_tags=tagged,
            own_env=self.file.env.resolve().merge(section.env.resolve()),
            tag_envs={tag: each.resolve() for tag, each in self.file.env.tags.items()},
        )

    def _assets(self, section: RoleSection) -> tuple[str | None, str | None]:
        path = self.file.asset_path if section.asset_path is None else section.asset_path
        folder, _, options = (path or "").partition(":")
        return folder or None, options or None
