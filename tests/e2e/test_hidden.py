"""No value of a secret shows anywhere while servers are set up and deployed to."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.project import Project
from lab.sampler import Sampler
from lab.servers import Images, Servers

CANARIES = {"XAI_API_KEY": "canary-x-5c11", "SIDE_CAR": "canary 'deploy\" $HOME line"}


@pytest.fixture(scope="module")
def project(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Project:
    """The grown-up form, with secrets that can be found again."""
    project = new_project()
    config = configurations.grown(fleet.addresses, registry)
    config["env"]["secret"].append("SIDE_CAR")
    config["readiness_delay"] = 1
    project.configure(config)
    project.secrets({**configurations.secrets(registry), **CANARIES})
    for version in ("v1", "v2"):
        images.app(version)
    return project


def values(registry: Registry) -> list[str]:
    """List every value that must not show, and what docker would make of the password."""
    secrets = {**configurations.secrets(registry), **CANARIES}
    login = base64.b64encode(f"{registry.user}:{registry.password}".encode()).decode()
    return [*secrets.values(), login]


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("v1", ["-y", "--diff", "-vvv", "--debug"]),
        ("v1", ["--debug-operations"]),
        ("v2", ["-y", "-vvv", "--debug", "--json"]),
    ],
)
def test_no_process_and_no_output_has_a_secret(
    project: Project, registry: Registry, version: str, words: list[str]
) -> None:
    with Sampler(values(registry)) as sampler:
        done = project.deploy(version, *words)
    assert sampler.rounds > 10
    assert [each for each in sampler.seen if not each.is_login_elsewhere(registry)] == []
    assert [value for value in values(registry) if value in done.text] == []
    assert len(done.text) > 1000


def test_the_app_has_its_secrets_byte_for_byte(fleet: Servers, project: Project) -> None:
    env = fleet[0].inspect("test-web-v2")["Config"]["Env"]
    assert f"SIDE_CAR={CANARIES['SIDE_CAR']}" in env


def test_no_label_log_or_lock_has_a_secret(
    fleet: Servers, project: Project, registry: Registry
) -> None:
    for host in fleet:
        kept = host.sh(
            "docker ps -aq | xargs -r docker inspect --format '{{json .Config.Labels}}';"
            "docker image ls -q | xargs -r docker history --no-trunc;"
            "cat .kamal/*.log; find .kamal -type f ! -name '*env' ! -name '*odd' -exec cat {} +"
        )
        assert [value for value in values(registry) if value in kept] == []
    modes = fleet[0].sh("find .kamal -type f -name '*env' -exec stat -c %a {} +").split()
    assert set(modes) == {"600"}


def test_host_data_has_no_secret(project: Project, registry: Registry) -> None:
    shown = project.pyinfra("@kamal", "debug-inventory").text
    assert [value for value in values(registry) if value in shown] == []


def test_a_rotated_password_of_the_registry_is_noticed(project: Project, fleet: Servers) -> None:
    fleet[0].sh('sed -i \'s/"auth": ".*"/"auth": "b2xkOm9sZA=="/\' .docker/config.json')
    done = project.deploy("v2", "-y", "--diff")
    assert done.status == 0, done.text
    assert "Success" in done.err.split("Log in to")[1].split("-->")[0]
