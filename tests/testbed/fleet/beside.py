"""More fleets, for tests that run in parallel; they share the images of the first one."""

from __future__ import annotations

from pathlib import Path

from fleet import seed
from fleet.fleet import Fleet
from fleet.lock import held, queued
from fleet.settings import Settings
from fleet.shell import must

#: What is only read, once the first fleet is prepared.
_SHARED = ("rootfs", "seeds", "wheels")


def fleet(first: Fleet, number: int) -> Fleet:
    """Return the settings of the fleet with this number, whose subnet follows the first one's."""
    head, _, last = first.settings.subnet.rpartition(".")
    settings = Settings(_folder(first) / str(number), f"{head}.{int(last) + number}")
    return Fleet(settings, first.say)


def provide(first: Fleet, count: int, run: str) -> None:
    """Ensure that so many fleets exist; the first worker prepares all, the others wait."""
    with queued(first.settings):
        note = _folder(first) / "run"
        if note.exists() and note.read_text() == run:
            return
        with held(first.settings):
            first.prepare()
            _provide(first, count)
        note.parent.mkdir(exist_ok=True)
        note.write_text(run)


def down(first: Fleet) -> None:
    """Remove the servers of every other fleet; its files stay."""
    for folder in sorted(_folder(first).glob("[0-9]*")):
        one = fleet(first, int(folder.name))
        with held(one.settings):
            one.down()


def _folder(first: Fleet) -> Path:
    return first.settings.directory / "beside"


def _provide(first: Fleet, count: int) -> None:
    every = [fleet(first, number) for number in range(1, count + 1)]
    stale = [one for one in every if not _has_images_of(first, one)]
    if stale:
        first.control.stop()
        for one in stale:
            _copy(first, one)
        first.control.up()


def _has_images_of(first: Fleet, other: Fleet) -> bool:
    notes = [one.control.disk / "published" for one in (first, other)]
    return notes[1].exists() and notes[0].read_text() == notes[1].read_text()


def _copy(first: Fleet, other: Fleet) -> None:
    """Give a fleet a control machine with all images of the first one."""
    other.down()
    other.control.wipe()
    other.control.format()
    for name in _SHARED:
        link = other.settings.directory / name
        if not link.is_symlink():
            link.symlink_to(first.settings.directory / name)
    seed.plant(first.control.disk / "docker", other.control.disk / "docker")
    must("cp", "--archive", "--no-target-directory", first.keys.directory, other.keys.directory)
    registry = "var/lib/docker-registry"
    (other.control.root / registry).parent.mkdir(parents=True, exist_ok=True)
    must("cp", "--archive", first.control.root / registry, other.control.root / registry)
    must("cp", first.control.disk / "published", other.control.disk)
