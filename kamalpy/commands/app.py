"""One version of one role: booted beside the old one, switched to, retired or reverted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyinfra.api.command import StringCommand

from kamalpy.commands import container, route
from kamalpy.commands.audit import Event
from kamalpy.commands.base import Word, counted, joined, quoted, script
from kamalpy.spec.app import App
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.env_file import ODD
from kamalpy.spec.route import Route


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: to get healthy, to run steadily where nothing checks health, to wait before."""

    timeout: int = 30
    delay: int = 7
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Release:
    """
    One deploy of a role on a host.

    ``token`` tells this deploy from any other, ``back`` are the proxy's words that lead to what
    served before (none without a proxy), ``stop`` the seconds a container has to stop.
    """

    app: str
    role: str
    container: str
    token: str
    back: StringCommand | None = None
    stop: int | None = None

    @property
    def marker(self) -> str:
        """Name the file that is there as long as this deploy can be taken back."""
        return marker(self.app, self.role)

    @property
    def aside(self) -> str:
        """Name the container that had this one's name before."""
        return f"{self.container}_replaced_{self.token[:16]}"

    def boot(
        self, spec: ContainerSpec, probe: Route | None, event: Event, times: Times
    ) -> StringCommand:
        """Start the container and wait until the proxy's probe, or docker, finds it healthy."""
        return script(
            "boot",
            *self._words(),
            quoted(10 if self.stop is None else self.stop),
            *(quoted(each) for each in (times.timeout, times.delay, times.wait)),
            *event.words(),
            quoted(f"{spec.env_file}{ODD}" if spec.env_file else None),
            *_probe(probe),
            *counted(container.run(spec)),
            *(self.back.bits if self.back else ()),
        )

    def switch(self, to: Route) -> StringCommand:
        """Let the proxy check the container's health once more, route to it, drain the old one."""
        words = (self.container, self.marker, self.token, to.service, to.port)
        return script("switch", *(quoted(word) for word in words), *route.options(to))

    def revert(self, event: Event) -> StringCommand:
        """Route back, remove the container, give the old one its name."""
        stop = quoted(10 if self.stop is None else self.stop)
        back = self.back.bits if self.back else ()
        return script("revert", *self._words(), stop, *event.words(), *back)

    def retire(self, old: Retirement, event: Event) -> StringCommand:
        """Commit: stop what else runs of this role, tag the image, prune."""
        markers = " ".join(marker(self.app, role) for role in (self.role, *old.with_roles))
        words = (old.app.service, self.container, markers, self.stop, *old.words())
        folders = (old.app.prefix, self.role, old.app.assets, old.app.error_pages(old.version))
        return script(
            "retire",
            *(quoted(word) for word in words),
            *event.words()[:2],
            *(quoted(word) for word in folders),
            *_filters(old.app.labels),
        )

    def _words(self) -> tuple[Word, ...]:
        words = (self.container, self.aside, self.marker, self.token)
        return tuple(quoted(word) for word in words)


@dataclass(frozen=True, slots=True)
class Retirement:
    """
    What goes with old versions of an app's role, and how many stopped containers may stay.

    ``with_roles`` are committed in the same moment.
    """

    app: App
    version: str
    image: str
    latest: str | None
    retain: int
    with_roles: tuple[str, ...] = ()

    def words(self) -> tuple[object, ...]:
        """List them as the script wants them."""
        return (self.image, self.latest, self.retain)


def marker(app: str, role: str) -> str:
    """Name the file that is there as long as a deploy of a role can be taken back."""
    return f".kamal/apps/{app}/deploying-{role}"


def _probe(probe: Route | None) -> Iterable[Word]:
    if probe is None:
        return [quoted(None)] * 7
    seconds = (probe.health_interval, probe.health_timeout)
    interval, patience = (None if each is None else f"{each:g}s" for each in seconds)
    return [
        quoted(each)
        for each in (
            f"{probe.service}-boot",
            probe.port,
            interval,
            patience,
            probe.health_path,
            probe.health_port,
            probe.health_host,
        )
    ]


def _filters(labels: Mapping[str, str]) -> Iterable[Word]:
    for label, value in labels.items():
        yield "--filter"
        yield joined(f"label={label}=", quoted(value))
