"""``x-kamalpy/transfer``: images reach the servers by SSH, without a registry of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamalpy.config import load
from kamalpy.errors import ConfigurationError

CONFIG = "service: blog\nservers: [a]\nbuilder: {arch: amd64}\n"
KAMALS = "image: acme/blog\nregistry: {server: ghcr.io, username: a, password: [B]}\n"


@pytest.mark.parametrize(
    ("more", "image"), [("", "localhost:5555/blog:v1"), (KAMALS, "localhost:5555/acme/blog:v1")]
)
def test_by_ssh(tmp_path: Path, more: str, image: str) -> None:
    (tmp_path / "deploy.yml").write_text(f"{CONFIG}{more}x-kamalpy: {{transfer: ssh}}\n")
    config = load("deploy.yml", root=tmp_path, environ={"VERSION": "v1"})
    assert (config.absolute_image, config.tunnel_port) == (image, 5555)
    assert config.registry.username is None


def test_by_a_registry(tmp_path: Path) -> None:
    (tmp_path / "deploy.yml").write_text(CONFIG + KAMALS)
    config = load("deploy.yml", root=tmp_path, environ={"VERSION": "v1"})
    assert (config.absolute_image, config.tunnel_port) == ("ghcr.io/acme/blog:v1", None)


def test_by_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "deploy.yml").write_text(f"{CONFIG}{KAMALS}x-kamalpy: {{transfer: scp}}\n")
    with pytest.raises(ConfigurationError) as caught:
        load("deploy.yml", root=tmp_path, environ={})
    assert "deploy.yml:6: x-kamalpy/transfer: should be registry or ssh" in str(caught.value)
