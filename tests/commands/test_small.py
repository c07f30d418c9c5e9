"""Commands of a few words."""

from __future__ import annotations

from typing import Any

import pytest

from kamalpy.commands import image, network, registry, server
from kamalpy.commands.app import extract_assets
from kamalpy.commands.audit import Event
from kamalpy.commands.state_query import StateQuery
from kamalpy.spec.app import App
from kamalpy.spec.audit import Audit


def test_pull(sh: Any) -> None:
    event = Event("Pulled", ".kamal/blog-audit.log", "ann")

    assert sh.words(image.pull("acme/blog:v1", event)) == [
        "pull", "image=acme/blog:v1", "pinned=", "remedy=",
        "log=.kamal/blog-audit.log", "tags=[ann]", "event=Pulled",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "word"),
    [("acme/blog:v1", "pinned=acme/blog@sha256:1"), ("acme/blog@sha256:1", "pinned=")],
)
def test_pull_what_a_digest_names(sh: Any, name: str, word: str) -> None:
    assert word in sh.words(image.pull(name, Event("Pulled"), digest="sha256:1"))


def test_tag() -> None:
    words = image.tag("acme/blog:v1", "acme/blog:la test").get_raw_value()

    assert words == "docker tag acme/blog:v1 'acme/blog:la test'"


def test_remove_images(sh: Any) -> None:
    event = Event.from_audit(Audit("blog", "ann"), "Removed")

    words = sh.words(image.remove(["a b", "c"], event))

    assert words == [
        "forget", "log=.kamal/blog-audit.log", "tags=[ann]", "event=Removed", "--", "a b", "c",
    ]  # fmt: skip


def test_networks() -> None:
    assert network.create("kamal").get_raw_value() == "docker network create kamal"
    assert network.remove("a b").get_raw_value() == "docker network rm 'a b'"


def test_login() -> None:
    command = registry.login("registry.test:5000", "an n", "hunter2")

    assert command.get_raw_value() == (
        "docker login --username='an n' --password-stdin registry.test:5000"
    )
    assert "".join(command.connector_arguments["_stdin"]) == "hunter2"
    assert "hunter2" not in f"{command!r} {command.connector_arguments}"


def test_login_to_docker_hub() -> None:
    words = registry.login(None, "ann", "x").get_raw_value()

    assert words == "docker login --username=ann --password-stdin"


def test_logout() -> None:
    assert registry.logout("a b").get_raw_value() == "docker logout 'a b'"
    assert registry.logout(None).get_raw_value() == "docker logout"


def test_docker_hub_has_its_own_name_in_docker_s_settings() -> None:
    names = [None, "", "docker.io", "index.docker.io", "registry.test:5000"]

    assert [registry.name_in_config(name) for name in names] == [
        *["https://index.docker.io/v1/"] * 4,
        "registry.test:5000",
    ]


def test_start_docker(sh: Any) -> None:
    assert sh.words(server.start_docker()) == ["start_docker"]


def test_use_docker() -> None:
    assert server.use_docker("a b").get_raw_value() == "usermod -aG docker 'a b'"


def test_assets(sh: Any) -> None:
    app = App("blog", "web", "staging")
    folder = ".kamal/apps/blog-staging/assets"

    assert sh.words(extract_assets(app, "acme/blog:v2", "/pub lic/", "v2", "v1")) == [
        "assets", "image=acme/blog:v2", "path=/pub lic", f"folder={folder}",
        "role=web", "version=v2", "old=v1",
    ]  # fmt: skip
    assert sh.words(extract_assets(app, "acme/blog:v2", "/public", "v2", None))[-1] == "old="


def test_what_is_read_from_a_host(sh: Any) -> None:
    ask = StateQuery(("blog", "a b"), ("nginx",), ("-f", "$HOME"), ("A",), ".kamal/lock-blog")

    assert sh.words(ask.state()) == [
        "state", "service=blog", "service=a b", "image=nginx", "path=-f", "path=$HOME",
        "clear=A", "lock=.kamal/lock-blog",
    ]  # fmt: skip
    assert sh.words(StateQuery().state()) == ["state"]
