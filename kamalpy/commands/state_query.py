"""The query of a host's state."""

from __future__ import annotations

from dataclasses import dataclass

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import script


@dataclass(frozen=True, slots=True)
class StateQuery:
    """
    What to read: labels, images, paths, variables with values that may be shown, a lock.

    ``releases`` are folders with records of releases, ``audits`` logs of who booted them,
    ``variables`` those of the SSH user on the server.
    """

    services: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()
    lock: str | None = None
    releases: tuple[str, ...] = ()
    audits: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()

    def state(self) -> StringCommand:
        """Print it; the key of digests is read from stdin."""
        return script(
            "state",
            service=self.services,
            image=self.images,
            path=self.paths,
            clear=self.clear,
            lock=() if self.lock is None else self.lock,
            release=self.releases,
            audit=self.audits,
            variable=self.variables,
            network=self.networks,
        )
