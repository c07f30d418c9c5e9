"""The name of an image, parsed as Docker does it."""

from __future__ import annotations

from dataclasses import dataclass

HUB = "registry-1.docker.io"
_HUB_NAMES = ("docker.io", "index.docker.io", HUB)


@dataclass(frozen=True, slots=True)
class Reference:
    """An image: the registry's host, the repository there, and a tag or digest."""

    host: str
    repository: str
    tag: str = "latest"
    digest: str | None = None

    @classmethod
    def parse(cls, image: str) -> Reference:
        """Parse an image's name; without a host it is on Docker Hub."""
        tagged, _, digest = image.partition("@")
        tag = tagged.rpartition("/")[2].partition(":")[2]
        name = tagged.removesuffix(f":{tag}") if tag else tagged
        first, slash, rest = name.partition("/")
        is_host = bool(slash) and ("." in first or ":" in first or first == "localhost")
        host, repository = (first, rest) if is_host else ("docker.io", name)
        if host in _HUB_NAMES:
            host = HUB
            repository = repository if "/" in repository else f"library/{repository}"
        return cls(host, repository, tag or "latest", digest or None)

    @property
    def is_local(self) -> bool:
        """Whether the registry is on this machine, where Docker uses HTTP."""
        name = self.host.partition(":")[0]
        return name == "localhost" or name.startswith("127.")

    @property
    def version(self) -> str:
        """The reference in the registry's API: the digest, else the tag."""
        return self.digest or self.tag
