"""Docker on the user's machine: the CLI, buildx, and an engine that builds."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

from fleet import rootfs
from fleet.fleet import Fleet

from lab.host import Host
from lab.project import Project

REGISTRY = "registry:3"
BUILDKIT = "moby/buildkit:buildx-stable-1"
_BUILDKIT = Path(__file__).parent / "buildkit"
_DAEMON = "/etc/docker/daemon.json"
_DOCKERFILE = """\
FROM python:3.11
COPY docker-registry config.yml /
CMD ["/docker-registry", "serve", "/config.yml"]
"""
_CONFIG = """\
version: 0.1
storage: {filesystem: {rootdirectory: /var/lib/registry}}
http: {addr: ":5000"}
"""


def give_docker(lab: Fleet, project: Project, engine: Host) -> None:
    """Give a project docker and buildx, on the engine and in the network of a server."""
    files = rootfs.build(lab.settings.directory, rootfs.CLIENT)
    programs = project.home / "bin"
    plugins = project.home / ".docker/cli-plugins"
    for folder in (programs, plugins):
        folder.mkdir(parents=True)
    (programs / "docker").symlink_to(files / "usr/bin/docker")
    buildx = "libexec/docker/cli-plugins/docker-buildx"
    (plugins / "docker-buildx").symlink_to(files / "usr" / buildx)
    project.environment["PATH"] = f"{programs}:{project.variables()['PATH']}"
    pid = engine.server.pid
    project.environment["DOCKER_HOST"] = f"unix:///proc/{pid}/root/run/docker.sock"
    project.enter[:] = ["nsenter", f"--net=/proc/{pid}/ns/net"]


def use_containerd_store(engine: Host) -> None:
    """
    Let an engine keep images in containerd, as new installations do: it can export a cache.

    It uses any registry of the fleet's network without TLS.
    """
    engine.server.must("tee", _DAEMON, stdin=_with_containerd(engine))
    engine.sh("kill $(cat /run/docker.pid)")
    engine.wait_for("docker info --format '{{.DriverStatus}}' | grep -q containerd", 60)


def give_registry(lab: Fleet, engine: Host) -> None:
    """Give an engine ``registry:3``: Debian's registry 2.8 stands in for Docker Hub's image."""
    program = rootfs.build(lab.settings.directory, rootfs.CONTROL) / "usr/bin/docker-registry"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        tar.add(program, "docker-registry")
        for name, text in (("Dockerfile", _DOCKERFILE), ("config.yml", _CONFIG)):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
    engine.server.must("docker", "build", "--tag", REGISTRY, "-", stdin=buffer.getvalue())


def give_buildkit(engine: Host) -> None:
    """
    Let an engine of Debian 13 have BuildKit's image, as Docker Hub is far.

    The image is the server itself without its data: its engine, which BuildKit is a part of.
    """
    for program in _BUILDKIT.iterdir():
        path = f"/usr/local/bin/{program.name}"
        engine.server.must("tee", path, stdin=program.read_bytes())
        engine.sh(f"chmod +x {path}")
    engine.server.must("tee", "/etc/docker/buildkit.json", stdin=_with_containerd(engine))
    files = "tar -C / -c --exclude usr/share bin sbin lib lib64 usr etc"
    engine.sh(f"{files} | docker import -c 'ENTRYPOINT [\"buildkitd\"]' - {BUILDKIT}")


def _with_containerd(engine: Host) -> bytes:
    settings = json.loads(engine.sh(f"cat {_DAEMON}"))
    settings.pop("storage-driver", None)
    settings["insecure-registries"].append(f"{engine.server.settings.subnet}.0/24")
    settings["features"] = {"containerd-snapshotter": True}
    return json.dumps(settings).encode()
