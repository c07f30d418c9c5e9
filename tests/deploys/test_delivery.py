"""What is decided by the image in its registry."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kamalpy.config import load
from kamalpy.deploys.delivery import Delivery, check_ports

DIGEST = "sha256:1"
CONFIG = {
    "service": "blog",
    "image": "acme/blog",
    "servers": ["h1.test"],
    "proxy": {"host": "blog.test", "app_port": 3000},
    "registry": {"username": "ada", "password": ["PASSWORD"]},
    "builder": {"arch": "amd64"},
}


@pytest.mark.parametrize(
    ("platforms", "labels", "fits"),
    [
        (("linux/amd64",), {"service": "blog"}, True),
        (("linux/amd64", "linux/arm64"), {}, True),
        (("linux/arm64",), {"service": "blog"}, False),
        (("linux/amd64",), {"service": "shop"}, False),
    ],
)
def test_what_need_not_be_built(
    platforms: tuple[str, ...], labels: dict[str, str], fits: bool
) -> None:
    delivery = Delivery(DIGEST, platforms, tuple(labels.items()))
    assert delivery.fits("blog", ("amd64",)) is fits


@pytest.mark.parametrize(
    ("ports", "warned"),
    [
        (("3000/tcp",), False),
        ((), False),
        (("80/tcp", "3000/tcp"), False),
        (("80/tcp",), True),
        (("3000/udp", "8080"), True),
    ],
)
def test_a_port_that_is_not_exposed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, ports: tuple[str, ...], warned: bool
) -> None:
    (tmp_path / "deploy.yml").write_text(yaml.safe_dump(CONFIG))
    config = load("deploy.yml", root=tmp_path)
    with caplog.at_level("WARNING", logger="pyinfra"):
        check_ports(config, Delivery(DIGEST, ports=ports))
    assert ("proxy/app_port: is 3000, but the image exposes" in caplog.text) is warned
