"""The table of checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kamalpy.config import Configuration
from kamalpy.doctor import file, names, redirects, registry, secret_values
from kamalpy.doctor.finding import Finding
from kamalpy.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of finding; ``is_offline`` needs no network."""

    title: str
    run: Callable[[Configuration, Secrets], Iterable[Finding]]
    is_offline: bool = False


CHECKS = (
    Check("file", lambda config, _: file.check(config), is_offline=True),
    Check("secrets", secret_values.check, is_offline=True),
    Check("names", lambda config, _: names.check(config, follow=redirects.follow)),
    Check("registry", registry.check),
)
"""In this order; servers come between secrets and names, all at the same time."""
SERVERS_AFTER = "secrets"
