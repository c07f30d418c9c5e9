"""Doppler, by ``doppler``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kamalpy.errors import SecretError

from .base import Adapter, grouped, text


class Doppler(Adapter):
    """Names are ``project/config/NAME``, or ``NAME`` with a service token; keys are bare names."""

    title = "Doppler"
    version = ("doppler", "--version")
    is_batched = True
    path_word = "config"

    def login(self) -> None:
        """Log in, unless there is a session."""
        if self.shell.tool("doppler", "me", "--json").code != 0:
            remedy = 'try "doppler login", or set DOPPLER_TOKEN'
            self.log_in("doppler", "login", "-y", remedy=remedy)

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Read each config once."""
        pairs = (name.rpartition("/") for name in self.full_names(names, source))
        found: dict[str, str] = {}
        for flags, bare in grouped((self._flags(path), name) for path, _, name in pairs).items():
            words = ("doppler", "secrets", "get", *bare, "--json", *flags)
            found |= self.complete(self.read_json(_read, ", ".join(bare), *words), bare)
        return found

    def _flags(self, path: str) -> tuple[str, ...]:
        if self.shell.environ.get("DOPPLER_TOKEN", "").startswith("dp.st"):
            return ()
        project, _, config = path.partition("/")
        if not config:
            raise SecretError("Doppler needs a project and a config; add --from PROJECT/CONFIG")
        return "-p", project, "-c", config.partition("/")[0]


def _read(secrets: Any) -> dict[str, str]:
    """Read secrets with their references resolved."""
    values = {name: secret.get("computed") for name, secret in secrets.items()}
    return {name: text(value) for name, value in values.items() if value is not None}
