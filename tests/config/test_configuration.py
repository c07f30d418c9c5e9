"""Names, hosts and places of a configuration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kamalpy.config import Configuration, load
from kamalpy.errors import ConfigurationError

Deploy = Callable[..., Configuration]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_names_without_a_destination(deploy: Deploy) -> None:
    config = deploy(version=COMMIT)
    assert config.repository == "acme/blog"
    assert config.absolute_image == f"acme/blog:{COMMIT}"
    assert (config.latest_tag, config.latest_image) == ("latest", "acme/blog:latest")
    assert config.service_with_version == f"blog-{COMMIT}"
    assert config.service_and_destination == "blog"
    assert config.abbreviated_version == "0123456"
    assert config.primary_role.container_prefix == "blog-web"


def test_names_with_a_destination(deploy: Deploy) -> None:
    config = deploy(staging="registry: {server: ghcr.io}\n")
    assert config.destination == "staging"
    assert config.repository == "ghcr.io/acme/blog"
    assert config.absolute_image == "ghcr.io/acme/blog:v1"
    assert config.latest_image == "ghcr.io/acme/blog:latest-staging"
    assert config.service_with_version == "blog-v1"
    assert config.service_and_destination == "blog-staging"
    assert config.primary_role.container_prefix == "blog-web-staging"


def test_a_version_with_an_underscore_is_not_abbreviated(deploy: Deploy) -> None:
    version = f"{COMMIT}_uncommitted_0011223344556677"
    assert deploy(version=version).abbreviated_version == version


def test_a_local_registry_names_the_image_after_the_service(deploy: Deploy) -> None:
    local = "registry: {server: localhost:5000}\n"
    config = deploy(local + "image: acme/blog\n")
    assert config.repository == "localhost:5000/acme/blog"
    assert (config.registry.local, config.registry.port) == (True, 5000)


def test_a_local_registry_needs_no_image(deploy: Deploy) -> None:
    config = deploy("registry: {server: localhost:5000}\nimage: ''\n")
    assert config.image == "blog"
    assert config.repository == "localhost:5000/blog"


PINNED = {
    "nginx": ("nginx", "git", "nginx:git"),
    "nginx:1.27": ("nginx", "1.27", "nginx:1.27"),
    "ghcr.io:443/acme/nginx:1.27": (
        "ghcr.io:443/acme/nginx",
        "1.27",
        "ghcr.io:443/acme/nginx:1.27",
    ),
    "nginx@sha256:0123456789abcdef": (
        "nginx",
        "0123456789ab",
        "nginx@sha256:0123456789abcdef",
    ),
    "nginx:1.27@sha256:0123456789abcdef": (
        "nginx",
        "1.27",
        "nginx:1.27@sha256:0123456789abcdef",
    ),
}


@pytest.mark.parametrize("image", PINNED)
def test_an_image_that_is_deployed_as_it_is(deploy: Deploy, image: str) -> None:
    text = f"image: {image}\nx-kamalpy: {{build: false}}\n"
    asked = None if image != "nginx" else "git"
    config = deploy(text, version=asked)
    assert (config.repository, config.version, config.absolute_image) == PINNED[image]


def test_an_image_that_is_deployed_in_another_version(deploy: Deploy) -> None:
    config = deploy("image: nginx:1.27\nx-kamalpy: {build: false}\n", version="1.28")
    assert config.absolute_image == "nginx:1.28"


def test_roles_begin_with_the_primary_one_and_hosts_with_the_first_letter(deploy: Deploy) -> None:
    config = deploy("servers: {web: [b, c], api: [a, b], jobs: [d]}\n")
    assert [role.name for role in config.roles] == ["web", "api", "jobs"]
    assert config.hosts == ("a", "b", "d", "c")
    assert config.primary_host == "b"
    assert config.role("jobs") is config.roles[2]
    assert config.role("nobody") is None


def test_a_list_of_servers_is_the_role_web(deploy: Deploy) -> None:
    config = deploy("servers: [a, b, a]\n")
    assert [(role.name, role.hosts) for role in config.roles] == [("web", ("a", "b"))]


def test_hosts_of_the_proxy(deploy: Deploy) -> None:
    roles = "servers: {web: [a], api: {hosts: [b], proxy: true}, jobs: [c]}\n"
    assert deploy(roles).proxy_hosts == ("b", "a")
    accessory = "accessories: {admin: {image: x, host: d, proxy: {host: admin.example.com}}}\n"
    assert deploy(roles + accessory).proxy_hosts == ("b", "a", "d")
    off = "servers: {web: {hosts: [a], proxy: false}}\n"
    assert deploy(off).proxy_hosts == ()


def test_a_file_with_accessories_only(tmp_path: Path) -> None:
    (tmp_path / "deploy.yml").write_text(
        "service: blog\nimage: acme/blog\nregistry: {username: a, password: b}\n"
        "builder: {arch: amd64}\naccessories: {db: {image: postgres:17, host: a}}\n"
    )
    config = load("deploy.yml", root=tmp_path, environ={})
    assert (config.roles, config.hosts, config.proxy_hosts) == ((), ("a",), ())
    with pytest.raises(ConfigurationError) as caught:
        _ = config.primary_role
    expected = "deploy.yml: servers: is not there, only accessories are; add servers"
    assert expected == str(caught.value)


def test_where_a_key_stands(deploy: Deploy) -> None:
    config = deploy("env:\n  clear:\n    A: b\n", staging="env:\n  clear:\n    C: d\n    A: e\n")
    assert config.where("service") == "config/deploy.yml:1"
    assert config.where("env", "clear", "C") == "config/deploy.staging.yml:3"
    assert config.where("env", "clear", "A") == "config/deploy.staging.yml:4"
    assert config.where("proxy") == "config/deploy.yml:1"


def test_an_unset_value_is_none_and_an_empty_one_is_empty(deploy: Deploy) -> None:
    assert deploy().asset_path is None
    config = deploy('env: {A: ""}\nssh: {proxy_command: ""}\n')
    assert config.env.clear == {"A": ""}
    assert config.ssh.proxy_command == ""
