"""The example of every key of deploy.yml is valid in its place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from kamalpy.config import load
from kamalpy.reference import Key, keys

MINIMAL = """
service: blog
image: acme/blog
servers: {web: {hosts: [203.0.113.11: replica]}, jobs: [203.0.113.12]}
registry: {username: acme, password: [TOKEN]}
builder: {arch: amd64}
"""
PAIR = "{certificate_pem: CERT, private_key_pem: KEY}"
PATHS = "[{local: data, remote: /data}]"
# What stands next to a key.
NEXT_TO = {
    r"builder/local": "builder: {remote: ssh://build@203.0.113.9}",
    r"proxy/ssl.*": "proxy: {host: blog.acme.io}",
    r"proxy/ssl/.*": f"proxy: {{ssl: {PAIR}}}",
    r"servers/ROLE/proxy/ssl.*": "servers: {web: {proxy: {host: blog.acme.io}}}",
    r"servers/ROLE/proxy/ssl/.*": f"servers: {{web: {{proxy: {{ssl: {PAIR}}}}}}}",
    r"accessories/.*": "accessories: {db: {image: postgres:17}}",
    r"accessories/NAME/(?!(host|hosts|role|roles|tag|tags)$).*": "accessories: {db: {role: jobs}}",
    r"accessories/NAME/tags?": "env: {tags: {replica: {A: 1}}}",
    r"accessories/NAME/registry/.*": (
        "accessories: {db: {registry: {username: acme, password: [TOKEN]}}}"
    ),
    r"accessories/NAME/proxy/ssl.*": "accessories: {db: {proxy: {host: db.acme.io}}}",
    r"accessories/NAME/proxy/ssl/.*": f"accessories: {{db: {{proxy: {{ssl: {PAIR}}}}}}}",
    r"accessories/NAME/files/.*": f"accessories: {{db: {{files: {PATHS}}}}}",
    r"accessories/NAME/directories/.*": f"accessories: {{db: {{directories: {PATHS}}}}}",
    r"x-kamalpy/secrets": "accessories: {postgres: {image: postgres:17, role: jobs}}",
    r"x-kamalpy/secrets/.*": "accessories: {db: {image: postgres:17, role: jobs}}",
}


@pytest.mark.parametrize("key", keys(), ids=lambda key: key.name)
def test_the_example_is_valid(key: Key, tmp_path: Path) -> None:
    sample = yaml.safe_load(key.sample)
    config: Any = yaml.safe_load(MINIMAL)
    for name, text in NEXT_TO.items():
        if re.fullmatch(name, key.name):
            config = merged(config, yaml.safe_load(text))
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(yaml.safe_dump(merged(config, sample)))
    (tmp_path / "config/deploy.staging.yml").write_text("service: blog")

    load(root=tmp_path, version="v1", destination="staging")


def merged(below: Any, above: Any) -> Any:
    """Put one tree over another: hashes key by key, lists of hashes item by item."""
    if isinstance(below, dict) and isinstance(above, dict):
        return below | {key: merged(below.get(key), value) for key, value in above.items()}
    if isinstance(below, list) and isinstance(above, list) and isinstance(above[0], dict):
        return [merged(*pair) for pair in zip(below, above, strict=True)]
    return above
