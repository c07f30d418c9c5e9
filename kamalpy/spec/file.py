"""A file or directory as it should be on a host, and how what is there differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kamalpy.spec.change import SECRET, Change, compare
from kamalpy.spec.state import HostState


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSpec:
    """
    A file (``content`` is given) or directory at a path, relative to the SSH user's home or not.

    ``mode`` is octal digits, ``owner`` ``user``, ``user:group`` or their numbers; ``None`` leaves
    either as it is. What a secret file contains is never shown.
    """

    path: str
    content: bytes | None = None
    mode: str | None = None
    owner: str | None = None
    secret: bool = False

    def drift(self, state: HostState) -> tuple[Change, ...]:
        """List what would have to change."""
        return tuple(self._changes(state))

    def _changes(self, state: HostState) -> Iterator[Change]:
        kind = "directory" if self.content is None else "file"
        found = state.files.get(self.path)
        if found is None or found.kind != kind:
            yield Change(kind, found.kind if found else None, self.path)
            return
        if self.content is not None and found.digest != state.digest(self.content):
            yield (
                Change("content", SECRET, SECRET)
                if self.secret
                else Change("content", "(differs)", f"({len(self.content)} bytes)")
            )
        if self.mode is not None:
            yield from compare("mode", found.mode, self.mode.lstrip("0") or "0")
        if self.owner is not None and not _owns(self.owner, found.owner):
            yield Change("owner", found.owner.split(" ", 1)[0], self.owner)


def _owns(wanted: str, found: str) -> bool:
    """Compare with both spellings that a host gives: ``name:group 0:0``."""
    user, _, group = wanted.partition(":")
    users, groups = zip(*(spelling.split(":", 1) for spelling in found.split(" ")), strict=True)
    return user in ("", *users) and group in ("", *groups)
