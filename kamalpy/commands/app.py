"""One version of one role: boot it next to the old one, switch, commit, retire or revert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyinfra.api.command import StringCommand

from kamalpy.commands import container, route
from kamalpy.commands.audit import Event
from kamalpy.commands.base import Payload, Word, docker, joined, quoted, script, text
from kamalpy.spec.app import App
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.route import Route


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds to get healthy, to run steadily without a health check, to wait before."""

    timeout: int = 30
    delay: int = 7
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Release:
    """
    One deploy of a role on a host.

    ``token`` identifies the deploy, ``back`` is the proxy's command that restores the former route
    (none without a proxy), ``stop`` the seconds a container has to stop. One that ``starts`` has a
    stopped container already. When the ``session`` ends, the host reverts what is not committed.
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
        """Name the file that exists as long as this deploy can be reverted."""
        return marker(self.app, self.role)

    @property
    def aside(self) -> str:
        """Name the container that is replaced; none where a stopped one is started."""
        return "" if self.starts else f"{self.container}_replaced_{self.token[:16]}"

    def boot(
        self, spec: ContainerSpec, probe: Route | None, event: Event, times: Times
    ) -> StringCommand:
        """Run the container and wait until the proxy's probe, or docker, finds it healthy."""
        return self._boot(container.run(spec), spec.multiline_file, probe, event, times)

    def start(self, probe: Route | None, event: Event, times: Times) -> StringCommand:
        """Start the existing container, and wait in the same way."""
        return self._boot(docker("start", quoted(self.container)), None, probe, event, times)

    def _boot(
        self,
        command: StringCommand,
        multiline: str | None,
        probe: Route | None,
        event: Event,
        times: Times,
    ) -> StringCommand:
        return script(
            "boot",
            *command.bits,
            *self._back,
            **self._names,
            connection=self.session,
            guard=text("guard"),
            multiline=multiline,
            timeout=times.timeout,
            delay=times.delay,
            wait=times.wait,
            **event.words,
            **_probe(probe),
            count=len(command.bits),
        )

    def switch(self, to: Route) -> StringCommand:
        """Have the proxy check the container's health, route to it, drain the old one."""
        return script(
            "switch",
            *route.options(to),
            name=self.container,
            marker=self.marker,
            token=self.token,
            service=to.service,
            port=to.port,
        )

    def revert(self, event: Event) -> StringCommand:
        """Restore the route, remove the container, rename the old one back."""
        return script("revert", *self._back, **self._names, **event.words)

    def commit(self, committed: Commit, markers: Iterable[str] = ()) -> StringCommand:
        """End the guards of this deploy on a host, and record the release."""
        app, record = committed.app, committed.record
        line = None if record is None else Payload(" ".join(record.splitlines()) + "\n")
        return script(
            "commit",
            stdin=line,
            token=self.token,
            markers=" ".join(markers),
            how="back" if committed.back else "" if record is None else "new",
            release=app.release(committed.version),
            env=app.env_file,
            image=committed.image,
        )

    def retire(self, old: Retirement, event: Event) -> StringCommand:
        """Stop what else runs of this role, tag the image, prune."""
        app = old.app
        words = event.words
        return script(
            "retire",
            *_filters(app.labels),
            name=self.container,
            marker=self.marker,
            stop=self.stop,
            image=old.image,
            latest=old.latest,
            retain=old.retain,
            log=words["log"],
            tags=words["tags"],
            service=app.service,
            prefix=app.prefix,
            role=app.role,
            assets=app.assets,
            pages=app.error_pages(old.version),
            prune="yes" if old.prune else "",
        )

    @property
    def _names(self) -> dict[str, object]:
        return {
            "name": self.container,
            "aside": self.aside,
            "marker": self.marker,
            "token": self.token,
            "stop": 10 if self.stop is None else self.stop,
        }

    @property
    def _back(self) -> Iterable[Word]:
        return self.back.bits if self.back else ()


@dataclass(frozen=True, slots=True)
class Commit:
    """A release to commit: a new one has a ``record``, a rollback goes ``back``."""

    app: App
    version: str
    image: str
    record: str | None = None
    back: bool = False


@dataclass(frozen=True, slots=True)
class Retirement:
    """How to retire old versions of a role, and how many stopped containers to retain."""

    app: App
    version: str
    image: str
    latest: str | None
    retain: int
    prune: bool = True


def extract_assets(app: App, image: str, path: str, version: str, old: str | None) -> StringCommand:
    """Copy an image's assets to the host, mixed with those of the version that runs."""
    path, folder = path.rstrip("/"), app.assets
    return script(
        "assets", image=image, path=path, folder=folder, role=app.role, version=version, old=old
    )


def marker(app: str, role: str) -> str:
    """Name the file that exists as long as a deploy of a role can be reverted."""
    return f".kamal/apps/{app}/deploying-{role}"


def _probe(probe: Route | None) -> dict[str, object]:
    if probe is None:
        return dict.fromkeys(("probe", "port", "checks"))
    checks = route.health_options(probe)
    return {"probe": f"{probe.service}-boot", "port": probe.port, "checks": checks}


def _filters(labels: Mapping[str, str]) -> Iterable[Word]:
    for label, value in labels.items():
        yield "--filter"
        yield joined(f"label={label}=", quoted(value))
