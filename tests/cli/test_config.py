"""``kamalpy config``: what Kamal prints, the same as JSON, and everything."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kamalpy.cli.main import run
from kamalpy.config import load
from kamalpy.config.dump import dump, plain
from kamalpy.errors import ConfigurationError

DEPLOY = """\
service: blog
image: acme/blog
servers:
  web: [10.0.0.1]
  jobs:
    hosts: [10.0.0.2: replica]
    cmd: bin/jobs --all
registry:
  server: ghcr.io
  username: acme
  password: [TOKEN]
builder:
  arch: amd64
env:
  clear: {GREETING: hello world}
  secret: [DATABASE_URL:MAIN_URL]
  tags:
    replica: {DB: reader}
proxy:
  host: blog.example.com
  app_port: 3000
accessories:
  db:
    image: traefik/whoami
    host: 10.0.0.2
    env: {secret: [POSTGRES_PASSWORD]}
"""
STAGING = """\
servers:
  web: [10.0.0.9]
env:
  clear:
    GREETING: hello staging
"""
RUN = (
    "docker run --detach --restart unless-stopped --name blog-web-v1 --network kamal "
    "--hostname 10.0.0.1-XXXXXXXXXXXX --env KAMAL_CONTAINER_NAME=blog-web-v1 "
    "--env KAMAL_VERSION=v1 --env KAMAL_HOST=10.0.0.1 --env GREETING='hello world' "
    "--env-file .kamal/apps/blog/env/roles/web.env --log-opt max-size=10m "
    "--label service=blog --label role=web --label destination='' "
    "--label 'kamalpy.spec={}' ghcr.io/acme/blog:v1"
)
ROUTE = (
    "docker exec kamal-proxy kamal-proxy deploy blog-web --target=blog-web-v1:3000 "
    "--host=blog.example.com --deploy-timeout=30s --drain-timeout=30s --buffer-requests=true "
    "--buffer-responses=true --log-request-header=Cache-Control "
    "--log-request-header=Last-Modified --log-request-header=User-Agent"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(DEPLOY)
    (tmp_path / "config/deploy.staging.yml").write_text(STAGING)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERSION", "v1")
    return tmp_path


@pytest.fixture
def printed(project: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command that goes well, and return what it prints."""

    def words(*arguments: str) -> str:
        assert run([*arguments]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return str(out)

    return words


def test_prints_what_kamal_prints(printed: Any) -> None:
    assert printed("config") == dump(load())
    assert printed("config", "-d", "staging") == dump(load(destination="staging"))
    assert printed("config", "--version", "v2") == dump(load(version="v2"))


def test_the_same_as_json(printed: Any) -> None:
    assert json.loads(printed("config", "--json")) == plain(load())


def test_everything(printed: Any) -> None:
    everything = yaml.safe_load(printed("config", "--full"))
    web = everything["roles"]["web"]
    assert web["hosts"]["10.0.0.1"] == {
        "env": {"GREETING": "hello world", "DATABASE_URL": "*MAIN_URL*"},
        "run": RUN,
    }
    assert web["route"] == ROUTE
    jobs = everything["roles"]["jobs"]
    assert jobs["hosts"]["10.0.0.2"]["tags"] == ["replica"]
    assert jobs["hosts"]["10.0.0.2"]["env"]["DB"] == "reader"
    assert "route" not in jobs
    assert everything["hosts"] == {"10.0.0.2": ["jobs", "db"], "10.0.0.1": ["web"]}
    assert everything["registry"] == {
        "server": "ghcr.io",
        "username": "acme",
        "password": "*TOKEN*",
    }
    assert everything["accessories"]["db"]["run"]["10.0.0.2"].startswith(
        "docker run --detach --restart unless-stopped --name blog-db "
    )
    assert list(everything["proxy"]) == ["10.0.0.1"]
    assert everything["retain_containers"] == 5


def test_everything_as_json_is_the_same(printed: Any) -> None:
    assert json.loads(printed("config", "--full", "--json")) == yaml.safe_load(
        printed("config", "--full")
    )


def test_where_each_value_comes_from(printed: Any) -> None:
    places = yaml.safe_load(printed("config", "--full", "-d", "staging"))["from"]
    assert places["service"] == "config/deploy.yml:1"
    assert places["servers/web/0"] == "config/deploy.staging.yml:2"
    assert places["servers/jobs/cmd"] == "config/deploy.yml:7"
    assert places["env/clear/GREETING"] == "config/deploy.staging.yml:5"
    lines = {"deploy.yml": DEPLOY, "deploy.staging.yml": STAGING}
    for path, place in places.items():
        name, _, number = place.removeprefix("config/").partition(":")
        line = lines[name].splitlines()[int(number) - 1]
        last = re.sub(r"/\d+$", "", path).rpartition("/")[2]
        assert last in line, path


def test_a_secret_is_never_read_or_shown(project: Path, printed: Any) -> None:
    (project / ".kamal").mkdir()
    (project / ".kamal/secrets").write_text("MAIN_URL=$(touch ran; echo hidden)\n")
    deploy = DEPLOY.replace("[TOKEN]", "written-here")
    (project / "config/deploy.yml").write_text(f"{deploy}ssh: {{key_data: [KEY, 'BEGIN KEY']}}\n")
    assert run(["config", "--full", "-q"]) == 0
    text = printed("config", "--full", "-q")
    assert not (project / "ran").exists()
    assert "hidden" not in text
    assert "written-here" not in text
    assert "BEGIN KEY" not in text


def test_warnings_go_to_standard_error(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "config/deploy.yml").write_text(DEPLOY + "run_directory: /run\n")
    assert run(["config"]) == 0
    out, err = capsys.readouterr()
    line = DEPLOY.count("\n") + 1
    assert err == (
        f"WARNING: config/deploy.yml:{line}: run_directory: has no effect, the folder is always "
        ".kamal; remove it\n"
    )
    assert out == dump(load())


def test_every_mistake_is_reported_at_once(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config/deploy.yml").write_text(DEPLOY + "servics: [a]\nretain_containers: 0\n")
    assert run(["config"]) == 1
    out, err = capsys.readouterr()
    line = DEPLOY.count("\n") + 1
    assert out == ""
    assert err == (
        f"ERROR: config/deploy.yml:{line}: servics: unknown key; did you mean service?\n"
        f"config/deploy.yml:{line + 1}: retain_containers: should be at least 1; write it like "
        '"retain_containers: 5"\n'
        "Try: kamalpy docs\n"
    )


MISTAKES = """\
service: my blog
image: acme/blog
servers: {web: [10.0.0.1]}
registry: {username: acme, passwrd: [TOKEN]}
builder: {arch: amd64}
traefik: {}
"""


def test_the_same_text_from_each_door(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "config/deploy.yml").write_text(MISTAKES)
    with pytest.raises(ConfigurationError) as caught:
        load()
    text = "\n".join(str(problem) for problem in caught.value.problems)
    assert len(caught.value.problems) == 3
    assert str(caught.value) == text

    for command in ("config", "deploy", "setup"):
        assert run([command]) == 1
        assert text in capsys.readouterr().err

    pyinfra = [str(Path(sys.executable).parent / "pyinfra"), "@kamal", "kamalpy.deploys:deploy"]
    done = subprocess.run(pyinfra, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert text in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_in_a_template_runs_if_allowed(
    project: Path, printed: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config/deploy.yml").write_text(DEPLOY + "labels: {made: <%= `echo here` %>}\n")
    assert run(["config"]) == 1
    assert "allow it with `commands: true` under x-kamalpy or with --allow-commands" in (
        capsys.readouterr().err
    )
    everything = yaml.safe_load(printed("config", "--full", "--allow-commands"))
    assert everything["labels"] == {"made": "here"}


def test_a_ruby_renders_if_allowed(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    beyond = 'labels: {made: <%= "Zm9v".unpack1("m") %>}\n'
    (project / "config/deploy.yml").write_text(DEPLOY + beyond)
    monkeypatch.setenv("PATH", str(project))
    answers = []
    for flags in ([], ["--ruby"]):
        assert run(["config", *flags]) == 1
        answers.append(capsys.readouterr().err)
    assert "--ruby" in answers[0]
    assert "install Ruby, which may render this file" in answers[1]


def test_a_file_in_jinja(project: Path, printed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "config/deploy.yml").unlink()
    (project / "config/deploy.yml.j2").write_text(DEPLOY + "labels: {made: {{ env.BY }}}\n")
    monkeypatch.setenv("BY", "ann")
    assert yaml.safe_load(printed("config", "--full"))["labels"] == {"made": "ann"}


ACCESSORIES_ALONE = """\
service: blog
image: acme/blog
registry: {username: acme, password: [TOKEN]}
builder: {arch: amd64}
accessories:
  db: {image: traefik/whoami, host: 10.0.0.2}
  none: {host: 10.0.0.2}
"""


def test_accessories_alone_and_one_without_an_image(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config/deploy.yml").write_text(ACCESSORIES_ALONE)
    assert run(["config", "--full"]) == 0
    out, err = capsys.readouterr()
    everything = yaml.safe_load(out)
    assert "primary_role" not in everything
    assert list(everything["accessories"]["db"]["run"]) == ["10.0.0.2"]
    assert "run" not in everything["accessories"]["none"]
    assert "accessories/none" in err
    assert run(["config"]) == 0
