"""Doppler, by ``doppler``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kamalpy.errors import SecretError

from .base import Adapter


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A secret with its references resolved."""

    computed: str | None = field(default=None, repr=False)


class Doppler(Adapter):
    """Names are ``project/config/NAME``, or ``NAME`` with a service token; keys are bare names."""

    title = "Doppler"
    version = ("doppler", "--version")
    joins = True

    def login(self) -> None:
        """Log in, unless somebody is."""
        if self.shell.tool("doppler", "me", "--json").code == 0:
            return
        result = self.shell.tool("doppler", "login", "-y", interactive=True)
        if result.code != 0:
            raise self.refused(result, 'try "doppler login", or set DOPPLER_TOKEN')

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Ask each config once."""
        found: dict[str, str] = {}
        for flags, bare in self._by_config(self.wanted(names, source)).items():
            if twins := [name for name in bare if name in found]:
                raise SecretError(
                    f"{', '.join(twins)} would come from several configs of Doppler; "
                    "fetch each config in a line of its own"
                )
            found |= self._secrets(bare, flags)
        return found

    def answers(self, name: str, key: str) -> bool:
        """Compare bare names: Doppler's keys have no path."""
        return key == name.rpartition("/")[2]

    def _secrets(self, names: Sequence[str], flags: Sequence[str]) -> dict[str, str]:
        words = ("doppler", "secrets", "get", *names, "--json", *flags)
        answer = self.ask_for(dict[str, StoredSecret], ", ".join(names), *words)
        found = {k: s.computed for k, s in answer.items() if s.computed is not None}
        if missing := [name for name in names if name not in found]:
            raise self.missing(missing)
        return found

    def _by_config(self, names: Sequence[str]) -> dict[tuple[str, ...], list[str]]:
        configs: dict[tuple[str, ...], list[str]] = {}
        for name in names:
            *path, last = name.split("/")
            configs.setdefault(self._flags(path), []).append(last)
        return configs

    def _flags(self, path: Sequence[str]) -> tuple[str, ...]:
        if self.shell.environ.get("DOPPLER_TOKEN", "").startswith("dp.st"):
            return ()
        if len(path) < 2:
            raise SecretError("Doppler needs a project and a config; add --from PROJECT/CONFIG")
        return "-p", path[0], "-c", path[1]
