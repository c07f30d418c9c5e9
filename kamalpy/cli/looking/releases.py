"""The versions that servers know."""

from __future__ import annotations

from kamalpy.cli.engine import Engine
from kamalpy.cli.events import Printed, Release
from kamalpy.cli.looking import places
from kamalpy.cli.looking.fleet import Fleet
from kamalpy.cli.looking.reading import project_of
from kamalpy.cli.table import table
from kamalpy.deploys.versions import versions_of
from kamalpy.spec.history import Version


def tell(engine: Engine) -> int:
    """List them, the latest first."""
    with Fleet.reached(engine, places.app_hosts(engine)) as fleet:
        known = versions_of(project_of(fleet)).versions
        for each in known:
            engine.output.show(_event(each))
        if not engine.settings.json:
            for line in table([_row(each) for each in known]).splitlines():
                engine.output.show(Printed(line))
        return fleet.status


def _event(of: Version) -> Release:
    return Release(of.name, of.at, of.who, of.digest, of.hosts, of.runs, of.missing)


def _row(of: Version) -> dict[str, object]:
    possible = "possible" if of.is_possible else f"impossible: {'; '.join(of.missing)}"
    return {
        "version": of.name,
        "since": f"{of.at[:19]}Z",
        "by": of.who,
        "image": (of.digest or "").rpartition("sha256:")[2][:12],
        "hosts": of.hosts,
        "rollback": "serves" if of.runs else possible,
    }
