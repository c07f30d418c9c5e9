"""The versions of an app on its hosts, and which of them can be rolled back to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone

from kamalpy.spec.app import App
from kamalpy.spec.state import Container, HostState

_REPLACED = re.compile(r"_replaced_[0-9a-f]+$")
BOOTED = re.compile(
    r"\[(?P<at>[^]]*)\] \[(?P<who>[^]]*)\] (?:\[[^]]*\] )*Booted app version (?P<version>\S+)"
)
Roles = Mapping[str, Sequence[App]]
"""The roles of an app by host."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What one host has of one version of one role."""

    host: str
    app: App
    at: str
    container: Container | None = None
    image: str | None = None
    digest: str | None = None

    @property
    def runs(self) -> bool:
        """Whether it serves now."""
        return self.container is not None and self.container.status in ("running", "restarting")


@dataclass(frozen=True, slots=True)
class Version:
    """A version on all hosts: when and by whom it was deployed last, and what is missing."""

    name: str
    traces: tuple[Trace, ...]
    who: str | None = None
    missing: tuple[str, ...] = field(default=())

    @property
    def at(self) -> str:
        """When it began to serve last, on the host where that was latest."""
        return max((trace.at for trace in self.traces), default="")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that know it."""
        return tuple(dict.fromkeys(trace.host for trace in self.traces))

    @property
    def runs(self) -> bool:
        """Whether it serves anywhere."""
        return any(trace.runs for trace in self.traces)

    @property
    def digest(self) -> str | None:
        """What its image holds, as far as any host knows."""
        return next((trace.digest for trace in self.traces if trace.digest), None)

    @property
    def is_possible(self) -> bool:
        """Whether every role on every host can go back to it."""
        return not self.missing


def history(states: Mapping[str, HostState], roles: Roles) -> tuple[Version, ...]:
    """List the versions that hosts know, the latest first."""
    traces: dict[str, list[Trace]] = {}
    for host, state in states.items():
        for app in roles.get(host, ()):
            for version, trace in _traces(host, app, state):
                traces.setdefault(version, []).append(trace)
    who = _who(states.values())
    wanted = [(host, app) for host, apps in roles.items() for app in apps]
    found = (
        Version(name, tuple(known), who.get(name), tuple(_missing(wanted, known)))
        for name, known in traces.items()
    )
    return tuple(sorted(found, key=lambda version: (version.runs, version.at), reverse=True))


def _traces(host: str, app: App, state: HostState) -> Iterable[tuple[str, Trace]]:
    prefix = f"{app.prefix}-"
    containers = {
        each.name.removeprefix(prefix): each
        for each in state.labelled(**app.labels)
        if each.name.startswith(prefix) and not _REPLACED.search(each.name)
    }
    records = {each.version: each for each in state.releases if each.role == app.role}
    for version in {**containers, **records}:
        container, release = containers.get(version), records.get(version)
        image = state.image(container.image) if container else None
        digests = release.digests if release else image.digests if image else ()
        moments = [container.started or container.created] if container else []
        moments += [_iso(release.at)] if release else []
        yield (
            version,
            Trace(
                host=host,
                app=app,
                at=max(moments),
                container=container,
                image=container.config.get("Image") if container else None,
                digest=next(iter(digests), None),
            ),
        )


def _missing(wanted: Iterable[tuple[str, App]], traces: Iterable[Trace]) -> Iterable[str]:
    there = {(trace.host, trace.app) for trace in traces}
    for host, app in wanted:
        if (host, app) not in there:
            yield f"{host} has neither a container nor a record of {app.prefix}"


def _who(states: Iterable[HostState]) -> dict[str, str]:
    found: dict[str, tuple[str, str]] = {}
    for line in (line for state in states for line in state.audit):
        booted = BOOTED.search(line)
        if booted:
            latest = found.get(booted["version"], ("", ""))
            found[booted["version"]] = max(latest, (booted["at"], booted["who"]))
    return {version: who for version, (_, who) in found.items()}


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
