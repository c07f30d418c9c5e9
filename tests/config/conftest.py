"""A project with a good deploy.yml, of which a test changes one part."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kamalpy.config import Configuration, load

GOOD = {
    "service": "service: blog\n",
    "image": "image: acme/blog\n",
    "servers": "servers: [10.0.0.1]\n",
    "registry": "registry: {username: acme, password: [KAMAL_REGISTRY_PASSWORD]}\n",
    "builder": "builder: {arch: amd64}\n",
}
Deploy = Callable[..., Configuration]


def deploy_yml(text: str) -> str:
    """The good file with other sections instead of its own, or beside them."""
    given = set(re.findall(r"^([\w-]+):", text, re.MULTILINE))
    return "".join(section for key, section in GOOD.items() if key not in given) + text


@pytest.fixture
def deploy(tmp_path: Path) -> Deploy:
    """Load the good file with a change; keyword arguments are ``load``'s, or ``staging``."""

    def load_with(
        text: str = "", *, staging: str | None = None, **options: object
    ) -> Configuration:
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / "config" / "deploy.yml").write_text(deploy_yml(text))
        if staging is not None:
            (tmp_path / "config" / "deploy.staging.yml").write_text(staging)
            options["destination"] = "staging"
        return load(root=tmp_path, **{"environ": {}, "version": "v1", **options})

    return load_with
