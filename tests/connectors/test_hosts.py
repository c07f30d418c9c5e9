"""Hosts of a deploy.yml: names, data, groups."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kamalpy.config import load
from kamalpy.connectors.hosts import data_of, groups_of, named
from kamalpy.connectors.kamal import KamalConnector
from kamalpy.errors import ConfigurationError
from kamalpy.inventory import kamal

Write = Callable[..., Path]
GROUPS = {  # hosts by the names of their roles, as in Kamal
    "h2.test": ["kamal", "web", "job", "accessory_search", "proxy"],
    "h3.test": ["kamal", "job"],
    "h1.test": ["kamal", "web", "accessory_search", "proxy", "primary"],
    "h4.test": ["kamal", "accessory_db"],
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (None, ("config/deploy.yml", None)),
        ("", ("config/deploy.yml", None)),
        ("config/deploy.yml", ("config/deploy.yml", None)),
        ("../other/deploy.yaml", ("../other/deploy.yaml", None)),
        ("/srv/app/config/deploy.yml", ("/srv/app/config/deploy.yml", None)),
        ("?destination=staging", ("config/deploy.yml", "staging")),
        ("config/deploy.yml?destination=staging", ("config/deploy.yml", "staging")),
        ("config/deploy.yml?destination=", ("config/deploy.yml", None)),
        ("?destination=a&destination=b", ("config/deploy.yml", "b")),
        ("staging", ("config/deploy.yml", "staging")),
    ],
)
def test_what_follows_kamal(name: str | None, expected: tuple[str, str | None]) -> None:
    assert named(name) == expected


def test_a_file_that_is_there_is_no_destination(write: Write) -> None:
    (write() / "staging").write_text("")

    assert named("staging") == ("staging", None)


def test_an_unknown_parameter() -> None:
    with pytest.raises(ConfigurationError) as caught:
        named("config/deploy.yml?destinaton=staging&x=1")

    assert str(caught.value) == "@kamal does not know destinaton, x; write ?destination=NAME"


def test_every_host_once_with_its_groups(write: Write) -> None:
    root = write()
    data = {
        "ssh_user": "deploy",
        "ssh_port": 2222,
        "ssh_connect_retries": 5,
        "kamal_file": "config/deploy.yml",
        "kamal_root": str(root),
    }

    assert list(KamalConnector.make_names_data()) == [
        (host, {"ssh_hostname": host, **data}, groups) for host, groups in GROUPS.items()
    ]


def test_a_destination(write: Write) -> None:
    write()
    write("config/deploy.staging.yml", servers=["s1.test"], ssh={"port": 22})

    for name in ("staging", "?destination=staging", "config/deploy.yml?destination=staging"):
        (host, data, groups), (accessory, _, _) = KamalConnector.make_names_data(name)

        assert accessory == "h4.test"
        assert host == "s1.test"
        assert groups == ["kamal", "web", "accessory_search", "proxy", "primary"]
        assert data["kamal_destination"] == "staging"
        assert (data["ssh_user"], data["ssh_port"]) == ("deploy", 22)


def test_another_file(write: Write) -> None:
    root = write()
    (root / "apps/shop").mkdir(parents=True)
    (root / "config/deploy.yml").rename(root / "apps/shop/deploy.yml")

    names = [name for name, _, _ in KamalConnector.make_names_data("apps/shop/deploy.yml")]

    assert names == list(GROUPS)


@pytest.mark.parametrize(
    ("ssh", "expected"),
    [
        ({}, {"ssh_user": "root", "ssh_port": 22}),
        ({"forward_agent": True}, {"ssh_forward_agent": True}),
        ({"config": False}, {"ssh_config_file": os.devnull}),
        ({"config": "/etc/ssh/other"}, {"ssh_config_file": "/etc/ssh/other"}),
        ({"config": ["~/a"]}, {"ssh_config_file": str(Path("~/a").expanduser())}),
    ],
)
def test_what_pyinfra_is_to_know(
    write: Write, ssh: dict[str, Any], expected: dict[str, Any]
) -> None:
    config = load(root=write(ssh=ssh or None))

    assert expected.items() <= data_of(config, "h1.test").items()


@pytest.mark.parametrize("ssh", [None, {"config": True}])
def test_the_usual_ssh_config_is_pyinfra_s_own_business(
    write: Write, ssh: dict[str, Any] | None
) -> None:
    assert "ssh_config_file" not in data_of(load(root=write(ssh=ssh)), "h1.test")


def test_several_ssh_configs_are_one(write: Write) -> None:
    root = write(ssh={"config": ["a.config", "/etc/ssh/b"]})

    file = Path(data_of(load(root=root), "h1.test")["ssh_config_file"])

    assert file.read_text() == f"Include {root}/a.config\nInclude /etc/ssh/b\n"


def test_an_app_without_web_servers(write: Write) -> None:
    config = load(
        root=write(
            servers={"worker": ["h1.test"]}, primary_role="worker", proxy=None, accessories=None
        )
    )

    assert groups_of(config, "h1.test") == ["kamal", "worker", "proxy", "primary"]


def test_the_same_for_inventories_in_python(write: Write) -> None:
    write()

    groups = kamal()

    assert {name: [host for host, _ in hosts] for name, hosts in groups.items()} == {
        "kamal": ["h2.test", "h3.test", "h1.test", "h4.test"],
        "web": ["h2.test", "h1.test"],
        "job": ["h2.test", "h3.test"],
        "accessory_search": ["h2.test", "h1.test"],
        "accessory_db": ["h4.test"],
        "proxy": ["h2.test", "h1.test"],
        "primary": ["h1.test"],
    }
    assert dict(groups["kamal"])["h4.test"]["ssh_user"] == "deploy"
