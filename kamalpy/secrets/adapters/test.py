"""An adapter for tests: values are names reversed."""

from __future__ import annotations

from collections.abc import Sequence

from .base import Adapter


class Test(Adapter):
    """No password manager at all."""

    title = "the test adapter"
    needs_account = True

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Reverse every name."""
        return {name: _reversed(name) for name in self.full_names(names, source)} if names else {}


def _reversed(name: str) -> str:
    return name.replace("LPAREN", "(").replace("RPAREN", ")")[::-1]
