"""The texts of new files, with what was detected filled in."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from secrets import token_bytes, token_hex
from string import Template

from kamalpy.cli.stubs.detection import Detected
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


def deploy_yml(detected: Detected, accessories: Sequence[str]) -> str:
    """Write a deploy.yml."""
    words = _words(detected) | {
        "port": str(detected.port or detected.framework.port),
        "health": _health(detected),
        "env": env(detected, accessories),
        "extension": _EXTENSION if detected.framework.needs_host else "",
        "accessories": f"\n{accessories_section(detected, accessories)}" if accessories else "",
    }
    return Template(read_stub("deploy.yml")).substitute(words).rstrip("\n") + "\n"


def accessories_section(detected: Detected, accessories: Sequence[str]) -> str:
    """Write ``accessories``."""
    parts = "\n".join(section(detected, name).rstrip("\n") for name in accessories)
    return f"# What runs next to the app, and stays when it is deployed.\naccessories:\n{parts}\n"


def section(detected: Detected, accessory: str) -> str:
    """Write an accessory, indented for ``accessories``."""
    return Template(read_stub(f"{accessory}.yml")).substitute(_words(detected))


def clear_variables(detected: Detected, accessories: Sequence[str]) -> dict[str, str]:
    """List the variables that may be seen, as YAML writes their values."""
    redis_url = f"redis://{detected.service}-redis:6379/0"
    redis = {"REDIS_URL": redis_url} if "redis" in accessories else {}
    database = detected.framework.with_database if "postgres" in accessories else {}
    return {**detected.framework.clear, **database, **redis}


def secret_variables(detected: Detected, accessories: Sequence[str]) -> list[str]:
    """List the names of the secrets that the app gets."""
    database = [detected.framework.database] if "postgres" in accessories else []
    return [*detected.framework.secrets, *database]


def generated_secrets(detected: Detected, accessories: Sequence[str]) -> list[str]:
    """List the secrets whose values are generated and encrypted."""
    password = ["POSTGRES_PASSWORD"] if "postgres" in accessories else []
    return [*(name for name in detected.framework.secrets if name not in FROM_FILE), *password]


def env(detected: Detected, accessories: Sequence[str]) -> str:
    """Write ``env``; what is empty is shown in comments."""
    clear = [f"{k}: {v}" for k, v in clear_variables(detected, accessories).items()]
    secret = [f"- {name}" for name in secret_variables(detected, accessories)]
    lines = ["env:" if clear or secret else "# env:"]
    for key, items, usual in (
        ("clear", clear, "LOG_LEVEL: info"),
        ("secret", secret, "- API_KEY"),
    ):
        mark = "" if items else "# "
        lines += [f"{mark}  {key}:", *(f"{mark}    {item}" for item in items or [usual])]
    return "\n".join(lines) + "\n"


def secrets(detected: Detected, accessories: Sequence[str]) -> str:
    """Write ``.kamal/secrets``."""
    lines = secret_lines(detected, accessories)
    return read_stub("secrets.sample") + "".join(f"\n{text}\n" for text in lines.values())


def secret_lines(detected: Detected, accessories: Sequence[str]) -> dict[str, str]:
    """Return the lines of ``.kamal/secrets`` for the names that are no plain generated values."""
    lines = {
        name: f"# From a file of this folder:\n{name}={FROM_FILE[name]}"
        for name in detected.framework.secrets
        if name in FROM_FILE
    }
    if "postgres" in accessories:
        name, service, user = detected.framework.database, detected.service, detected.user
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


def _health(detected: Detected) -> str:
    note = "  # The path that answers with 200 once the app is up.\n"
    if detected.health is None or detected.health == "/up":
        return f"{note}  # healthcheck:\n  #   path: /up\n"
    return f"{note}  healthcheck:\n    path: {detected.health}\n"


_EXTENSION = f"""
# What kamalpy knows and Kamal does not: the health check is sent to this host, as the app answers
# no other.
x-kamalpy:
  health:
    host: {HOST}
"""


def _words(detected: Detected) -> dict[str, str]:
    return {
        "service": detected.service,
        "arch": detected.arch,
        "user": detected.user,
        "host": detected.host,
    }


def read_stub(name: str) -> str:
    """Read a file of this folder."""
    return Path(__file__).with_name(name).read_text()
