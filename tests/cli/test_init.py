"""``kamalpy init``: files that validate as they are, and none that is overwritten."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.cli.main import run
from kamalpy.cli.stubs.detection import exposed_port
from kamalpy.config import load
from kamalpy.secrets import Secrets

HOOKS = {
    "docker-setup",
    "pre-connect",
    "pre-build",
    "pre-deploy",
    "pre-app-boot",
    "post-app-boot",
    "pre-proxy-reboot",
    "post-proxy-reboot",
    "post-deploy",
    "post-deploy-failed",
}
NEXT = """
Next:
  - in config/deploy.yml, write your image, servers, host name and registry
  - and app_port: there is no Dockerfile with EXPOSE to read it from
  - write a Dockerfile, from which the image is built
  - add a route GET /up that answers with 200, or write proxy/healthcheck/path
  - export KAMAL_REGISTRY_PASSWORD=..., a token of the registry that may read and write
  - kamalpy doctor --offline checks what goes wrong on first deploys
  - commit: the image is built from the last commit
  - kamalpy setup --dry shows what would happen, kamalpy setup does it
"""
WRITTEN = """\
config/deploy.yml is written
.kamal/deploy.schema.json is written
.kamal/secrets is written
.kamal/hooks/*.sample is written (10 samples)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "My_Blog"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_reports_what_is_written_and_the_next_steps(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init"]) == 0
    assert capsys.readouterr() == (WRITTEN + NEXT, "")


@pytest.mark.parametrize(
    "flags", [[], ["--postgres"], ["--redis"], ["--postgres", "--redis", "--pyinfra"]]
)
def test_what_it_writes_validates_as_it_is(flags: list[str], project: Path) -> None:
    assert run(["init", *flags]) == 0

    config = load(version="v1")
    secrets = Secrets(environ={"KAMAL_REGISTRY_PASSWORD": "a"})
    names = {known for each in config.accessories for known in each.env.secret.values()}
    names |= set(config.env.secret.values())
    assert all("your own" in each.how or "your server" in each.how for each in config.warnings)
    assert config.service == "my-blog"
    assert [each.name for each in config.accessories] == [
        name for name in ("postgres", "redis") if f"--{name}" in flags
    ]
    assert all(secrets.value(name) for name in {*names, "KAMAL_REGISTRY_PASSWORD"})


def test_the_app_finds_its_database(project: Path) -> None:
    assert run(["init", "--postgres", "--redis"]) == 0
    secrets = Secrets(environ={})
    password = secrets.value("POSTGRES_PASSWORD")
    postgres, redis = load(version="v1").accessories
    assert postgres.service_name == "my-blog-postgres"
    assert postgres.env.clear == {"POSTGRES_USER": "my_blog", "POSTGRES_DB": "my_blog"}
    url = f"postgresql://my_blog:{password}@my-blog-postgres:5432/my_blog"
    assert secrets.value("DATABASE_URL") == url
    assert redis.service_name == "my-blog-redis"
    assert load(version="v1").env.clear == {"REDIS_URL": "redis://my-blog-redis:6379/0"}


def test_every_comment_that_shows_a_key_would_be_right(project: Path) -> None:
    """Whoever takes the marks away gets a file that validates, too."""
    assert run(["init"]) == 0
    file = project / "config/deploy.yml"
    lines = file.read_text().splitlines()
    keys = [_without_mark(line) for line in lines]
    file.write_text("\n".join(keys) + "\n")
    config = load(version="v1")
    assert config.aliases == {"console": "app exec --interactive --reuse sh"}
    assert config.volumes == ("my-blog-storage:/app/storage",)
    assert config.ssh.user == "deploy"
    assert [role.name for role in config.roles] == ["web", "job"]
    assert config.env.clear == {"LOG_LEVEL": "info"}


def _without_mark(line: str) -> str:
    """Take the mark from a line whose rest is YAML of a key or an item."""
    before, mark, rest = line.partition("# ")
    shows = rest.strip().split(" ")[0].endswith(":") or rest.strip().startswith("- ")
    is_prose = rest.startswith("Run a program") or "yaml-language-server" in rest
    return before + rest if mark and not before.strip() and shows and not is_prose else line


def test_finds_out_what_it_can(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM python:3.13\nEXPOSE 8000\n")
    assert run(["init"]) == 0
    config = load(version="v1")
    assert config.proxy is not None
    assert config.proxy.app_port == 8000
    assert config.builder is not None
    arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), "amd64")
    assert config.builder.arches == (arch,)


def test_editors_find_the_schema(project: Path) -> None:
    assert run(["init"]) == 0
    first = (project / "config/deploy.yml").read_text().splitlines()[0]
    key, _, path = first.partition("$schema=")
    assert key == "# yaml-language-server: "
    assert "Kamal's deploy.yml" in (project / "config" / path).resolve().read_text()


def test_hooks_are_programs_that_are_not_called_yet(project: Path) -> None:
    assert run(["init"]) == 0
    samples = list((project / ".kamal/hooks").iterdir())
    assert {each.name for each in samples} == {f"{name}.sample" for name in HOOKS}
    for each in samples:
        assert os.access(each, os.X_OK)
        subprocess.run(["sh", "-n", str(each)], check=True)


def test_never_overwrites(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "config").mkdir()
    (project / "config/deploy.yml").write_text("mine\n")
    (project / "deploy.py").write_text("mine\n")
    assert run(["init", "--redis", "--pyinfra"]) == 0
    output = capsys.readouterr().out
    assert (project / "config/deploy.yml").read_text() == "mine\n"
    assert (project / "deploy.py").read_text() == "mine\n"
    assert "config/deploy.yml is there and left as it is\n" in output
    assert 'Add this below "accessories" in config/deploy.yml:\n' in output
    assert yaml.safe_load(output.partition("deploy.yml:\n\n")[2].partition("\n\n")[0]) == {
        "redis": {
            "image": "redis:7",
            "host": "192.0.2.1",
            "cmd": "redis-server --appendonly yes",
            "directories": ["data:/data"],
        }
    }
    assert "deploy.py would be:\n\nfrom kamalpy import deploys\n\ndeploys.setup()\n" in output
    assert "inventory.py is written\n" in output


@pytest.mark.parametrize(
    "servers", ["[10.0.0.1]", "{web: {hosts: [10.0.0.1: eu]}}", "{web: [10.0.0.1, 10.0.0.2]}"]
)
def test_an_accessory_of_an_existing_service_runs_on_its_first_server(
    project: Path, servers: str
) -> None:
    (project / "config").mkdir()
    (project / "config/deploy.yml").write_text(f"service: blog\nservers: {servers}\n")
    assert run(["init", "--postgres"]) == 0
    written = yaml.safe_load((project / "config/deploy.yml").read_text())
    assert written["accessories"]["postgres"]["host"] == "10.0.0.1"
    assert written["accessories"]["postgres"]["env"]["clear"]["POSTGRES_USER"] == "blog"
    assert "@blog-postgres:5432/blog\n" in (project / ".kamal/secrets").read_text()


def test_a_folder_whose_name_is_a_number(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "2048").mkdir()
    monkeypatch.chdir(project / "2048")
    assert run(["init", "--postgres"]) == 0
    written = yaml.safe_load(Path("config/deploy.yml").read_text())
    assert written["service"] == "app-2048"
    assert written["accessories"]["postgres"]["env"]["clear"]["POSTGRES_USER"] == "app_2048"


def test_does_nothing_the_second_time(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--pyinfra"]) == 0
    before = {each: each.read_bytes() for each in project.rglob("*") if each.is_file()}
    assert run(["init", "--pyinfra"]) == 0
    assert {each: each.read_bytes() for each in project.rglob("*") if each.is_file()} == before
    assert "would be" not in capsys.readouterr().out


def test_dry_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--dry"]) == 0
    assert list(project.iterdir()) == []
    assert capsys.readouterr().out.startswith("config/deploy.yml would be written\n")


def test_bundle_is_accepted(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--bundle"]) == 0
    report = "--bundle: nothing to do, kamalpy needs no Ruby and no binstub\n"
    assert capsys.readouterr().err == report


def test_reports_what_cannot_be_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / ".kamal").write_text("")
    assert run(["init"]) == 1
    assert ".kamal/deploy.schema.json: cannot be written (" in capsys.readouterr().err


PORTS = [
    ("", None),
    ("FROM a\n", None),
    ("FROM a\nEXPOSE 80\n", 80),
    ("from a\nexpose 80/tcp 443\n", 80),
    ("FROM a\nEXPOSE 53/udp 8053\n", 8053),
    ("FROM a\nARG PORT=3000\nEXPOSE $PORT\n", 3000),
    ("FROM a\nENV PORT 3000\nEXPOSE ${PORT}/tcp\n", 3000),
    ("FROM a\nEXPOSE ${PORT:-4000}\n", 4000),
    ("FROM a\nEXPOSE $PORT\n", None),
    ('FROM a\nENV A="b c" PORT=3000\nEXPOSE $PORT\n', 3000),
    ("FROM a\nEXPOSE \\\n  # the web\n  80\n", 80),
    ("FROM a AS build\nEXPOSE 1\nFROM b\nEXPOSE 2\n", 2),
    ("FROM a AS build\nEXPOSE 1\nFROM b\n", None),
    ("FROM a AS Base\nEXPOSE 1\nFROM base\nRUN x\n", 1),
    ("FROM --platform=linux/amd64 a AS base\nEXPOSE 1\nFROM --platform=x base AS last\n", 1),
    ("FROM a\r\nEXPOSE 80\r\n", 80),
    ("FROM a\n# EXPOSE 80\n", None),
]


@pytest.mark.parametrize(("dockerfile", "expected"), PORTS)
def test_the_port_of_the_last_stage(dockerfile: str, expected: int | None) -> None:
    assert exposed_port(dockerfile) == expected


WORDS = st.sampled_from(["FROM a", "AS", "ENV", "ARG", "=", '"', "$", "EXPOSE", "\n", "1"])


@given(st.text() | st.lists(WORDS).map(" ".join))
def test_any_dockerfile_is_read(dockerfile: str) -> None:
    assert isinstance(exposed_port(dockerfile), int | None)
