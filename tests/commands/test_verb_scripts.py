"""Containers started, stopped, restarted, removed: what is told Docker, and what is noted."""

from __future__ import annotations

from typing import Any

import pytest

from kamalpy.commands import container, image, prune
from kamalpy.commands.audit import Event
from kamalpy.spec.audit import Audit
from kamalpy.spec.route import Route

EVENT = Event.from_audit(Audit("blog", "ann"), "Did it", "web")
SWEEP = ["volume", "ls", "--quiet", "--filter", "dangling=true"]
SWEEP += ["--filter", "label=kamalpy.secrets"]


@pytest.fixture(autouse=True)
def containers(docker: Any) -> None:
    docker.has({"a": "aaaa0123456789 running", "b": "bbbb0123456789 exited"})


def noted(host: Any) -> list[str]:
    """List the lines of the audit log, without their time."""
    log = host.files().get(".kamal/blog-audit.log", "")
    return [line.partition("] ")[2] for line in log.splitlines()]


class TestStart:
    """It is routed to by its id; without a route it must stay up."""

    def test_behind_the_proxy(self, host: Any, docker: Any) -> None:
        route = Route(service="blog-web", port=3000, hosts=("blog.test",))

        assert host.run(container.start("b", EVENT, route)) == (0, "", "")

        assert docker.calls[0] == ["start", "b"]
        assert docker.calls[1][:6] == [
            *("exec", "kamal-proxy", "kamal-proxy", "deploy", "blog-web"),
            "--target=bbbb01234567:3000",
        ]
        assert noted(host) == ["[ann] [web] Did it"]

    def test_of_what_crashes(self, host: Any, docker: Any) -> None:
        docker.fails("start", saying="no space left on device")

        done = host.run(container.start("b", EVENT))

        assert (done.status, done.err) == (1, "no space left on device\n")
        assert noted(host) == []

    def test_that_the_proxy_refuses(self, host: Any, docker: Any) -> None:
        docker.fails("exec", saying="target failed to become healthy")

        done = host.run(container.start("b", EVENT, Route(service="blog-web")))

        assert (done.status, noted(host)) == (1, [])


class TestStop:
    """The proxy forgets them first."""

    def test_all(self, host: Any, docker: Any) -> None:
        assert host.run(container.stop(["b", "a"], EVENT, 7, "blog-web")) == (0, "", "")

        assert docker.calls == [
            ["exec", "kamal-proxy", "kamal-proxy", "remove", "blog-web"],
            ["stop", "-t", "7", "b", "a"],
        ]
        assert noted(host) == ["[ann] [web] Did it"]

    def test_only_a_route(self, host: Any, docker: Any) -> None:
        assert host.run(container.stop([], EVENT, None, "blog-web")).status == 0

        assert docker.calls == [["exec", "kamal-proxy", "kamal-proxy", "remove", "blog-web"]]

    def test_a_proxy_that_does_not_answer_keeps_everything(self, host: Any, docker: Any) -> None:
        docker.fails("exec")

        assert host.run(container.stop(["a"], EVENT, None, "blog-web")).status == 1

        assert docker.containers["a"].endswith("running")
        assert noted(host) == []


def test_restart(host: Any, docker: Any) -> None:
    assert host.run(container.restart("a", EVENT, 0)) == (0, "", "")

    assert docker.calls == [["stop", "-t", "0", "a"], ["start", "a"]]
    assert noted(host) == ["[ann] [web] Did it"]


def test_remove(host: Any, docker: Any) -> None:
    assert host.run(container.remove(["b", "a"], EVENT)).status == 0

    assert docker.calls == [["stop", "b", "a"], ["rm", "--force", "b", "a"], SWEEP]
    assert noted(host) == ["[ann] [web] Did it"]


def test_remove_what_docker_does_not_let_go(host: Any, docker: Any) -> None:
    docker.fails("rm", saying="device or resource busy")

    done = host.run(container.remove(["a"], EVENT))

    assert (done.status, done.err, noted(host)) == (1, "device or resource busy\n", [])


def test_prune_containers(host: Any, docker: Any) -> None:
    assert host.run(prune.containers(["bbbb0123456789", "cccc"], EVENT)) == (0, "", "")

    assert list(docker.containers) == ["a"]
    assert noted(host) == ["[ann] [web] Did it"]


def test_a_container_that_runs_again_by_now_stays(host: Any, docker: Any) -> None:
    docker.fails("rm")

    assert host.run(prune.containers(["aaaa0123456789"], EVENT)) == (
        0,
        "aaaa0123456789 stays: it runs\n",
        "",
    )


def test_prune_images(host: Any, docker: Any) -> None:
    assert host.run(prune.images(["acme/blog:v1", "sha256:1"], EVENT)) == (0, "", "")

    assert docker.calls == [["rmi", "acme/blog:v1"], ["rmi", "sha256:1"]]
    assert noted(host) == ["[ann] [web] Did it"]


def test_an_image_that_is_in_use_stays(host: Any, docker: Any) -> None:
    docker.fails("rmi")

    assert host.run(prune.images(["acme/blog:v1"], EVENT)).out == (
        "acme/blog:v1 stays: it is in use\n"
    )


def test_remove_images(host: Any, docker: Any) -> None:
    assert host.run(image.remove(["acme/blog:v1"], EVENT)) == (0, "", "")

    assert docker.calls == [["image", "rm", "--force", "acme/blog:v1"]]
    assert noted(host) == ["[ann] [web] Did it"]
