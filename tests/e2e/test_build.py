"""From a Dockerfile to a running app: buildx, a registry with a password, and servers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fleet.fleet import Fleet
from fleet.registry import Registry
from lab.client import give_docker
from lab.configurations import HOST, first, secrets
from lab.host import Host
from lab.project import Project
from lab.sampler import Sampler
from lab.servers import Images, Servers

EXAMPLE = Path(__file__).parents[2] / "examples/web"
TOKEN = "build-token-4711"
DOCKERFILE = """\
FROM python:3.11 AS base
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY app app
ARG VERSION
RUN echo "$VERSION" >VERSION
ENV PYTHONUNBUFFERED=1
EXPOSE 8080
CMD ["python", "-m", "app", "web"]
FROM base AS final
RUN --mount=type=secret,id=BUILD_TOKEN sha256sum </run/secrets/BUILD_TOKEN >/app/token
FROM base AS broken
RUN echo about to fail && false
"""


@pytest.fixture(scope="module")
def server(fleet: Servers) -> Host:
    """The server that is deployed to."""
    return fleet[0]


@pytest.fixture(scope="module")
def new(
    lab: Fleet, fleet: Servers, registry: Registry, new_project: Callable[[], Project]
) -> Callable[..., Project]:
    """Make a project whose image is built by the engine of the third server."""

    def make(docker: bool = True, **builder: Any) -> Project:
        project = new_project()
        shutil.copytree(EXAMPLE / "app", project.folder / "app")
        shutil.copy(EXAMPLE / "requirements.txt", project.folder)
        project.write("Dockerfile", DOCKERFILE)
        config = first(fleet[0].address, registry)
        section = {"arch": "amd64", "driver": "docker", "secrets": ["BUILD_TOKEN"]}
        args = {"args": {"VERSION": "built"}, "target": "final"}
        merged = {**section, **args, **builder}
        config["builder"] = {key: each for key, each in merged.items() if each is not None}
        config["image"] = "acme/built"
        del config["accessories"], config["env"]
        project.configure(config)
        project.secrets({**secrets(registry), "BUILD_TOKEN": TOKEN})
        if docker:
            give_docker(lab, project, fleet[2])
        return project

    return make


@pytest.fixture(scope="module")
def deployed(new: Callable[..., Project], server: Host, images: Images) -> Project:
    """A project that was set up, its image built on the way."""
    project = new()
    commit = project.commit()
    dry = project.typed("setup", "--dry")
    assert f"~ Build {images.registry.server}/acme/built:{commit} and push it  @local" in dry.err
    with Sampler([TOKEN, images.registry.password]) as sampler:
        done = project.typed("setup")
    assert "#1 [" in done.err
    assert [each for each in sampler.seen if not each.is_login_elsewhere(images.registry)] == []
    return project


def test_the_app_that_was_built_serves(deployed: Project, server: Host) -> None:
    assert server.get("/version", HOST).text == "built\n"
    inside = "docker exec $(docker ps -qf label=service=test) cat /app/token"
    assert server.sh(f"echo -n {TOKEN} | sha256sum") == server.sh(inside)


def test_every_host_runs_the_digest_that_was_pushed(
    deployed: Project, server: Host, registry: Registry
) -> None:
    commit = deployed.run("git", "rev-parse", "HEAD").out.strip()
    image = f"{registry.server}/acme/built:{commit}"
    digests = server.sh(f"docker image inspect -f '{{{{join .RepoDigests \" \"}}}}' {image}")
    assert digests.startswith(f"{registry.server}/acme/built@sha256:")


def test_what_exists_is_not_built_again(deployed: Project) -> None:
    done = deployed.typed("deploy", "-v")
    assert "exists: nothing to build" in done.err
    assert "buildkit" not in done.err
    assert "#1 [" not in done.err
    assert "deploy: nothing to do" in done.err
    assert deployed.typed("plan").status == 0


def test_a_step_that_fails_changes_no_server(
    new: Callable[..., Project], deployed: Project, server: Host
) -> None:
    before = server.docker_ps(everything=True)
    project = new(target="broken")
    project.commit()
    server.mark()
    done = project.typed("deploy", status=1)
    assert "the build failed: [broken 1/1] RUN echo about to fail" in done.err
    assert "about to fail" in done.err
    assert "Nothing is deployed, since the image was not built and pushed" in done.err
    assert server.execs() == []
    assert server.docker_ps(everything=True) == before


def test_a_wrong_password_is_reported_before_the_build(
    new: Callable[..., Project], deployed: Project
) -> None:
    project = new()
    project.write("more", "")
    project.commit()
    env = {"KAMAL_REGISTRY_PASSWORD": "a wrong one"}
    done = project.typed("deploy", status=1, env=env)
    assert "this machine cannot log in" in done.err
    assert "#1 [" not in done.err
    assert "a wrong one" not in done.text


def test_an_image_for_another_architecture(
    new: Callable[..., Project], deployed: Project, server: Host
) -> None:
    project = new(arch="arm64", target=None)
    project.write("Dockerfile", "FROM scratch\nCOPY app /app\n")
    project.commit()
    before = server.docker_ps(everything=True)
    done = project.typed("deploy", status=1)
    assert "is built for linux/arm64, but this server is amd64; set builder/arch" in done.err
    assert server.docker_ps(everything=True) == before


def test_no_build_and_no_docker(
    new: Callable[..., Project], images: Images, server: Host, registry: Registry
) -> None:
    """An image of somebody else, without the label, deployed by its tag."""
    images.app("1.27", service="", name="acme/other")
    project = new(docker=False)
    config = first(server.address, registry)
    del config["builder"], config["accessories"], config["env"]
    proxy = {**config["proxy"], "host": "other.example.com"}
    config = {**config, "service": "other", "image": "acme/other:1.27", "proxy": proxy}
    project.configure(config)
    done = project.typed("setup", "-v", env={"PATH": str(project.home)})
    assert "other-web-1.27" in server.docker_ps(), done.text
    assert server.get("/version", "other.example.com").text == "1.27\n"
    pulled = server.image(f"{registry.server}/acme/other:1.27")["RepoDigests"]
    assert [each.partition("@")[0] for each in pulled] == [f"{registry.server}/acme/other"]
