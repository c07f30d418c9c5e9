"""deploy.yml: what commands warn of, as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kamalpy.config import Configuration
from kamalpy.config.findings.placeholders import DOMAIN
from kamalpy.doctor.finding import Finding, Level, ok, warning
from kamalpy.doctor.names import names_of
from kamalpy.errors import Problem
from kamalpy.reference.spelling import count


def check(config: Configuration) -> Iterator[Finding]:
    """Report the warnings of a file that is valid, and example names that need no certificate."""
    found = [*findings(config.warnings), *_example_names(config), *_dockerfile(config)]
    if not found:
        servers = count(len(config.hosts), "server")
        yield ok(config.file, f"valid, {servers}, no placeholders")
    yield from found


def _example_names(config: Configuration) -> Iterator[Finding]:
    for name, _, proxy in names_of(config):
        if DOMAIN.search(name) and not proxy.tls:
            how = "write the name that resolves to your server"
            yield warning(config.file, f"{name} is an example name", how)


def _dockerfile(config: Configuration) -> Iterator[Finding]:
    builder = config.builder
    if not config.is_built or builder is None or builder.pack or builder.context not in (None, "."):
        return
    if not (config.root / builder.dockerfile).is_file():
        how = "write one, or set builder/dockerfile in deploy.yml"
        yield warning(builder.dockerfile, f"is not in {config.root}", how)


def findings(problems: Iterable[Problem]) -> Iterator[Finding]:
    """Turn problems of a file into findings; what fails every deploy is a problem here, too."""
    for each in problems:
        level = Level.PROBLEM if each.fails else Level.WARNING
        place = f"{each.file}:{each.line}" if each.line is not None else each.file
        yield Finding(level, ": ".join(filter(None, (place, each.path))), each.what, each.how)


def mistakes(problems: Iterable[Problem]) -> Iterator[Finding]:
    """Turn the mistakes of a file that is not valid into findings."""
    for each in findings(problems):
        yield Finding(Level.PROBLEM, each.subject, each.what, each.how)
