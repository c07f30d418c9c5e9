"""The texts of new files, with what could be found out filled in."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from secrets import token_bytes, token_hex
from string import Template

from kamalpy.cli.stubs.detection import Found
from kamalpy.cli.stubs.frameworks import FROM_FILE, HOST

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


def deploy_yml(found: Found, accessories: Sequence[str]) -> str:
    """Write a deploy.yml."""
    words = _words(found) | {
        "port": str(found.port or found.framework.port),
        "health": _health(found),
        "env": env(found, accessories),
        "extension": _EXTENSION if found.framework.needs_host else "",
        "accessories": f"\n{accessories_section(found, accessories)}" if accessories else "",
    }
    return Template(stub("deploy.yml")).substitute(words).rstrip("\n") + "\n"


def accessories_section(found: Found, accessories: Sequence[str]) -> str:
    """Write ``accessories``."""
    parts = "\n".join(section(found, name).rstrip("\n") for name in accessories)
    return f"# What runs next to the app, and stays when it is deployed.\naccessories:\n{parts}\n"


def section(found: Found, accessory: str) -> str:
    """Write an accessory, indented for ``accessories``."""
    return Template(stub(f"{accessory}.yml")).substitute(_words(found))


def clear_variables(found: Found, accessories: Sequence[str]) -> dict[str, str]:
    """List the variables that may be seen, as YAML writes their values."""
    redis = {"REDIS_URL": f"redis://{found.service}-redis:6379/0"} if "redis" in accessories else {}
    database = found.framework.with_database if "postgres" in accessories else {}
    return {**found.framework.clear, **database, **redis}


def secret_variables(found: Found, accessories: Sequence[str]) -> list[str]:
    """List the names of the secrets that the app gets."""
    database = [found.framework.database] if "postgres" in accessories else []
    return [*found.framework.secrets, *database]


def generated_secrets(found: Found, accessories: Sequence[str]) -> list[str]:
    """List the secrets whose values are generated and encrypted."""
    password = ["POSTGRES_PASSWORD"] if "postgres" in accessories else []
    return [*(name for name in found.framework.secrets if name not in FROM_FILE), *password]


def env(found: Found, accessories: Sequence[str]) -> str:
    """Write ``env``; what is empty is shown in comments."""
    clear = [f"{k}: {v}" for k, v in clear_variables(found, accessories).items()]
    secret = [f"- {name}" for name in secret_variables(found, accessories)]
    lines = ["env:" if clear or secret else "# env:"]
    for key, items, usual in (
        ("clear", clear, "LOG_LEVEL: info"),
        ("secret", secret, "- API_KEY"),
    ):
        mark = "" if items else "# "
        lines += [f"{mark}  {key}:", *(f"{mark}    {item}" for item in items or [usual])]
    return "\n".join(lines) + "\n"


def secrets(found: Found, accessories: Sequence[str]) -> str:
    """Write ``.kamal/secrets``."""
    lines = secret_lines(found, accessories)
    return stub("secrets.sample") + "".join(f"\n{text}\n" for text in lines.values())


def secret_lines(found: Found, accessories: Sequence[str]) -> dict[str, str]:
    """Give the lines of ``.kamal/secrets`` for the names that are no plain generated values."""
    lines = {
        name: f"# From a file of this folder:\n{name}={FROM_FILE[name]}"
        for name in found.framework.secrets
        if name in FROM_FILE
    }
    if "postgres" in accessories:
        name, service, user = found.framework.database, found.service, found.user
        url = f"postgresql://{user}:${{POSTGRES_PASSWORD}}@{service}-postgres:5432/{user}"
        lines[name] = (
            "# Where the app finds the database; the password is in .kamal/secrets.enc:\n"
            f"{name}={url}"
        )
    return lines


def generate(names: Iterable[str], *, dry: bool) -> list[str]:
    """Generate values for names that no secrets file defines; return those names."""
    from kamalpy.secrets import Secrets

    secrets = Secrets(root=Path.cwd(), environ=os.environ)
    defined = secrets.definitions()
    missing = [name for name in names if name not in defined]
    for name in () if dry else missing:
        secrets.encrypted.set(name, generated_value(name))
    return missing


def generated_value(name: str) -> str:
    """Generate a value: letters and digits, except where a framework insists on its own form."""
    if name == "APP_KEY":  # Laravel: 32 bytes in base64
        return "base64:" + base64.b64encode(token_bytes(32)).decode()
    return token_hex(48 if name in ("SECRET_KEY_BASE", "SECRET_KEY") else 24)


def _health(found: Found) -> str:
    note = "  # The path that answers with 200 once the app is up.\n"
    if found.health is None or found.health == "/up":
        return f"{note}  # healthcheck:\n  #   path: /up\n"
    return f"{note}  healthcheck:\n    path: {found.health}\n"


_EXTENSION = f"""
# What kamalpy knows and Kamal does not: the health check is sent to this host, as the app answers
# no other.
x-kamalpy:
  health:
    host: {HOST}
"""


def _words(found: Found) -> dict[str, str]:
    return {"service": found.service, "arch": found.arch, "user": found.user}


def stub(name: str) -> str:
    """Read a file of this folder."""
    return Path(__file__).with_name(name).read_text()
