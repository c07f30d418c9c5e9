"""The texts of new files, with what could be found out filled in."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template
from textwrap import indent

from kamalpy.cli.stubs import dockerfile
from kamalpy.config.settings import suggestion

HOOKS = (
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
)
_ARCHES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_USUAL_PORT = 3000
_INVENTORY = 'hosts = ["@kamal/{file}"]\n'
_DEPLOY = """from kamalpy import deploys

deploys.setup()
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What a project's folder and this machine tell."""

    service: str
    arch: str
    port: int | None

    @classmethod
    def of(cls, folder: Path) -> Found:
        """Look around."""
        image = folder / "Dockerfile"
        port = dockerfile.port(image.read_text(errors="replace")) if image.is_file() else None
        arch = _ARCHES.get(platform.machine().lower(), "amd64")
        return cls(suggestion(folder.name.lower().replace("_", "-")), arch, port)


def deploy_yml(found: Found, accessories: Sequence[str]) -> str:
    """Write a deploy.yml."""
    parts = "\n".join(section(found, name).rstrip("\n") for name in accessories)
    words = _words(found) | {
        "port": str(found.port or _USUAL_PORT),
        "env": "\n".join(_env(found, accessories)) + "\n",
        "accessories": f"\n# What runs beside the app, and stays when it is deployed.\n"
        f"accessories:\n{parts}"
        if accessories
        else "",
    }
    return Template(_stub("deploy.yml")).substitute(words).rstrip("\n") + "\n"


def section(found: Found, accessory: str) -> str:
    """Write an accessory, indented as it stands below ``accessories``."""
    return Template(_stub(f"{accessory}.yml")).substitute(_words(found))


def secrets(found: Found, accessories: Sequence[str]) -> str:
    """Write ``.kamal/secrets``."""
    return _stub("secrets.sample") + "".join(
        f"\n{each}\n" for name in accessories for each in _SECRETS.get(name, ())
    ).replace("SERVICE", found.service).replace("USER", _user(found))


def hook(name: str) -> str:
    """Write a sample of a hook."""
    return _stub(f"{name}.sample")


def inventory(file: str) -> str:
    """Write ``inventory.py``."""
    return _INVENTORY.format(file=file)


def deploy_py() -> str:
    """Write ``deploy.py``."""
    return _DEPLOY


_SECRETS = {
    "postgres": (
        "# The database's password, from your environment, and where the app finds the database:\n"
        "POSTGRES_PASSWORD=$POSTGRES_PASSWORD\n"
        "DATABASE_URL=postgres://USER:${POSTGRES_PASSWORD}@SERVICE-postgres:5432/USER",
    )
}


def _env(found: Found, accessories: Sequence[str]) -> Iterator[str]:
    clear = [f"REDIS_URL: redis://{found.service}-redis:6379/0"] if "redis" in accessories else []
    secret = ["- DATABASE_URL"] if "postgres" in accessories else []
    comment = "" if clear or secret else "# "
    yield f"{comment}env:"
    for key, lines, usual in (
        ("clear", clear, "LOG_LEVEL: info"),
        ("secret", secret, "- APP_KEY"),
    ):
        mark = "" if lines else "# "
        yield f"{mark}  {key}:"
        yield indent("\n".join(lines or [usual]), f"{mark}    ")


def _words(found: Found) -> dict[str, str]:
    return {"service": found.service, "arch": found.arch, "user": _user(found)}


def _user(found: Found) -> str:
    """Name a user of a database, which needs no quotes in SQL."""
    return found.service.lower().replace("-", "_")


def _stub(name: str) -> str:
    return (resources.files("kamalpy.cli.stubs") / name).read_text()
