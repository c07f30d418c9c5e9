"""deploy.yml before validation: what can be read of roles, hosts and accessories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as Folder
from typing import Any

from kamalpy.config.document.nodes import Path
from kamalpy.config.document.ruby import NonStringKey, to_s


@dataclass(frozen=True, slots=True)
class Context:
    """What a check may know beyond the file itself."""

    destination: str | None = None
    destinations: tuple[str, ...] = ()
    root: Folder | None = None


@dataclass(frozen=True, slots=True)
class DraftRole:
    """A role as far as it can be read."""

    name: str
    raw: Any
    path: Path

    @property
    def section(self) -> Mapping[str, Any]:
        """Its keys, none when it is a list."""
        return self.raw if isinstance(self.raw, dict) else {}

    @property
    def tags(self) -> dict[str, tuple[str, ...]]:
        """Its hosts, each once, with their tags."""
        items = self.raw if isinstance(self.raw, list) else self.section.get("hosts")
        return dict(_host(item) for item in as_list(items) if _is_host(item))

    @property
    def hosts(self) -> list[str]:
        """Its hosts, each once."""
        return list(self.tags)


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that is not validated yet."""

    raw: Mapping[str, Any]

    @property
    def primary(self) -> str:
        """The name of the primary role."""
        name = self.raw.get("primary_role")
        return "web" if name is None or name is False else to_s(name)

    def roles(self) -> list[DraftRole]:
        """List the roles in the order in which Kamal treats them."""
        servers = self.raw.get("servers")
        if isinstance(servers, list):
            return [DraftRole("web", servers, ("servers",))]
        named = as_dict(servers).items()
        return [DraftRole(name, raw, ("servers", name)) for name, raw in sorted(named)]

    def accessories(self) -> list[tuple[str, Mapping[str, Any]]]:
        """List the accessories that are mappings at least."""
        named = as_dict(self.raw.get("accessories")).items()
        return [(name, raw) for name, raw in named if isinstance(raw, dict)]

    def parts(self) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """List what describes containers: the root, each role, each accessory."""
        yield (), self.raw
        for role in self.roles():
            yield role.path, role.section
        for name, raw in self.accessories():
            yield ("accessories", name), raw

    def sections(self, key: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """List what stands under one key in all of them, empty where it is no mapping."""
        for path, raw in self.parts():
            yield (*path, key), as_dict(raw.get(key))

    def proxy_of(self, role: DraftRole) -> Mapping[str, Any] | None:
        """Return a role's proxy merged over the root's, None when it is not behind the proxy."""
        own = role.section.get("proxy")
        if own is False or (own is None and role.name != self.primary):
            return None
        return overlay(as_dict(self.raw.get("proxy")), as_dict(own))

    def accessory_hosts(self, raw: Mapping[str, Any]) -> list[str]:
        """Return the hosts of an accessory: by name, by role, or by tag."""
        if "host" in raw:
            return [] if raw["host"] is None else [to_s(raw["host"])]
        if "hosts" in raw:
            return DraftRole("", raw["hosts"], ()).hosts
        roles = names(raw, "role", "roles")
        tags = names(raw, "tag", "tags")
        found = (
            host
            for wanted in roles or tags
            for role in self.roles()
            for host, carried in role.tags.items()
            if (role.name == wanted if roles else wanted in carried)
        )
        return list(dict.fromkeys(found))


def names(raw: Mapping[str, Any], one: str, several: str) -> list[str]:
    """Read a key that exists for one and for several names."""
    found = [raw[one]] if one in raw else as_list(raw.get(several))
    return [to_s(name) for name in found if isinstance(name, (str, bool, int, float))]


def overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two mappings, mapping by mapping; all else is replaced whole."""
    merged = dict(below)
    for key, value in above.items():
        mine = merged.get(key)
        if isinstance(mine, dict) and isinstance(value, dict):
            merged[key] = overlay(mine, value)
        else:
            merged[key] = value
    return merged


def as_dict(value: Any) -> dict[str, Any]:
    """Return a mapping, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return a list, an empty one for anything else."""
    return value if isinstance(value, list) else []


def _is_host(item: Any) -> bool:
    return isinstance(item, str) or (isinstance(item, dict) and len(item) == 1)


def _host(item: str | dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    if isinstance(item, str):
        return item, ()
    host, tags = next(iter(item.items()))
    return str(host), tuple(to_s(tag) for tag in (tags if isinstance(tags, list) else [tags]))


def non_string_names(raw: Mapping[str, Any], *keys: str) -> Iterator[Path]:
    """Find names of roles, accessories and aliases that are no strings."""
    for key in keys:
        for name in as_dict(raw.get(key)):
            if isinstance(name, NonStringKey):
                yield key, name
