"""Execute the Python of docs/secrets.md and docs/templates.md."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def example(page: str) -> str:
    (found,) = re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text(), re.M | re.S)
    return found


@pytest.fixture(autouse=True)
def _here(project, tools, monkeypatch):
    """A project, and the stand-in for ``op`` with an item in which DB_PASSWORD is a field."""
    tools.install("op")
    monkeypatch.chdir(project.root)
    for name in ("PATH", "STANDIN_STATE", "STANDIN_LOG"):
        monkeypatch.setenv(name, project.environ[name])


def test_secrets(project):
    project.write(".kamal/secrets.staging", "DB=s3cret\nNOWHERE=$(exit 1)\n")
    names: dict = {}

    exec(example("secrets.md").replace("DB_PASSWORD", "password"), names)

    secrets = names["secrets"]
    assert set(secrets.names()) == {"DB", "NOWHERE"}
    assert secrets.definitions()["DB"] == ".kamal/secrets.staging:1"
    assert (str(names["secret"]), names["secret"].reveal()) == ("*DB*", "s3cret")
    assert list(dict(secrets.items())) == ["DB"]
    assert len(secrets.problems()) == 1


def test_templates():
    source = "<% ENV['TAG'] = 'v1' %>service: <%= ENV['TAG'] %>\n"
    names = {"source": source, "Path": Path, "os": os}

    exec(example("templates.md"), names)

    assert names["text"].strip() == "service: v1"
    assert names["shared"].environ["TAG"] == "v1"
