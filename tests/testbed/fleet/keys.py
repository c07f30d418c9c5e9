"""The SSH keys of a fleet, which outlive its servers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fleet.settings import Settings
from fleet.shell import must


@dataclass(frozen=True, slots=True)
class Keys:
    """A folder of keys: one for logins, one for each server."""

    directory: Path

    @property
    def private(self) -> Path:
        """The key that every server accepts."""
        return self._key("id_ed25519")

    @property
    def public(self) -> str:
        """The line of authorized_keys."""
        return self.private.with_suffix(".pub").read_text()

    def of_host(self, name: str) -> Path:
        """Return the host key of a server."""
        return self._key(f"host-{name}")

    def known_hosts(self, settings: Settings, names: list[str]) -> str:
        """Return the lines of known_hosts."""
        lines = []
        for name in names:
            kind, key = self.of_host(name).with_suffix(".pub").read_text().split()[:2]
            lines.append(f"{settings.address(name)},{name} {kind} {key}\n")
        return "".join(lines)

    def _key(self, name: str) -> Path:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self.directory / name
        if not file.exists():
            must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file)
        return file
