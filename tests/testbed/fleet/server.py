"""A server to deploy to: Debian with sshd and Docker; every SSH exec request is logged."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

from fleet import network, rootfs, seed, trace
from fleet.keys import Keys
from fleet.machine import Machine
from fleet.registry import Registry
from fleet.shell import must, wait_for

_SCRIPTS = Path(__file__).parent / "scripts"
_SSHD = """\
HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
UseDNS no
LogLevel VERBOSE
ForceCommand /etc/fleet/trace.sh
"""


class Server(Machine):
    """One server, h1, h2, ..."""

    __slots__ = ()

    @property
    def address(self) -> str:
        """The server's address on the fleet's network."""
        return self.settings.address(self.name)

    @property
    def has_docker(self) -> bool:
        """Return whether the server was made with Docker installed."""
        return not (self.disk / "bare").exists()

    @property
    def layer(self) -> rootfs.Layer:
        """The top layer of the server's root."""
        if (self.disk / "debian13").exists():
            return rootfs.DEBIAN_13 if self.has_docker else rootfs.SERVER_13
        return rootfs.ENGINE if self.has_docker else rootfs.SERVER

    def up(self, docker: bool = True, images: Path | None = None, debian: int = 12) -> None:
        """Ensure that the server runs; a new one gets a disk, with the images of the seed."""
        if not self.pid:
            self.cut()
            if not self.root.exists():
                self._install(docker, images, debian)
            network.plug_in(self.settings, self.name)
            self.start(
                rootfs.stack(self.settings.directory, self.layer),
                self.settings.namespace(self.name),
            )
        if self.has_docker:
            wait_for(f"Docker of {self.name}", self.docker_answers)
        wait_for(f"sshd of {self.name}", self._listens)

    def down(self) -> None:
        """Power off and remove the disk."""
        self.cut()
        network.unplug(self.settings, self.name)
        self.wipe()

    def restart(self) -> None:
        """Reboot."""
        self.stop()
        self.up()

    def _listens(self) -> bool:
        socket.create_connection((self.address, 22), 1).close()
        return True

    def _install(self, docker: bool, images: Path | None, debian: int) -> None:
        self.format()
        if debian == 13:
            (self.disk / "debian13").touch()
        self._name()
        self._accept(Keys(self.settings.directory / "keys"))
        self.write("/etc/docker/daemon.json", json.dumps(self._daemon()))
        for service in ("docker", "sshd"):
            self.write(
                f"/etc/fleet/services/{service}", (_SCRIPTS / f"{service}.sh").read_text(), 0o755
            )
        self.write("/etc/fleet/trace.sh", (_SCRIPTS / "trace.sh").read_text(), 0o755)
        self.write(trace.EXECS, "", 0o666)
        if not docker:
            (self.disk / "bare").touch()
            self._offer_packages(rootfs.DEBIAN_13 if debian == 13 else rootfs.ENGINE)
        elif images:
            seed.plant(images, self.disk / "docker")

    def _name(self) -> None:
        numbers = "".join(f"{self.settings.address(f'h{k}')} h{k}\n" for k in range(1, 41))
        self.write("/etc/hostname", f"{self.name}\n")
        self.write("/etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {self.name}\n{numbers}")
        # Nobody answers there: a name that is not known is refused at once.
        machine = self.settings.address("machine")
        self.write("/etc/resolv.conf", f"nameserver {machine}\noptions timeout:1 attempts:1\n")

    def _accept(self, keys: Keys) -> None:
        self.write("/etc/ssh/sshd_config.d/fleet.conf", _SSHD)
        self.write("/etc/ssh/ssh_host_ed25519_key", keys.of_host(self.name).read_text(), 0o600)
        for home, user in (("/root", 0), ("/home/deploy", 1000)):
            self.write(f"{home}/.ssh/authorized_keys", keys.public, 0o600)
            for path in (self.root / home[1:], *(self.root / home[1:]).rglob("*")):
                shutil.chown(path, user, user)
        (self.root / "root").chmod(0o700)

    def _daemon(self) -> dict[str, object]:
        registry = Registry(self.settings.address("machine"))
        return {
            "insecure-registries": [registry.server, registry.hub],
            "registry-mirrors": [f"http://{registry.hub}"],
            "storage-driver": "overlay2",
        }

    def _offer_packages(self, engine: rootfs.Layer) -> None:
        """Make Docker's packages installable by apt without a network."""
        shelf = self.root / "var/lib/fleet/packages"
        shelf.mkdir(parents=True)
        debs = rootfs.debs(self.settings.directory, engine)
        must("bash", _SCRIPTS / "shelf.sh", debs, shelf)
        self.write("/etc/apt/sources.list", "deb [trusted=yes] file:/var/lib/fleet/packages ./\n")
