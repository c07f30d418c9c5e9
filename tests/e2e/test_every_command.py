"""Commands that no other test types, and parts that are removed one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.host import Host
from lab.project import Project, Result
from lab.servers import Images, Servers


@pytest.fixture(scope="module")
def host(fleet: Servers) -> Host:
    """One server."""
    return fleet.renew(1)[0]


@pytest.fixture(scope="module")
def project(
    host: Host, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Project:
    """Two versions, the second one running, beside a database."""
    project = new_project()
    project.introduce("Ada", "ada@example.com")
    project.configure({**configurations.first(host.address, registry), "readiness_delay": 1})
    project.secrets(configurations.secrets(registry))
    for version in ("v1", "v2"):
        images.app(version)
        typed(project, "setup", version)
    return project


def typed(project: Project, words: str, version: str = "v2", status: int = 0) -> Result:
    """Type words at kamalpy, which has to end with a status."""
    return project.typed(*words.split(), env={"VERSION": version}, status=status)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("proxy details", "kamal-proxy:v0.9.2"),
        ("secrets print", "XAI_API_KEY=xai-4711"),
        ("secrets fetch -a test --account ada --from vault XAI", '"vault/XAI"'),
        ('secrets extract XAI {"XAI":"4711"}', "4711"),
    ],
)
def test_prints(project: Project, words: str, said: str) -> None:
    assert said in typed(project, words).out


def test_nothing_of_kamal_1_is_there_to_upgrade(host: Host, project: Project) -> None:
    before = host.docker_ps()
    for words in ("proxy upgrade -y", "accessory upgrade all -y", "upgrade -y"):
        typed(project, words)
        assert host.docker_ps() == before


def test_parts_of_the_app_are_removed_one_by_one(
    host: Host, project: Project, registry: Registry
) -> None:
    typed(project, "app remove_containers")
    assert "test-web-v1" not in host.docker_ps(everything=True)
    assert "test-web-v2" in host.docker_ps()
    typed(project, "app remove_images")
    tags = host.sh(f"docker image ls --format '{{{{.Tag}}}}' {registry.server}/acme/test").split()
    assert sorted(tags) == ["latest", "v2"]
    typed(project, "app stop")
    typed(project, "app remove_app_directories")
    assert host.status("test -e .kamal/apps/test") == 1


def test_parts_of_the_proxy_are_removed_one_by_one(host: Host, project: Project) -> None:
    typed(project, "proxy stop")
    typed(project, "proxy remove_container")
    assert "kamal-proxy" not in host.docker_ps(everything=True)
    typed(project, "proxy remove_image")
    assert host.sh("docker image ls --quiet basecamp/kamal-proxy") == ""
    typed(project, "proxy remove_proxy_directory")
    assert host.status("test -e .kamal/proxy") == 1
