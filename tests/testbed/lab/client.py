"""Docker on the machine that somebody deploys from: the CLI, buildx, and an engine that builds."""

from __future__ import annotations

from fleet import rootfs
from fleet.fleet import Fleet

from lab.host import Host
from lab.project import Project


def give_docker(lab: Fleet, project: Project, engine: Host) -> None:
    """Let a project have docker and buildx, on the engine of a server."""
    files = rootfs.build(lab.settings.directory, rootfs.CLIENT)
    programs = project.home / "bin"
    plugins = project.home / ".docker/cli-plugins"
    for folder in (programs, plugins):
        folder.mkdir(parents=True)
    (programs / "docker").symlink_to(files / "usr/bin/docker")
    buildx = "libexec/docker/cli-plugins/docker-buildx"
    (plugins / "docker-buildx").symlink_to(files / "usr" / buildx)
    project.environment["PATH"] = f"{programs}:{project.variables()['PATH']}"
    socket = f"/proc/{engine.server.pid}/root/run/docker.sock"
    project.environment["DOCKER_HOST"] = f"unix://{socket}"
