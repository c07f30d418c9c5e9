"""What a machine needs before servers can be made on it; each error is one sentence."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from fleet import cgroups
from fleet.errors import FleetError
from fleet.shell import run

_PACKAGES = {
    "ip": "iproute2",
    "mmdebstrap": "mmdebstrap",
    "mount": "mount",
    "nsenter": "util-linux",
    "ssh-keygen": "openssh-client",
    "unshare": "util-linux",
    "apt-get": "apt",
    "dpkg-deb": "dpkg",
}
_TRY = """
mount -t proc proc /proc && ip link add try0 type veth peer name try1 &&
  ip link add try2 type bridge
"""
_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def check_user() -> None:
    """Raise unless this is root on Linux."""
    if sys.platform != "linux":
        raise FleetError("needs Linux: servers are made of its namespaces, overlays and cgroups")
    if os.geteuid() != 0:
        raise FleetError("needs root: servers are made of namespaces, mounts and cgroups; try sudo")


def check() -> None:
    """Raise for the first thing that is missing."""
    check_user()
    lacking = {package for program, package in _PACKAGES.items() if not shutil.which(program)}
    if not Path(_KEYRING).exists():
        lacking.add("debian-archive-keyring")
    if lacking:
        raise FleetError(f"needs packages: apt-get install {' '.join(sorted(lacking))}")
    _check_kernel()


def _check_kernel() -> None:
    cgroups.hierarchies()
    tried = run(
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--uts",
        "--ipc",
        "--net",
        "--cgroup",
        "sh",
        "-c",
        _TRY,
    )
    if tried.returncode:
        said = tried.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise FleetError(
            f"needs namespaces, mounts, veth and bridge, which this machine refuses ({said[0]}); "
            "a container has to be privileged"
        )
