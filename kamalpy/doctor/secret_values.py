"""Secrets: lines that are no definitions, names without values, values that break a URL."""

from __future__ import annotations

from collections.abc import Iterator

from kamalpy.config import Configuration
from kamalpy.config.secret_uses import uses_of
from kamalpy.doctor import file
from kamalpy.doctor.finding import Finding, ok, problem, warning
from kamalpy.errors import SecretError
from kamalpy.secrets import Secrets
from kamalpy.secrets.findings import broken_urls, findings


def check(config: Configuration, secrets: Secrets) -> Iterator[Finding]:
    """Report what keeps a secret from its container; no value is shown."""
    yield from file.findings(findings(config.root, secrets.candidates))
    uses = {use.name: use.key for use in uses_of(config) if not use.is_for_builds}
    bad = [found for name, key in uses.items() if (found := _value(secrets, name, key))]
    yield from bad
    broken = broken_urls(secrets)
    for name, each in broken.items():
        yield warning(name, each.what, each.how)
    if not bad and not broken and uses:
        yield ok("secrets", f"{', '.join(uses)}: set")


def _value(secrets: Secrets, name: str, key: str) -> Finding | None:
    try:
        is_empty = not secrets.value(name)
    except SecretError as error:
        return problem(f"{name} ({key})", *_split(str(error), name))
    if not is_empty:
        return None
    return warning(f"{name} ({key})", "is empty", f"kamalpy secrets set {name}")


def _split(text: str, name: str) -> tuple[str, str]:
    """Split a message into what and how."""
    what, _, how = text.removeprefix(f"{name}: ").partition("; ")
    return what, how
