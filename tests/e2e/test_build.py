"""From a Dockerfile to a running app: buildx, registries, servers with Docker 20.10 and 26.1."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fleet.fleet import Fleet
from fleet.registry import Registry
from lab.client import give_buildkit, give_docker, give_registry, use_containerd_store
from lab.configurations import HOST, first, secrets
from lab.flaky import Flaky
from lab.host import Host
from lab.project import Project
from lab.sampler import Sampler
from lab.servers import Images, Servers

EXAMPLE = Path(__file__).parents[2] / "examples/web"
TOKEN = "build-token-4711"
LOCAL = "localhost:5555"
MEGABYTES = int(os.environ.get("KAMALPY_TRANSFER_MB", "60"))
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
RUN echo 1
RUN echo 2
RUN echo about to fail && false
FROM base AS full
RUN head -c 100M /dev/zero >/dev/shm/full
"""


@pytest.fixture(scope="module")
def fleet(lab: Fleet) -> Servers:
    """Three servers, the second with Debian 13's Docker 26.1, and the Docker that builds."""
    servers = Servers(lab).renew(4, debian_13=("h2", "h4"))
    servers.first(4)
    use_containerd_store(servers[3])
    return servers


@pytest.fixture(scope="module")
def server(fleet: Servers) -> Host:
    """The server that is deployed to."""
    return fleet[0]


@pytest.fixture(scope="module")
def new(
    lab: Fleet, fleet: Servers, registry: Registry, new_project: Callable[[], Project]
) -> Callable[..., Project]:
    """Make a project whose image is built by the engine of the fourth server."""

    def make(docker: bool = True, config: dict[str, Any] | None = None, **builder: Any) -> Project:
        project = new_project()
        shutil.copytree(EXAMPLE / "app", project.folder / "app")
        shutil.copy(EXAMPLE / "requirements.txt", project.folder)
        project.write("Dockerfile", DOCKERFILE)
        settings = first(fleet[0].address, registry)
        section = {"arch": "amd64", "driver": "docker", "secrets": ["BUILD_TOKEN"]}
        args = {"args": {"VERSION": "built"}, "target": "final"}
        merged = {**section, **args, **builder}
        settings["builder"] = {key: each for key, each in merged.items() if each is not None}
        settings["image"] = "acme/built"
        del settings["accessories"], settings["env"]
        project.configure({**settings, **(config or {})})
        project.secrets({**secrets(registry), "BUILD_TOKEN": TOKEN})
        if docker:
            give_docker(lab, project, fleet[3])
        return project

    return make


@pytest.fixture(scope="module")
def deployed(new: Callable[..., Project], server: Host, images: Images) -> Project:
    """A project that was set up, its image built on the way."""
    project = new(cache={"type": "registry", "options": "mode=max"})
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


def test_layers_come_from_the_cache_in_the_registry(deployed: Project, fleet: Servers) -> None:
    fleet[3].sh("docker builder prune --all --force")
    done = deployed.typed("build", "push")
    assert "importing cache manifest from" in done.err
    step = next(line for line in done.err.splitlines() if "RUN pip install" in line)
    assert f"{step.split()[0]} CACHED" in done.err


def test_a_step_that_fails_changes_no_server(
    new: Callable[..., Project], deployed: Project, server: Host
) -> None:
    before = server.docker_ps(everything=True)
    project = new(target="broken")
    project.commit()
    server.mark()
    done = project.typed("deploy", status=1)
    assert "the build failed: Dockerfile:16: [broken 3/3] RUN echo about to fail" in done.err
    assert "about to fail" in done.err
    assert "Nothing is deployed, since the image was not built and pushed" in done.err
    assert server.execs() == []
    assert server.docker_ps(everything=True) == before


def test_a_build_without_space(new: Callable[..., Project], deployed: Project) -> None:
    project = new(target="full")
    project.commit()
    done = project.typed("build", "push", status=1)
    assert "No space left on device" in done.err
    assert "Try: free disk space, for example with docker buildx prune" in done.err


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


def test_a_registry_that_fails_once(
    new: Callable[..., Project], deployed: Project, registry: Registry
) -> None:
    with Flaky(registry.server).serving() as flaky:
        given = {"server": flaky.server, "username": registry.user, "password": registry.password}
        project = new(config={"registry": given})
        project.commit()
        flaky.fail("HEAD")  # the first request of a push, not of a login
        project.typed("build", "push")
        assert flaky.failed == [b"HEAD"]


def test_a_registry_that_fails_once_at_login(
    new: Callable[..., Project], deployed: Project, registry: Registry
) -> None:
    with Flaky(registry.server).serving() as flaky:
        given = {"server": flaky.server, "username": registry.user, "password": registry.password}
        project = new(config={"registry": given})
        project.commit()
        flaky.fail("GET")
        project.typed("build", "push")
        assert flaky.failed == [b"GET"]


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


def test_a_remote_builder_is_reached_over_ssh(
    new: Callable[..., Project], deployed: Project, fleet: Servers
) -> None:
    """BuildKit's image is on Docker Hub: the builder is created on the server, and ends there."""
    remote = f"ssh://root@{fleet[2].address}"
    project = new(driver=None, remote=remote, local=False)
    project.ssh_for_programs()
    project.commit()
    fleet[2].mark()
    done = project.typed("build", "push", status=1)
    assert "The builder does not exist yet: creating it" in done.err
    assert "moby/buildkit" in done.err
    assert any("docker system dial-stdio" in each.command for each in fleet[2].execs())
    assert remote in project.run("docker", "context", "ls").out
    project.typed("build", "remove")
    assert remote not in project.run("docker", "context", "ls").out


@pytest.fixture(scope="module")
def builder(fleet: Servers) -> Host:
    """A server with an image of BuildKit: Debian 13's engine, which it is a part of, stands in."""
    give_buildkit(fleet[1])
    return fleet[1]


def test_a_remote_builder_builds_and_pushes(
    new: Callable[..., Project], deployed: Project, server: Host, builder: Host
) -> None:
    project = new(driver=None, remote=f"ssh://root@{builder.address}", local=False)
    project.ssh_for_programs()
    project.write("more", "")
    commit = project.commit()
    done = project.typed("deploy")
    assert "The builder does not exist yet: creating it" in done.err
    assert "pushing manifest for" in done.err
    assert f"test-web-{commit}" in server.docker_ps()
    assert server.get("/version", HOST).text == "built\n"
    assert any(each.startswith("buildx_buildkit_") for each in builder.docker_ps())
    again = project.typed("build", "push")
    assert "creating it" not in again.err
    assert "Name:          kamal-remote-ssh---root-" in project.typed("build", "details").out
    project.typed("build", "remove")
    assert not any(each.startswith("buildx_buildkit_") for each in builder.docker_ps())


def test_no_build_and_no_docker(
    new: Callable[..., Project], images: Images, server: Host, registry: Registry
) -> None:
    """An image of somebody else, without the label, deployed by its tag, then by its digest."""
    images.app("1.27", service="", name="acme/other")
    project = new(docker=False)
    config = first(server.address, registry)
    del config["builder"], config["accessories"], config["env"]
    proxy = {**config["proxy"], "host": "other.example.com"}
    config = {**config, "service": "other", "image": "acme/other:1.27", "proxy": proxy}
    project.configure(config)
    without_docker = {"PATH": str(project.home)}
    done = project.typed("setup", "-v", env=without_docker)
    assert "other-web-1.27" in server.docker_ps(), done.text
    assert server.get("/version", "other.example.com").text == "1.27\n"
    pulled = server.image(f"{registry.server}/acme/other:1.27")["RepoDigests"]
    assert [each.partition("@")[0] for each in pulled] == [f"{registry.server}/acme/other"]

    done = project.typed("deploy", "--image", pulled[0], env=without_docker)
    digits = pulled[0].rpartition(":")[2][:12]
    assert f"other-web-{digits}" in server.docker_ps(), done.text


@pytest.fixture(scope="module")
def local(new: Callable[..., Project], deployed: Project, fleet: Servers) -> Project:
    """A project on three servers, its registry on the machine that deploys."""
    return new(
        config={
            "service": "local",
            "image": "acme/local",
            "servers": {"web": fleet.addresses[:3]},
            "proxy": {"host": "local.example.com", "app_port": 8080},
            "registry": {"server": LOCAL},
        }
    )


def test_a_local_registry_without_its_image(local: Project) -> None:
    done = local.typed("registry", "setup", status=1)
    assert f"{LOCAL}: this machine's Docker has no image registry:3 and cannot pull it" in done.err


def test_three_servers_pull_from_a_local_registry(
    lab: Fleet, local: Project, fleet: Servers
) -> None:
    give_registry(lab, fleet[3])
    commit = local.commit()
    done = local.typed("setup")
    assert f"Start the registry {LOCAL}" in done.err
    for host in fleet.first(3):
        assert f"local-web-{commit}" in host.docker_ps()
        assert host.get("/version", "local.example.com").text == "built\n"
        assert host.image(f"{LOCAL}/acme/local:{commit}")["RepoDigests"]
        assert host.status("bash -c ': </dev/tcp/127.0.0.1/5555'") != 0  # the tunnel is closed
    again = local.typed("deploy", "-v")
    assert "exists: nothing to build" in again.err
    assert "deploy: nothing to do" in again.err


def test_a_remote_builder_reaches_the_local_registry(
    new: Callable[..., Project], local: Project, builder: Host
) -> None:
    project = new(
        driver=None,
        remote=f"ssh://root@{builder.address}",
        local=False,
        config={"image": "acme/local", "registry": {"server": LOCAL}},
    )
    project.ssh_for_programs()
    project.write("more", "")
    commit = project.commit()
    done = project.typed("build", "push")
    assert f"pushing manifest for {LOCAL}/acme/local:{commit}" in done.err
    assert builder.status("bash -c ': </dev/tcp/127.0.0.1/5555'") != 0  # the tunnel is closed
    project.typed("build", "remove")


def test_a_transfer_goes_on_where_the_connection_was_cut(
    new: Callable[..., Project], local: Project, server: Host
) -> None:
    project = new(
        target=None,
        secrets=None,
        config={
            "service": "big",
            "proxy": {"host": "big.example.com", "app_port": 8080},
            "x-kamalpy": {"transfer": "ssh"},
        },
    )
    blob = f"FROM base\nRUN head -c {MEGABYTES}M /dev/urandom >/blob\n"
    project.write("Dockerfile", f"{DOCKERFILE.partition('FROM base AS final')[0]}{blob}")
    commit = project.commit()
    project.typed("build", "push")
    begin, size = _received(server), MEGABYTES * 2**20
    deploy = project.start("kamalpy", "deploy", "-v")
    for part in (0.5, 0.9):
        while _received(server) < begin + part * size:
            assert deploy.process.poll() is None, deploy.text()
            time.sleep(0.02)
        server.sh("read -r owner _ <.kamal/lock-big/lease && kill -0 $owner")
        server.sh("pkill -f '^sshd: root'")
    done = deploy.wait()
    assert done.status == 0, done.text
    assert done.text.count("connecting again") == 2
    assert f"big-web-{commit}" in server.docker_ps()
    assert size < _received(server) - begin < 1.2 * size


def test_a_local_registry_is_removed(local: Project, fleet: Servers) -> None:
    assert "kamal-docker-registry" in fleet[3].docker_ps()
    local.typed("registry", "remove")
    assert "kamal-docker-registry" not in fleet[3].docker_ps(everything=True)


def test_kamal_builds_the_same_image(deployed: Project, registry: Registry, server: Host) -> None:
    """One after the other, to the same tag."""
    commit = deployed.run("git", "rev-parse", "HEAD").out.strip()
    image = f"{registry.server}/acme/built:{commit}"
    found = []
    for tool in (deployed.kamal, deployed.kamalpy):
        begin = time.monotonic()
        done = tool("build", "push", "--no-cache")
        assert done.status == 0, done.text
        print(f"{tool.__name__}: {time.monotonic() - begin:.1f} s")
        server.sh(f"docker pull --quiet {image}")
        history = server.sh(f"docker history --no-trunc --format '{{{{.CreatedBy}}}}' {image}")
        found.append((server.image(image)["Config"], server.image(image)["Id"], history))
    (kamals, first_id, *steps), (ours, second_id, *same_steps) = found
    assert first_id != second_id
    assert (kamals, steps) == (ours, same_steps)
    assert ours["Labels"] == {"service": "test"}


def _received(host: Host) -> int:
    """Count the bytes that a server has received."""
    lines = host.sh("cat /proc/net/dev").splitlines()
    return sum(int(line.split()[1]) for line in lines if ":" in line and "lo:" not in line)
