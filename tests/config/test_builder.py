"""``builder``: forms and defaults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kamalpy.config import Configuration, load

Deploy = Callable[..., Configuration]


def test_defaults(deploy: Deploy) -> None:
    builder = deploy().builder
    assert builder is not None
    assert builder.arches == ("amd64",)
    assert builder.model_dump(exclude={"arch"}) == {
        "remote": None,
        "local": True,
        "context": None,
        "dockerfile": "Dockerfile",
        "target": None,
        "args": {},
        "secrets": (),
        "ssh": None,
        "driver": "docker-container",
        "cache": None,
        "provenance": None,
        "sbom": None,
        "pack": None,
    }


VALUES = [
    ("arch: [amd64, arm64]", "arches", ("amd64", "arm64")),
    ("arch: arm64", "arches", ("arm64",)),
    ("arch: amd64, remote: false", "remote", None),
    ("arch: amd64, remote: ''", "remote", None),
    ("arch: amd64, remote: tcp://b, local: false", "local", False),
    ("arch: amd64, provenance: false", "provenance", "false"),
    ("arch: amd64, args: {A: 1, B: false, C: null, D: ''}", "args", {
        "A": "1", "B": "false", "C": None, "D": "",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "value"), VALUES)
def test_values(deploy: Deploy, text: str, key: str, value: Any) -> None:
    assert getattr(deploy(f"builder: {{{text}}}\n").builder, key) == value


def test_buildpacks(deploy: Deploy) -> None:
    pack = "pack: {builder: heroku/builder:24, buildpacks: [heroku/ruby, heroku/procfile]}"
    builder = deploy(f"builder: {{arch: amd64, {pack}}}\n").builder
    assert builder is not None
    assert builder.pack is not None
    assert builder.pack.builder == "heroku/builder:24"
    assert builder.pack.buildpacks == ("heroku/ruby", "heroku/procfile")


def test_is_not_needed_when_nothing_is_built(tmp_path: Path) -> None:
    (tmp_path / "deploy.yml").write_text(
        "service: blog\nimage: nginx:1.27\nservers: [a]\nx-kamalpy: {build: false}\n"
        "registry: {username: a, password: [B]}\n"
    )
    assert load("deploy.yml", root=tmp_path, environ={}).builder is None
