"""The machine that builds images and runs the registry; it shares the host's network."""

from __future__ import annotations

import json
import os
from pathlib import Path

from fleet import registry, rootfs
from fleet.machine import Machine
from fleet.registry import Registry
from fleet.settings import Settings
from fleet.shell import wait_for

_PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")


class Control(Machine):
    """The only machine of a fleet whose disk outlives `down`: it is the cache of images."""

    __slots__ = ()

    @classmethod
    def of(cls, settings: Settings) -> Control:
        """The control machine's name."""
        return cls(settings, "control")

    @property
    def registry(self) -> Registry:
        """The registry on the fleet's network."""
        return Registry(self.settings.address("machine"))

    def up(self) -> None:
        """Ensure that the engine and the registry run."""
        if not self.pid:
            self.cut()
            self.format()
            self._configure()
            self.start(rootfs.stack(self.settings.directory, rootfs.CONTROL))
        wait_for("the control machine's Docker", self.docker_answers)
        wait_for("the registry", self._log_in)

    def _configure(self) -> None:
        hosts = [self.registry.server, self.registry.hub]
        # Neither bridge nor firewall: this machine's own, and its Docker's, are left alone.
        daemon = {"insecure-registries": hosts, "storage-driver": "overlay2", "bridge": "none",
                  "iptables": False, "ip-forward": False}  # fmt: skip
        self.write("/etc/docker/daemon.json", json.dumps(daemon))
        proxies = "".join(
            f"export {name}='{os.environ[name]}'\n" for name in _PROXIES if name in os.environ
        )
        start = f"{proxies}export no_proxy={self.registry.address}\nexec dockerd\n"
        self.write("/etc/fleet/services/docker", f"#!/bin/sh\n{start}", 0o755)
        for file in (Path("/etc/resolv.conf"), Path("/etc/ssl/certs/ca-certificates.crt")):
            if file.exists():
                self.write(str(file), file.read_text())
        registry.install(self, self.registry)

    def _log_in(self) -> bool:
        known = self.registry
        login = ("docker", "login", "--username", known.user, "--password-stdin", known.server)
        return self.run(*login, stdin=known.password.encode()).returncode == 0
