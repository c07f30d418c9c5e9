"""``--image``: an image to deploy as it is, whatever deploy.yml builds."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamalpy.config import Configuration, load
from kamalpy.errors import DeployError

DIGEST = f"sha256:{'4711' * 16}"


@pytest.fixture
def config(tmp_path: Path) -> Configuration:
    (tmp_path / "deploy.yml").write_text(
        "service: blog\nimage: acme/blog\nservers: [a]\nbuilder: {arch: amd64}\n"
        "registry: {server: ghcr.io, username: a, password: [B]}\n"
    )
    return load("deploy.yml", root=tmp_path, environ={"VERSION": "of-the-environment"})


@pytest.mark.parametrize(
    ("image", "version", "latest"),
    [
        ("nginx:1.27", "1.27", "nginx:latest"),
        ("quay.io:443/acme/blog:v1", "v1", "quay.io:443/acme/blog:latest"),
        (f"nginx@{DIGEST}", "471147114711", "nginx:latest"),
        (f"nginx:1.27@{DIGEST}", "1.27", "nginx:latest"),
    ],
)
def test_is_deployed_as_it_is(config: Configuration, image: str, version: str, latest: str) -> None:
    given = config.with_image(image)
    assert (given.is_built, given.version) == (False, version)
    assert (given.absolute_image, given.latest_image) == (image, latest)


def test_needs_a_tag_or_a_digest(config: Configuration) -> None:
    with pytest.raises(DeployError, match="--image nginx: has no tag and no digest; write nginx"):
        config.with_image("nginx")
