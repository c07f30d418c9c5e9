"""Names of images, as Docker takes them apart."""

from __future__ import annotations

import pytest

from kamalpy.registry import Reference

HUB = "registry-1.docker.io"
CASES = [
    ("nginx", Reference(HUB, "library/nginx")),
    ("nginx:1.27", Reference(HUB, "library/nginx", "1.27")),
    ("acme/blog:v1", Reference(HUB, "acme/blog", "v1")),
    ("docker.io/nginx", Reference(HUB, "library/nginx")),
    ("ghcr.io/acme/blog:v1", Reference("ghcr.io", "acme/blog", "v1")),
    ("localhost:5555/blog:v1", Reference("localhost:5555", "blog", "v1")),
    ("reg.test:5000/a/b@sha256:12", Reference("reg.test:5000", "a/b", "latest", "sha256:12")),
    ("reg.test:5000/a/b:v@sha256:12", Reference("reg.test:5000", "a/b", "v", "sha256:12")),
]


@pytest.mark.parametrize(("image", "reference"), CASES)
def test_parse(image: str, reference: Reference) -> None:
    assert Reference.parse(image) == reference


def test_a_registry_of_this_machine() -> None:
    assert Reference.parse("localhost:5555/blog").is_local
    assert Reference.parse("127.0.0.1:5000/blog").is_local
    assert not Reference.parse("registry.test:5000/blog").is_local
