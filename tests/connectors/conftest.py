"""A project with two destinations and all kinds of hosts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from fork_server import ForkServer

CONFIG: dict[str, Any] = {
    "service": "blog",
    "image": "acme/blog",
    "servers": {
        "web": ["h1.test", "h2.test"],
        "job": {"hosts": ["h2.test", "h3.test"], "cmd": "bin/jobs"},
    },
    "proxy": {"host": "blog.test"},
    "registry": {"server": "r.test", "username": "bot", "password": ["REGISTRY_PASSWORD"]},
    "builder": {"arch": "amd64"},
    "env": {"clear": {"MODE": "production"}, "secret": ["TOKEN"]},
    "ssh": {"user": "deploy", "port": 2222, "key_data": ["SSH_KEY"]},
    "accessories": {
        "db": {"image": "postgres:15", "host": "h4.test", "env": {"secret": ["TOKEN"]}},
        "search": {
            "image": "search:1",
            "roles": ["web"],
            "proxy": {"host": "search.test", "app_port": 7700},
        },
    },
}
SECRETS = "REGISTRY_PASSWORD=hunter2\nTOKEN=hunter3\nSSH_KEY=hunter4\n"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write a deploy.yml, and be in its folder."""

    def write_config(path: str = "config/deploy.yml", **changes: Any) -> Path:
        config = {**CONFIG, **changes} if path == "config/deploy.yml" else changes
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        written = {key: value for key, value in config.items() if value is not None}
        file.write_text(yaml.safe_dump(written, sort_keys=False))
        (tmp_path / ".kamal").mkdir(exist_ok=True)
        (tmp_path / ".kamal/secrets").write_text(SECRETS)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("VERSION", "v1")
        return tmp_path

    return write_config


@pytest.fixture
def pyinfra(tmp_path: Path, fork_server: ForkServer) -> Callable[..., tuple[int, str]]:
    """Run pyinfra's command line in that folder."""

    def run(*words: str) -> tuple[int, str]:
        env = {**os.environ, "VERSION": "v1"}
        done = fork_server.run("pyinfra", *words, cwd=tmp_path, env=env, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    return run
