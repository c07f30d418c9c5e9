"""Two forms of a deploy.yml: minimal, and with everything."""

from __future__ import annotations

from typing import Any

from fleet.registry import Registry

HOST = "app.example.com"
SECRETS = {
    "KAMAL_REGISTRY_PASSWORD": "",
    "XAI_API_KEY": "xai-4711",
    "DATABASE_URL": "postgres://postgres:pg-secret@test-postgres:5432/production_db",
    "POSTGRES_PASSWORD": "pg-secret",
}


def secrets(registry: Registry) -> dict[str, str]:
    """Return a value for every secret of the configurations."""
    return {**SECRETS, "KAMAL_REGISTRY_PASSWORD": registry.password}


def first(address: str, registry: Registry) -> dict[str, Any]:
    """One server with everything on it."""
    return {
        "service": "test",
        "image": "acme/test",
        "servers": {"web": [address]},
        "proxy": {"ssl": False, "host": HOST, "app_port": 8080, "forward_headers": True},
        "registry": {
            "server": registry.server,
            "username": registry.user,
            "password": ["KAMAL_REGISTRY_PASSWORD"],
        },
        "builder": {"arch": "amd64"},
        "env": {
            "clear": {"PHX_HOST": "0.0.0.0", "APP_TEST": "1"},
            "secret": ["XAI_API_KEY", "DATABASE_URL"],
        },
        "aliases": {"shell": 'app exec --interactive --reuse "bash"', "logs": "app logs"},
        "accessories": {"postgres": _postgres(address)},
    }


def grown(addresses: list[str], registry: Registry) -> dict[str, Any]:
    """Two web servers, and a third with a job role and the database."""
    *web, last = addresses
    job = {"hosts": [last], "cmd": "python -m app worker", "env": {"clear": {"QUEUE": "default"}}}
    return {
        **first(web[0], registry),
        "servers": {"web": web, "job": job},
        "accessories": {"postgres": _postgres(last)},
        "ssh": {"user": "root"},
        "boot": {"limit": 1},
    }


def _postgres(address: str) -> dict[str, Any]:
    return {
        "image": "postgres:15",
        "host": address,
        "port": "127.0.0.1:5432:5432",
        "env": {
            "clear": {"POSTGRES_USER": "postgres", "POSTGRES_DB": "production_db"},
            "secret": ["POSTGRES_PASSWORD"],
        },
        "directories": ["data:/var/lib/postgresql/data"],
    }
