"""What is on a host: the answer of the one fact, typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kamalpy.spec.digest import digest

PROXY = "kamal-proxy"


@dataclass(frozen=True, slots=True)
class Image:
    """An image that a host has: its content's id, its names, and what it brings to a container."""

    id: str
    tags: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)

    def named(self, reference: str) -> bool:
        """Tell whether a reference, with docker.io left out or not, names this image."""
        wanted = familiar(reference)
        return any(familiar(name) == wanted for name in (*self.tags, *self.digests))

    def is_content(self, digest: str | None) -> bool:
        """Tell whether it is what a registry has under a digest; any content where none is set."""
        return digest is None or any(each.endswith(f"@{digest}") for each in self.digests)


@dataclass(frozen=True, slots=True)
class Container:
    """
    A container as ``docker inspect`` shows it, with values of clear variables only.

    ``env`` has a value for each variable that may be shown, ``hidden`` a keyed digest for each
    other one. What the image brings as well is ``brought``; it is read only on request.
    ``secrets`` has such a digest for each file in ``/run/secrets``.
    """

    inspect: Mapping[str, Any]
    env: Mapping[str, str] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    brought: frozenset[str] = frozenset()
    secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The full id."""
        return str(self.inspect["Id"])

    @property
    def target(self) -> str:
        """The short id: the name by which Kamal lets the proxy find a container."""
        return self.id[:12]

    @property
    def name(self) -> str:
        """The name, without docker's leading slash."""
        return str(self.inspect["Name"]).lstrip("/")

    @property
    def image(self) -> str:
        """The id of its image's content."""
        return str(self.inspect["Image"])

    @property
    def config(self) -> Mapping[str, Any]:
        """The part of ``docker inspect`` that can travel to another host."""
        return self.inspect.get("Config") or {}

    @property
    def host_config(self) -> Mapping[str, Any]:
        """The part of ``docker inspect`` that belongs to this host."""
        return self.inspect.get("HostConfig") or {}

    @property
    def networks(self) -> Mapping[str, Any]:
        """Its networks by name."""
        return self.inspect.get("Networks") or {}

    @property
    def labels(self) -> Mapping[str, str]:
        """Its labels, the image's among them."""
        return self.config.get("Labels") or {}

    @property
    def status(self) -> str:
        """Docker's word: created, running, restarting, paused, exited, dead."""
        return str((self.inspect.get("State") or {}).get("Status", ""))

    @property
    def is_running(self) -> bool:
        """Whether it runs, and neither restarts nor is unhealthy."""
        return self.status == "running" and self.inspect.get("Health") != "unhealthy"

    @property
    def is_active(self) -> bool:
        """Whether it has not stopped: it runs, restarts or is paused."""
        return self.status in ("running", "restarting", "paused")

    @property
    def created(self) -> str:
        """When it was created: ISO 8601, so that text order is time order."""
        return str(self.inspect.get("Created", ""))

    @property
    def started(self) -> str:
        """When it was started last, in the same form; earlier than all where it never was."""
        return str((self.inspect.get("State") or {}).get("StartedAt", ""))


@dataclass(frozen=True, slots=True)
class File:
    """A file or directory that a host has."""

    kind: str
    mode: str
    owner: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """A deploy lock: its details, and whether the run of its owner is still alive."""

    details: str
    owner: str = "unknown"


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release that a host has stored: since when, its image's id and digests, its record."""

    role: str
    version: str
    at: int
    image: str = "-"
    record: str = ""

    @property
    def digests(self) -> tuple[str, ...]:
        """The digests by which its image can be fetched again."""
        return tuple(self.image.split(",")[1:])


@dataclass(frozen=True, slots=True)
class HostState:
    """
    The state of one host that decisions depend on.

    ``session`` is the process that serves the connection which read it, ``PID START``; there is
    none where the host is not reached by SSH.
    """

    docker: str | None = None
    machine: str = ""
    home: str = ""
    session: str = ""
    containers: tuple[Container, ...] = ()
    images: tuple[Image, ...] = ()
    networks: tuple[str, ...] = ()
    logins: Mapping[str, str] = field(default_factory=dict)
    routes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)
    lock: Lock | None = None
    proxy_options: Mapping[str, str] = field(default_factory=dict)
    apps: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    releases: tuple[StoredRelease, ...] = ()
    audit: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    key: str = ""

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any], key: str = "") -> HostState:
        """Type the plain answer of the fact; ``key`` made its digests."""
        lock = facts.get("lock")
        return cls(
            docker=facts.get("docker"),
            machine=facts.get("machine", ""),
            home=facts.get("home", ""),
            session=facts.get("session", ""),
            containers=tuple(_container(each) for each in facts.get("containers", ())),
            images=tuple(_image(each) for each in facts.get("images", ())),
            networks=tuple(facts.get("networks", ())),
            logins=facts.get("logins", {}),
            routes={each["name"]: each for each in facts.get("routes") or ()},
            files={path: File(**each) for path, each in facts.get("files", {}).items()},
            lock=Lock(**lock) if lock else None,
            proxy_options=facts.get("proxy_options", {}),
            apps=tuple(facts.get("apps", ())),
            notes=facts.get("notes", {}),
            releases=tuple(StoredRelease(**each) for each in facts.get("releases", ())),
            audit=tuple(facts.get("audit", ())),
            variables=facts.get("variables", {}),
            key=facts.get("key", key),
        )

    def container(self, name: str) -> Container | None:
        """Find a container by its name, whatever its state."""
        return next((each for each in self.containers if each.name == name), None)

    def labelled(self, **labels: str) -> Sequence[Container]:
        """List the containers with all these labels, newest first."""
        found = (
            each
            for each in self.containers
            if all(each.labels.get(label) == value for label, value in labels.items())
        )
        return sorted(found, key=lambda each: each.created, reverse=True)

    def release(self, role: str, version: str) -> StoredRelease | None:
        """Find a stored release."""
        return next((e for e in self.releases if (e.role, e.version) == (role, version)), None)

    def image(self, reference: str) -> Image | None:
        """Find an image by a name (``postgres:15``), a digest, or the id of its content."""
        return next(
            (each for each in self.images if each.id == reference or each.named(reference)), None
        )

    def digest(self, content: bytes) -> str:
        """Hash content with the key that this state's digests were made with."""
        return digest(self.key, content)


def familiar(reference: str) -> str:
    """Shorten an image's name as docker prints it: no docker.io, no library, always a tag."""
    name = reference.removeprefix("docker.io/").removeprefix("index.docker.io/")
    name = name.removeprefix("library/")
    if "@" in name or ":" in name.rsplit("/", 1)[-1]:
        return name
    return f"{name}:latest"


def _container(facts: Mapping[str, Any]) -> Container:
    brought = frozenset(facts.get("brought", ()))
    env, hidden, secrets = (facts.get(each, {}) for each in ("env", "hidden", "secrets"))
    return Container(facts["inspect"], env, hidden, brought, secrets)


def _image(facts: Mapping[str, Any]) -> Image:
    tags, digests = (tuple(facts.get(each) or ()) for each in ("tags", "digests"))
    return Image(facts["id"], tags, digests, facts.get("config") or {})
