"""Every deploy.yml of the documentation is deployed to simulated hosts; the Python there is run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab import pages

from kamalpy.config import Configuration, load
from kamalpy.config.secret_uses import uses_of

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(("page", "name", "destination"), [*pages.deploy_files()])
def test_a_deploy_file_is_deployed(
    page: str, name: str, destination: str | None, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.write(page, project.folder)
    project.folder = (project.folder / name).parents[1]
    monkeypatch.chdir(project.folder)
    use_registry("localhost:5000", project.folder / "config/deploy.yml")
    config = load(destination=destination, version="v1")
    provide(config, project.folder)
    words = ["setup", "-P", *(["-d", destination] if destination else [])]

    first, again = project.kamalpy(*words), project.kamalpy(*words)

    assert first.status == again.status == 0, first.err + again.err
    running = {name for names in project.running().values() for name in names}
    assert len(running) >= len(config.roles)
    assert "nothing to do" in again.err


def use_registry(server: str, path: Path) -> None:
    """Let the image come from a registry that nobody asks anything."""
    config = yaml.safe_load(path.read_text())
    config["registry"]["server"] = server
    path.write_text(yaml.safe_dump(config, sort_keys=False))


def provide(config: Configuration, folder: Path) -> None:
    """Write hosts, secrets, and the files that accessories mount."""
    (folder / "world.json").write_text(json.dumps({host: {} for host in config.hosts}))
    (folder / ".kamal").mkdir(exist_ok=True)
    names = {use.name for use in uses_of(config)}
    for path in (folder / ".kamal").glob("secrets*"):
        path.unlink()
    values = "".join(
        f"{name}='{PEM if 'KEY' in name or 'CERT' in name else name}'\n" for name in names
    )
    (folder / ".kamal/secrets-common").write_text(values)
    for accessory in config.accessories:
        for file in accessory.files:
            (folder / file.local).write_text("")
