"""Old containers and images of an app that may be removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_STOPPED = ("created", "exited", "dead")


@dataclass(frozen=True, slots=True)
class Leftover:
    """A container or an image that may go: the word that docker takes, its name, its bytes."""

    reference: str
    name: str
    bytes: int

    def __str__(self) -> str:
        return f"{self.name} ({size(self.bytes)})"


@dataclass(frozen=True, slots=True)
class Leftovers:
    """The containers and images of a service on one host; ``used`` are images by container."""

    containers: Sequence[Mapping[str, Any]] = ()
    images: Sequence[Mapping[str, Any]] = ()
    used: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Leftovers:
        """Type the plain answer of the fact."""
        containers, images = (tuple(facts.get(each, ())) for each in ("containers", "images"))
        return cls(containers, images, dict(facts.get("used", {})))

    def without(self, gone: Iterable[Leftover]) -> Leftovers:
        """Return the host's state without some containers."""
        ids = {each.reference for each in gone}
        left = {id_: image for id_, image in self.used.items() if id_ not in ids}
        return Leftovers([e for e in self.containers if e["id"] not in ids], self.images, left)

    def of_destination(self, destination: str | None) -> tuple[Leftover, ...]:
        """List all containers of a destination, whatever they do."""
        wanted = destination or ""
        mine = (each for each in self.containers if _label(each, "destination") == wanted)
        return tuple(_container(each) for each in mine)

    def old_containers(
        self, service: str, destination: str | None, retain: int
    ) -> tuple[Leftover, ...]:
        """
        List stopped containers, except for the latest ``retain`` of each role.

        Containers of other destinations are not listed; those of ``exec`` have no role.
        """
        stopped = [each for each in self.containers if each["status"] in _STOPPED]
        mine = [each for each in stopped if _label(each, "destination") == (destination or "")]
        mine = sorted(mine, key=_moment, reverse=True)
        old = [
            each
            for role in {_label(each, "role") for each in mine} - {None}
            for each in [each for each in mine if _label(each, "role") == role][retain:]
        ]
        execs = (
            each
            for each in stopped
            if _label(each, "role") is None and self._is_exec(each, service, destination)
        )
        return tuple(_container(each) for each in sorted((*old, *execs), key=_moment))

    def _is_exec(self, container: Mapping[str, Any], service: str, destination: str | None) -> bool:
        """
        Tell by its name, ``blog-web-staging-exec-v1-0a1b2c``, what ``app exec`` has run.

        Without a destination, no container of another destination may match its name.
        """
        name, marker, _ = str(container["name"]).lstrip("/").partition("-exec-")
        if not marker or not name.startswith(f"{service}-"):
            return False
        if destination:
            return name.endswith(f"-{destination}")
        others = {_label(each, "destination") for each in self.containers} - {None, ""}
        return not any(name.endswith(f"-{other}") for other in others)

    def old_images(self, repository: str, everything: bool = False) -> tuple[Leftover, ...]:
        """
        List names of images that no container on the host has, and images without a name.

        What is called the latest, of any destination, stays, unless ``everything`` goes.
        """
        found: list[Leftover] = []
        used = set(self.used.values())
        for each in self.images:
            if each["id"] in used:
                continue
            tags = [tag for tag in each.get("tags") or () if not tag.endswith(":<none>")]
            mine = [tag for tag in tags if tag.rpartition(":")[0] == repository]
            latest = any(_is_latest(tag) for tag in mine)
            if latest and not everything:
                continue
            if not tags:
                found.append(Leftover(each["id"], each["id"][:19], each["bytes"]))
            for number, tag in enumerate(mine):
                is_last = number == len(mine) - 1 and len(mine) == len(tags)
                found.append(Leftover(tag, tag, each["bytes"] if is_last else 0))
        return tuple(sorted(found, key=lambda each: each.name))


def size(count: int) -> str:
    """Write a number of bytes as docker does."""
    amount, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if amount < 1000 or unit == "TB":
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"


def total(leftovers: Iterable[Leftover]) -> str:
    """Return the total size."""
    return size(sum(each.bytes for each in leftovers))


def _container(facts: Mapping[str, Any]) -> Leftover:
    return Leftover(facts["id"], facts["name"].lstrip("/"), facts["bytes"])


def _label(facts: Mapping[str, Any], name: str) -> str | None:
    value: str | None = (facts.get("labels") or {}).get(name)
    return value


def _moment(facts: Mapping[str, Any]) -> tuple[str, str]:
    return (max(facts["started"], facts["created"]), facts["name"])


def _is_latest(tag: str) -> bool:
    last = tag.rpartition(":")[2]
    return last == "latest" or last.startswith("latest-")
