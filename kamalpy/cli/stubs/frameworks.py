"""Frameworks, recognised by their files, and what an app of each needs in deploy.yml."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

HOST = "app.example.com"
"""The placeholder for the name of the app; it has to be replaced in all places."""
FROM_FILE = {"RAILS_MASTER_KEY": "$(cat config/master.key)"}
"""Secrets whose value is in a file of the project already."""


@dataclass(frozen=True, slots=True)
class Framework:
    """What an app needs: port, health check, variables, and how to migrate its database."""

    name: str
    port: int
    health: str | None = None
    """The path that every new app of the framework answers with 200."""
    clear: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    migrate: str = ""
    needs_host: bool = False
    """Whether it refuses requests, and health checks, for another host."""
    database: str = "DATABASE_URL"
    with_database: Mapping[str, str] = field(default_factory=dict)


RAILS = Framework(
    "Rails",
    port=80,
    health="/up",
    clear={"RAILS_ENV": "production"},
    secrets=("RAILS_MASTER_KEY",),
    migrate="bin/rails db:prepare",
)
PHOENIX = Framework(
    "Phoenix",
    port=4000,
    clear={"PHX_SERVER": '"true"', "PHX_HOST": HOST},
    secrets=("SECRET_KEY_BASE",),
    migrate="bin/migrate",
)
DJANGO = Framework(
    "Django",
    port=8000,
    clear={
        "DEBUG": '"0"',
        "ALLOWED_HOSTS": HOST,
        "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
    },
    secrets=("SECRET_KEY",),
    migrate="python manage.py migrate",
    needs_host=True,
)
FASTAPI = Framework("FastAPI", port=8000, migrate="alembic upgrade head")
FLASK = Framework("Flask", port=8000, secrets=("SECRET_KEY",), migrate="flask db upgrade")
LARAVEL = Framework(
    "Laravel",
    port=8080,
    health="/up",
    clear={
        "APP_ENV": "production",
        "APP_DEBUG": '"false"',
        "APP_URL": f"https://{HOST}",
        "LOG_CHANNEL": "stderr",
    },
    secrets=("APP_KEY",),
    migrate="php artisan migrate --force",
    database="DB_URL",
    with_database={"DB_CONNECTION": "pgsql"},
)
NODE = Framework("Node.js", port=3000, clear={"NODE_ENV": "production"})
GO = Framework("Go", port=8080)
UNKNOWN = Framework("", port=3000)


def detect(folder: Path) -> Framework:
    """Recognise the framework of a project by its files."""
    return next((framework for framework, matches in _SIGNS if matches(folder)), UNKNOWN)


def _mentions(name: str, pattern: str) -> Callable[[Path], bool]:
    return lambda folder: re.search(pattern, _text(folder / name), re.MULTILINE) is not None


def _needs(package: str) -> Callable[[Path], bool]:
    """Find a Python package among the requirements of a project."""
    pattern = rf"(?im)(^|[\"'\s]){package}(\[[\w,-]+\])?\s*([=<>~!;\"',]|$)"
    files = ("requirements.txt", "pyproject.toml", "Pipfile", "setup.cfg", "requirements/base.txt")
    return lambda folder: any(re.search(pattern, _text(folder / name)) for name in files)


def _is_node(folder: Path) -> bool:
    try:
        return isinstance(json.loads(_text(folder / "package.json")), dict)
    except ValueError:
        return False


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


_SIGNS: tuple[tuple[Framework, Callable[[Path], bool]], ...] = (
    (RAILS, _mentions("Gemfile", r"^\s*gem\s+[\"']rails[\"']")),
    (PHOENIX, _mentions("mix.exs", r"\{:phoenix,")),
    (LARAVEL, _mentions("composer.json", r"\"laravel/framework\"")),
    (DJANGO, _mentions("manage.py", r"\bdjango\b")),
    (FASTAPI, _needs("fastapi")),
    (FLASK, _needs("flask")),
    (GO, _mentions("go.mod", r"^module\s")),
    (NODE, _is_node),
)
