"""Registries that speak HTTP: those that Docker's daemon.json lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kamalpy.registry.insecure import is_insecure

LISTED = ["registry.test:5000", "10.78.0.0/24"]
CASES = [
    ("registry.test:5000", True),
    ("registry.test", False),
    ("10.78.0.1:5000", True),
    ("10.79.0.1:5000", False),
    ("ghcr.io", False),
]


@pytest.mark.parametrize(("host", "insecure"), CASES)
@pytest.mark.parametrize("folder", [".docker", ".config/docker"])
def test_listed(tmp_path: Path, folder: str, host: str, insecure: bool) -> None:
    (tmp_path / folder).mkdir(parents=True)
    file = tmp_path / folder / "daemon.json"
    file.write_text(json.dumps({"insecure-registries": LISTED}))
    assert is_insecure(host, {"HOME": str(tmp_path)}) is insecure


@pytest.mark.parametrize("text", ["", "{", "[]", '{"insecure-registries": null}', "{}"])
def test_nothing_listed(tmp_path: Path, text: str) -> None:
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker/daemon.json").write_text(text)
    assert not is_insecure("registry.test:5000", {"HOME": str(tmp_path)})
