"""A fleet: the control machine with images and registry, and any number of servers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from fleet import (
    cgroups,
    context,
    images,
    network,
    process,
    proxy_image,
    requirements,
    rootfs,
    seed,
    storage,
)
from fleet.control import Control
from fleet.keys import Keys
from fleet.rootfs import Layer
from fleet.server import Server
from fleet.settings import Settings

T = TypeVar("T")
#: What servers get by plain names, and have on their disks from the start.
HUB = (images.PYTHON.name, images.POSTGRES.name, proxy_image.NAME)


@dataclass(frozen=True)
class Fleet:
    """What the command line and the tests do with servers."""

    settings: Settings = field(default_factory=Settings.from_environment)
    say: Callable[[str], object] = print

    @property
    def control(self) -> Control:
        """The machine with the Docker engine that builds, and the registry."""
        return Control.of(self.settings)

    @property
    def keys(self) -> Keys:
        """The SSH keys."""
        return Keys(self.settings.directory / "keys")

    def server(self, name: str) -> Server:
        """Give a server by its name."""
        return Server(self.settings, name)

    def servers(self) -> list[Server]:
        """List the servers that have a disk."""
        folders = (self.settings.directory / "machines").glob("h*")
        return [
            self.server(name)
            for name in sorted((f.name for f in folders), key=lambda n: int(n[1:]))
        ]

    def prepare(self, *layers: Layer) -> None:
        """Have everything but servers, and these layers; what was done before is not done again."""
        requirements.check()
        storage.provide(self.settings.directory)
        network.raise_switch(self.settings)
        self._install(layers)
        self.control.up()
        for image in (images.PYTHON, images.POSTGRES):
            self.say(f"image {images.build(self.control, image)}")
        self.say(f"image {proxy_image.NAME}: {proxy_image.provide(self.control)}")
        self._publish()
        self._seed()

    def up(self, count: int, docker: bool = True, seeded: bool = True) -> list[Server]:
        """Have servers h1 to hN; with Docker and images or not, which counts for new ones."""
        self.prepare()
        wanted = [self.server(f"h{number}") for number in range(1, count + 1)]
        return self.boot(wanted, docker, seeded)

    def boot(
        self,
        servers: list[Server],
        docker: bool = True,
        seeded: bool = True,
        debian_13: tuple[str, ...] = (),
    ) -> list[Server]:
        """Have these servers running; new ones have Debian 12, or 13 where they are named."""
        seed_folder = self._seed_folder() if seeded else None
        if any(server.name in debian_13 for server in servers):
            rootfs.stack(self.settings.directory, rootfs.DEBIAN_13)
        debian = dict.fromkeys(debian_13, 13)
        each(lambda server: server.up(docker, seed_folder, debian.get(server.name, 12)), servers)
        return servers

    def renew(
        self, servers: list[Server], docker: bool = True, seeded: bool = True
    ) -> list[Server]:
        """Have these servers running with fresh disks."""
        each(lambda server: server.down(), servers)
        return self.boot(servers, docker, seeded)

    def down(self) -> None:
        """Leave nothing but files: no process, mount, namespace or control group."""
        each(lambda server: server.down(), self.servers())
        self.control.stop()
        process.kill_all(self.settings.mark())
        for name in network.namespaces(self.settings):
            network.unplug(self.settings, name)
        network.remove_switch(self.settings)
        cgroups.remove(self.settings.prefix)
        storage.release(self.settings.directory)

    def purge(self) -> None:
        """Leave not even files: the next start builds all images again."""
        self.down()
        shutil.rmtree(self.settings.directory, ignore_errors=True)
        storage.image_of(self.settings.directory).unlink(missing_ok=True)

    def _install(self, more: Sequence[Layer]) -> None:
        """Have all layers; those that do not stand on each other are made at once."""
        directory = self.settings.directory
        tops = (rootfs.CONTROL, images.PYTHON.layer, images.POSTGRES.layer, *more)
        if not all(rootfs.exists(directory, layer) for layer in tops if layer):
            self.say("Debian packages for servers and images, once; this takes a minute or two")
            rootfs.build(directory, rootfs.BASE)
            with ThreadPoolExecutor() as pool:
                list(pool.map(lambda layer: rootfs.stack(directory, layer), filter(None, tops)))

    def _images_key(self) -> str:
        identity = ("docker", "image", "inspect", "--format", "{{.Id}}")
        return context.digest(self.control.must(*identity, name) for name in HUB)

    def _seed_folder(self) -> Path:
        return self.settings.directory / "seeds" / self._images_key()

    def _publish(self) -> None:
        """Have the images in the place of Docker Hub."""
        key, note = self._images_key(), self.control.disk / "published"
        if not note.exists() or note.read_text() != key:
            note.unlink(missing_ok=True)
            for name in HUB:
                images.push(self.control, name)
            note.write_text(key)

    def _seed(self) -> None:
        """Have a server pull the images once, for all servers to come."""
        folder = self._seed_folder()
        if folder.exists():
            return
        self.say("seed: a server pulls the images once")
        gardener = self.server("seed")
        gardener.down()
        gardener.up()
        for name in HUB:
            gardener.must("docker", "pull", "--quiet", name)
        gardener.stop()
        seed.harvest(gardener.disk / "docker", folder)
        gardener.down()


def each(do: Callable[[Server], T], servers: Iterable[Server]) -> list[T]:
    """Do the same with every server at once."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(do, servers))
