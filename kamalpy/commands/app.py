"""One version of one role: booted beside the old one, switched to, retired or reverted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyinfra.api.command import StringCommand

from kamalpy.commands import container, route
from kamalpy.commands.audit import Event
from kamalpy.commands.base import Word, counted, docker, joined, quoted, script
from kamalpy.commands.file import Payload
from kamalpy.spec.app import App
from kamalpy.spec.container import ContainerSpec
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
    served before (none without a proxy), ``stop`` the seconds a container has to stop. One that
    ``starts`` has its container already, stopped. When the ``session`` ends, the host takes back
    what is not committed.
    """

    app: str
    role: str
    container: str
    token: str
    back: StringCommand | None = None
    stop: int | None = None
    starts: bool = False
    session: str = ""

    @property
    def marker(self) -> str:
        """Name the file that is there as long as this deploy can be taken back."""
        return marker(self.app, self.role)

    @property
    def aside(self) -> str:
        """Name the container that had this one's name before; nothing where that is started."""
        return "" if self.starts else f"{self.container}_replaced_{self.token[:16]}"

    def boot(
        self, spec: ContainerSpec, probe: Route | None, event: Event, times: Times
    ) -> StringCommand:
        """Run the container and wait until the proxy's probe, or docker, finds it healthy."""
        return self._boot(container.run(spec), spec.multiline_file, probe, event, times)

    def start(self, probe: Route | None, event: Event, times: Times) -> StringCommand:
        """Start the container, which is there, and wait in the same way."""
        return self._boot(docker("start", quoted(self.container)), None, probe, event, times)

    def _boot(
        self,
        command: StringCommand,
        odd: str | None,
        probe: Route | None,
        event: Event,
        times: Times,
    ) -> StringCommand:
        return script(
            "boot",
            *self._words(),
            quoted(10 if self.stop is None else self.stop),
            *(quoted(each) for each in (times.timeout, times.delay, times.wait)),
            quoted(self.session),
            *event.words(),
            quoted(odd),
            *_probe(probe),
            *counted(command),
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
        """Commit: remember it, stop what else runs of this role, tag the image, prune."""
        markers = " ".join(marker(self.app, role) for role in (self.role, *old.with_roles))
        words = (old.app.service, self.container, markers, self.stop, *old.words())
        folders = (old.app.prefix, self.role, old.app.assets, old.app.error_pages(old.version))
        prune = "prune" if old.prune else None
        kept = (old.how, old.app.release(old.version), old.app.env_file, prune)
        return script(
            "retire",
            *(quoted(word) for word in words),
            *event.words()[:2],
            *(quoted(word) for word in (*folders, *kept)),
            *_filters(old.app.labels),
            stdin=None if old.record is None else Payload(old.record),
        )

    def _words(self) -> tuple[Word, ...]:
        words = (self.container, self.aside, self.marker, self.token)
        return tuple(quoted(word) for word in words)


@dataclass(frozen=True, slots=True)
class Retirement:
    """
    What goes with old versions of an app's role, and how many stopped containers may stay.

    ``with_roles`` are committed in the same moment. A release that is new leaves a ``record``; one
    that has come ``back`` takes its secrets with it.
    """

    app: App
    version: str
    image: str
    latest: str | None
    retain: int
    with_roles: tuple[str, ...] = ()
    record: str | None = None
    back: bool = False
    prune: bool = True

    @property
    def how(self) -> str:
        """Say what is to be remembered, as the script wants it."""
        return "back" if self.back else "new" if self.record is not None else ""

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
