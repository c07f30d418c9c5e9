"""What a host's Docker says is read with as few questions as possible."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.state import HostFacts
from kamalpy.spec.digest import digest

KEY = "0123456789abcdef"
STUB = """#!/bin/sh
echo "$*" >>docker.log
case $1 in
  ps) cat listed ;;
  inspect) cat inspected ;;
  network) printf '#network %s\\n' bridge kamal ;;
  cp) tar -cf - kamal-proxy.state ;;
esac
"""
BLOG = {
    "Id": "b106",
    "Image": "sha256:1",
    "State": {"Status": "running"},
    "Networks": {"kamal": {}},
}
ROUTES = [{"name": "blog-web", "active_targets": ["b106:80"]}]


@pytest.fixture
def docker(host: Any) -> Any:
    """A host with the app, the proxy, and a container of somebody else."""
    (Path(host.path) / "docker").write_text(STUB)
    (Path(host.path) / "docker").chmod(0o755)
    (host.home / "listed").write_text(
        "b106 acme/blog blog-web-v1 blog\n"
        "9407 basecamp/kamal-proxy:v0.9.2 kamal-proxy \n"
        "0123 redis other other\n"
        "4567 redis none \n"
    )
    return host


def inspected(host: Any, *lines: str, volume: str = "") -> None:
    proxy = f"#proxy_volume {volume or host.home}"
    container = json.dumps(BLOG, separators=(",", ":"))
    text = [f"#container {container}", *lines, "", '#container {"Id":"9407"}', proxy, ""]
    image = ['#image {"id":"sha256:1","tags":["acme/blog:latest"]}', '#env "PATH=/bin"', ""]
    (host.home / "inspected").write_text("\n".join([*text, *image]))
    (host.home / "kamal-proxy.state").write_text(json.dumps(ROUTES))


def read(host: Any, **asked: Any) -> dict[str, Any]:
    status, out, err = host.run(StateQuery(services=("blog",), **asked).state(), f"{KEY}\n")
    assert (status, err) == (0, "")
    return HostFacts().process(out.split("\n")[:-1])


def calls(host: Any) -> list[str]:
    log: str = (host.home / "docker.log").read_text()
    return log.splitlines()


def test_two_calls_tell_everything(docker: Any) -> None:
    inspected(docker, '#env "CLEAR=a b"', '#env "TOKEN=hunter2"', '#env "PATH=/bin"')

    answer = read(docker, clear=("CLEAR",), images=("acme/blog:v2",), networks=("kamal",))

    first, second = calls(docker)
    assert first.startswith("ps -a ")
    assert second.endswith(
        " -- b106 9407 acme/blog:v2 acme/blog:latest basecamp/kamal-proxy:v0.9.2"
    )
    assert (answer["docker"], answer["networks"], answer["routes"]) == (
        "running",
        ["kamal"],
        ROUTES,
    )
    assert answer["images"] == [{"id": "sha256:1", "tags": ["acme/blog:latest"]}]
    blog, proxy = answer["containers"]
    assert (blog["inspect"], proxy["inspect"]) == (BLOG, {"Id": "9407"})
    assert (blog["env"], blog["brought"]) == ({"CLEAR": "a b"}, [])
    assert blog["hidden"] == {"TOKEN": digest(KEY, b'"TOKEN=hunter2"')}


def test_a_network_that_no_container_is_in(docker: Any) -> None:
    inspected(docker)

    assert read(docker, networks=("kamal", "backend"))["networks"] == ["kamal", "bridge", "kamal"]
    assert calls(docker)[2:] == ["network ls --format #network {{.Name}}"]


def test_nothing_of_ours_is_there(docker: Any) -> None:
    (docker.home / "listed").write_text("0123 redis other other\n")

    answer = read(docker)

    assert (answer["docker"], len(calls(docker))) == ("running", 1)
    assert not {"containers", "routes", "networks"} & set(answer)


def test_the_proxys_file_where_this_user_cannot_read_it(docker: Any) -> None:
    inspected(docker, volume="/var/lib/docker/volumes/kamal-proxy-config/_data/none")

    assert read(docker)["routes"] == ROUTES
    assert calls(docker)[2].startswith("cp kamal-proxy:")


def test_a_proxy_without_routes(docker: Any) -> None:
    inspected(docker)
    (docker.home / "kamal-proxy.state").unlink()

    assert "routes" not in read(docker)
