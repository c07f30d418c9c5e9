"""``kamalpy init`` in projects of known frameworks: what it detects and fills in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kamalpy.cli.main import run
from kamalpy.cli.stubs.detection import health_path
from kamalpy.cli.stubs.frameworks import detect
from kamalpy.cli.stubs.texts import generated_value
from kamalpy.config import load
from kamalpy.secrets import Secrets

PROJECTS = {
    "Rails": {"Gemfile": 'gem "rails", "~> 8.0"\n', "config/master.key": "abc\n"},
    "Phoenix": {"mix.exs": "{:phoenix, "},
    "Laravel": {"composer.json": '{"require": {"laravel/framework": "^12"}}'},
    "Django": {"manage.py": "from django.core import management"},
    "FastAPI": {"pyproject.toml": 'dependencies = ["fastapi[standard]>=0.110"]'},
    "Flask": {"requirements.txt": "gunicorn\nFlask==3.0\n"},
    "Go": {"go.mod": "module example.com/app\n"},
    "Node.js": {"package.json": "{}"},
    "": {"README.md": "flask, django, rails"},
}
VARIABLES = {
    "Rails": ({"RAILS_ENV": "production"}, {"RAILS_MASTER_KEY", "DATABASE_URL"}),
    "Phoenix": (
        {"PHX_SERVER": "true", "PHX_HOST": "app.example.com"},
        {"SECRET_KEY_BASE", "DATABASE_URL"},
    ),
    "Laravel": (
        {
            "APP_ENV": "production",
            "APP_DEBUG": "false",
            "APP_URL": "https://app.example.com",
            "LOG_CHANNEL": "stderr",
            "DB_CONNECTION": "pgsql",
        },
        {"APP_KEY", "DB_URL"},
    ),
    "Django": (
        {
            "DEBUG": "0",
            "ALLOWED_HOSTS": "app.example.com",
            "CSRF_TRUSTED_ORIGINS": "https://app.example.com",
        },
        {"SECRET_KEY", "DATABASE_URL"},
    ),
    "FastAPI": ({}, {"DATABASE_URL"}),
    "Flask": ({}, {"SECRET_KEY", "DATABASE_URL"}),
    "Go": ({}, {"DATABASE_URL"}),
    "Node.js": ({"NODE_ENV": "production"}, {"DATABASE_URL"}),
    "": ({}, {"DATABASE_URL"}),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project."""
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def fill(folder: Path, files: dict[str, str]) -> None:
    """Write the files of a project."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize("name", PROJECTS)
def test_detects_the_framework_and_fills_in_what_it_needs(
    name: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(project, PROJECTS[name])
    framework = detect(project)
    assert framework.name == name
    assert run(["init", "--postgres"]) == 0

    config = load(version="v1")
    clear, secret = VARIABLES[name]
    assert (dict(config.env.clear), set(config.env.secret)) == (clear, secret)
    assert config.proxy is not None
    assert config.proxy.app_port == framework.port
    assert config.proxy.healthcheck.path is None  # /up
    assert all("your own" in each.how or "your server" in each.how for each in config.warnings)
    report = capsys.readouterr().out
    assert (f"Detected {name}: port {framework.port}" in report) is bool(name)
    assert (framework.migrate in report) is True

    secrets = Secrets(environ={})
    assert all(secrets.value(each) for each in secret)
    url = secrets.value(framework.database)
    assert re.fullmatch(r"postgresql://shop:[0-9a-f]{48}@shop-postgres:5432/shop", url)


def test_django_gets_the_host_in_health_checks(project: Path) -> None:
    fill(project, PROJECTS["Django"])
    assert run(["init"]) == 0
    assert load(version="v1").kamalpy.health.host == "app.example.com"


def test_generated_values_are_in_the_encrypted_file_alone(project: Path) -> None:
    fill(project, PROJECTS["Phoenix"])
    assert run(["init", "--postgres"]) == 0
    secrets = Secrets(environ={})
    for name in ("POSTGRES_PASSWORD", "SECRET_KEY_BASE"):
        assert secrets.definitions()[name].startswith(".kamal/secrets.enc:")
        value = secrets.value(name)
        holders = [each for each in project.rglob("*") if each.is_file()]
        assert [each for each in holders if value in each.read_text()] == []
    assert (project / ".kamal/secrets.key").stat().st_mode & 0o777 == 0o600
    assert "/.kamal/secrets.key*" in (project / ".gitignore").read_text()


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("POSTGRES_PASSWORD", r"[0-9a-f]{48}"),
        ("SECRET_KEY_BASE", r"[0-9a-f]{96}"),
        ("APP_KEY", r"base64:[A-Za-z0-9+/]{43}="),
    ],
)
def test_values_have_the_form_that_is_needed_and_differ(name: str, form: str) -> None:
    first, second = generated_value(name), generated_value(name)
    assert re.fullmatch(form, first)
    assert first != second


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"app.py": '@app.get("/health")'}, "/health"),
        ({"app.py": "@app.get('/status')", "b/c.py": "path('healthz/', ok)"}, "/healthz"),
        ({"main.go": 'mux.HandleFunc("GET /up", ok)'}, "/up"),
        ({"node_modules/x/a.js": '"/health"', "a.js": "app.get(`/ping`)"}, "/ping"),
        ({"app.py": '"/healthy-food"'}, None),
        ({}, None),
    ],
)
def test_the_health_check_is_found_in_the_source(
    source: dict[str, str], expected: str | None, tmp_path: Path
) -> None:
    fill(tmp_path, source)
    assert health_path(tmp_path) == expected


def test_a_health_check_that_was_found_is_written(project: Path) -> None:
    fill(project, {"requirements.txt": "flask\n", "app.py": '@app.get("/health")\n'})
    assert run(["init"]) == 0
    config = load(version="v1")
    assert config.proxy is not None
    assert config.proxy.healthcheck.path == "/health"


def test_running_it_again_adds_what_is_missing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(project, PROJECTS["Flask"])
    assert run(["init"]) == 0
    own = (project / "config/deploy.yml").read_text().replace("your-user/", "acme/")
    (project / "config/deploy.yml").write_text(own)
    capsys.readouterr()

    assert run(["init", "--postgres"]) == 0
    report = capsys.readouterr().out
    assert "config/deploy.yml: added accessories/postgres, env/secret/DATABASE_URL\n" in report
    assert ".kamal/secrets: added DATABASE_URL\n" in report
    assert "generated and encrypted POSTGRES_PASSWORD\n" in report
    assert "SECRET_KEY" not in report
    assert run(["init", "--redis"]) == 0
    report = capsys.readouterr().out
    assert "config/deploy.yml: added accessories/redis, env/clear/REDIS_URL\n" in report

    config = load(version="v1")
    assert config.image == "acme/shop"
    assert {each.name for each in config.accessories} == {"postgres", "redis"}
    assert set(config.env.secret) == {"SECRET_KEY", "DATABASE_URL"}
    assert dict(config.env.clear) == {"REDIS_URL": "redis://shop-redis:6379/0"}
    before = {each: each.read_bytes() for each in project.rglob("*") if each.is_file()}
    assert run(["init", "--postgres", "--redis"]) == 0
    assert {each: each.read_bytes() for each in project.rglob("*") if each.is_file()} == before


BY_HAND = {
    "in flow style": "accessories: {db: {image: mysql, host: a}}\n",
    "a flat env": "env:\n  RAILS_ENV: production\n",
    "a template": "<% if ENV['X'] %>\nservers: []\n<% end %>\n",
}


@pytest.mark.parametrize("text", BY_HAND.values(), ids=BY_HAND)
def test_what_cannot_be_added_is_shown(
    text: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(project, {"config/deploy.yml": text})
    assert run(["init", "--postgres"]) == 0
    assert (project / "config/deploy.yml").read_text() == text
    report = capsys.readouterr().out
    assert "config/deploy.yml is there and left as it is\n" in report
    assert 'Add this below "accessories" in config/deploy.yml:\n' in report
