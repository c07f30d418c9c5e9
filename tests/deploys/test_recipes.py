"""Every deploy.yml of the documentation is deployed to simulated hosts."""

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
    simulate(project.folder / "config/deploy.yml")
    config = load(destination=destination, version="v1")
    provide(config, project.folder)

    done = project.kamalpy("setup", "-P", *(["-d", destination] if destination else []))

    assert done.status == 0, done.err
    running = project.running()
    for role in config.roles:
        for host in role.hosts:
            assert any(f"-{role.name}-" in name for name in running[host])
    for accessory in config.accessories:
        assert accessory.service_name in {name for names in running.values() for name in names}


def simulate(path: Path) -> None:
    """Change what cannot be had here: a registry, a build, and hosts with secrets as files."""
    config = yaml.safe_load(path.read_text())
    config["registry"]["server"] = "localhost:5000"
    config["x-kamalpy"] = {"build": False}
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
