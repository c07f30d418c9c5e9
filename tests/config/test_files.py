"""Which files are read, and what is said of those that are not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kamalpy.config import Configuration, load
from kamalpy.config.files import destination_file, destinations
from kamalpy.errors import ConfigurationError

Deploy = Callable[..., Configuration]

NAMES = [
    ("config/deploy.yml", "staging", "config/deploy.staging.yml"),
    ("deploy.yml", "eu", "deploy.eu.yml"),
    ("config/deploy.web.yml", "eu", "config/deploy.web.eu.yml"),
    ("config/deploy_x.yaml", "eu", "config/deploy_x.eu.yml"),
    ("config/deploy", "eu", "config/deploy.eu.yml"),
    ("config/deploy.yml.j2", "eu", "config/deploy.eu.yml"),
    ("/etc/deploy.yml", "eu", "/etc/deploy.eu.yml"),
]


@pytest.mark.parametrize(("path", "destination", "name"), NAMES)
def test_the_file_of_a_destination(path: str, destination: str, name: str) -> None:
    assert destination_file(path, destination) == name


def test_finds_destinations(tmp_path: Path) -> None:
    for name in ("deploy.yml", "deploy.b.yml", "deploy.a.yml.j2", "deploy.c.txt", "other.d.yml"):
        (tmp_path / name).touch()
    assert destinations(tmp_path, "deploy.yml") == ("a", "b")
    assert destinations(tmp_path, "nowhere/deploy.yml") == ()


def test_names_the_destinations_that_there_are(deploy: Deploy, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    for name in ("production", "staging"):
        (tmp_path / "config" / f"deploy.{name}.yml").write_text("{}\n")
    with pytest.raises(ConfigurationError) as caught:
        deploy("require_destination: true\n")
    assert str(caught.value) == (
        "config/deploy.yml:6: require_destination: no destination is given; "
        "use -d production or -d staging, with pyinfra @kamal/production"
    )


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(root=tmp_path)
    assert str(caught.value) == (
        f"config/deploy.yml: no such file in {tmp_path}/config; "
        "make one with kamalpy init, or give another with -c"
    )


def test_a_missing_file_of_a_destination(deploy: Deploy, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        deploy(destination="nowhere")
    assert str(caught.value) == (
        f"config/deploy.nowhere.yml: no such file in {tmp_path}/config; write it, or leave out -d"
    )


def test_offers_the_destinations_that_there_are(deploy: Deploy, tmp_path: Path) -> None:
    deploy(staging="{}\n")
    with pytest.raises(ConfigurationError) as caught:
        deploy(destination="stagign")
    assert str(caught.value) == (
        f"config/deploy.stagign.yml: no such file in {tmp_path}/config; did you mean -d staging?"
    )


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "deploy.yml").write_text("# nothing yet\n")
    with pytest.raises(ConfigurationError) as caught:
        load("deploy.yml", root=tmp_path)
    expected = 'deploy.yml: is empty; write keys and values, as in "service: blog"'
    assert expected == str(caught.value)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "deploy.yml").write_bytes(b"service: blog\nimage: caf\xe9\n")
    with pytest.raises(ConfigurationError) as caught:
        load("deploy.yml", root=tmp_path)
    assert str(caught.value) == "deploy.yml:2: is not UTF-8; save the file as UTF-8"


def test_an_absolute_path_is_shown_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "deploy.yml"
    path.write_text("[]\n")
    with pytest.raises(ConfigurationError) as caught:
        load(str(path), root="/")
    assert str(caught.value).startswith(f"{path}:1: should be a hash")


def test_the_current_folder_is_the_default(
    deploy: Deploy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy("proxy: {host: a}\n")
    monkeypatch.chdir(tmp_path)
    config = load()
    assert (config.file, config.root) == ("config/deploy.yml", tmp_path)


def test_mistakes_of_both_files_are_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "deploy.yml").write_text("service: 'blog\n")
    (tmp_path / "deploy.a.yml").write_text("- a\n")
    with pytest.raises(ConfigurationError) as caught:
        load("deploy.yml", destination="a", root=tmp_path)
    assert [problem.file for problem in caught.value.problems] == ["deploy.yml", "deploy.a.yml"]


@pytest.mark.parametrize("name", ["a/b", "..", "x" * 300, "a\0b", ""])
def test_names_that_no_file_can_have(deploy: Deploy, name: str) -> None:
    with pytest.raises(ConfigurationError, match="no such file"):
        deploy(destination=name)
    with pytest.raises(ConfigurationError, match="hooks_path"):
        deploy(f"hooks_path: {json.dumps(name)}\nretain_containers: 0\nhooks_pathh: 1\n")


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "deploy.yml").symlink_to("/proc/self/mem")
    with pytest.raises(ConfigurationError) as caught:
        load("deploy.yml", root=tmp_path)
    expected = "deploy.yml: cannot be read: Input/output error; make it readable"
    assert expected == str(caught.value)


@pytest.mark.parametrize("name", ["pre-traefik-reboot", "post-traefik-reboot"])
def test_hooks_of_kamal_1(deploy: Deploy, tmp_path: Path, name: str) -> None:
    (tmp_path / "ops").mkdir()
    (tmp_path / "ops" / name).touch()
    with pytest.raises(ConfigurationError) as caught:
        deploy("hooks_path: ops\n")
    new = name.replace("traefik", "proxy")
    assert str(caught.value) == (
        f"config/deploy.yml:6: hooks_path: holds {name}, a hook of Kamal 1; rename it to {new}"
    )


def test_a_jinja_file(deploy: Deploy, tmp_path: Path) -> None:
    deploy()
    plain = tmp_path / "config" / "deploy.yml"
    text = plain.read_text().replace("acme/blog", "{{ env.ORGANISATION }}/blog")
    plain.unlink()
    (tmp_path / "config" / "deploy.yml.j2").write_text(text)
    config = load(root=tmp_path, environ={"ORGANISATION": "acme"})
    assert (config.file, config.image) == ("config/deploy.yml.j2", "acme/blog")
