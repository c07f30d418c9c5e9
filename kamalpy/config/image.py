"""The name of an image, which may carry a tag or a digest when it is deployed as it is."""

from __future__ import annotations

from dataclasses import dataclass

DIGITS = 12


@dataclass(frozen=True, slots=True)
class Image:
    """An image as written: ``acme/blog``, ``nginx:1.27``, ``nginx@sha256:...``."""

    written: str

    @property
    def name(self) -> str:
        """The name without tag and digest."""
        name = self.written.partition("@")[0]
        return name.removesuffix(f":{self.tag}") if self.tag is not None else name

    @property
    def tag(self) -> str | None:
        """The tag, if there is one."""
        last = self.written.partition("@")[0].rpartition("/")[2]
        return last.partition(":")[2] or None

    @property
    def digest(self) -> str | None:
        """The digest, if there is one: ``sha256:...``."""
        return self.written.partition("@")[2] or None

    @property
    def version(self) -> str | None:
        """What serves as version of a pinned image: its tag, or the first digits of its digest."""
        if self.tag is not None:
            return self.tag
        return self.digest.rpartition(":")[2][:DIGITS] if self.digest is not None else None
