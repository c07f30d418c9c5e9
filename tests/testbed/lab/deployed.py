"""A project whose first version runs on three servers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fleet.registry import Registry

from lab import configurations
from lab.host import Host
from lab.project import Project, Result
from lab.servers import Images, Servers


@dataclass(frozen=True)
class Deployed:
    """The project with everything, its servers, and its configuration."""

    servers: Servers
    images: Images
    project: Project
    config: dict[str, Any]

    @property
    def web(self) -> list[Host]:
        """The servers behind the proxy."""
        return self.servers.first(2)

    @property
    def job(self) -> Host:
        """The server with the job role and the database."""
        return self.servers[2]

    def configure(self, **changes: Any) -> None:
        """Write the configuration with some keys replaced."""
        self.project.configure({**self.config, **changes})

    def deploy(self, version: str, *words: object, **options: Any) -> Result:
        """Deploy a version; its image is pushed first."""
        self.images.app(version, fault=options.pop("fault", ""))
        return self.project.deploy(version, *words, **options)

    def versions(self) -> list[str]:
        """Return the version that each web server serves."""
        answers = (host.get("/version", configurations.HOST) for host in self.web)
        return [answer.text.strip() for answer in answers]

    def containers(self) -> list[list[str]]:
        """List the app's containers that run, host by host."""
        return [
            [name for name in host.docker_ps() if name not in ("kamal-proxy", "test-postgres")]
            for host in self.servers
        ]


def deploy_first(
    servers: Servers,
    images: Images,
    registry: Registry,
    new_project: Callable[[], Project],
    **changes: Any,
) -> Deployed:
    """Set three servers up and deploy version 1 to them."""
    deployed = configured(servers, images, registry, new_project, **changes)
    done = deployed.deploy("v1")
    if done.status:
        raise RuntimeError(done.text)
    deployed.project.write("deploy.py", "from kamalpy import deploys\n\ndeploys.deploy()\n")
    return deployed


def configured(
    servers: Servers,
    images: Images,
    registry: Registry,
    new_project: Callable[[], Project],
    **changes: Any,
) -> Deployed:
    """Have a project for three servers, on which nothing has been done yet."""
    project = new_project()
    project.introduce("Ada", "ada@example.com")
    config: Mapping[str, Any] = configurations.grown(servers.addresses, registry)
    deployed = Deployed(servers, images, project, {**config, **changes})
    deployed.configure()
    project.secrets(configurations.secrets(registry))
    return deployed
