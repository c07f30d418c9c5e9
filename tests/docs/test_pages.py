"""What the pages show is valid: deploy.yml, secrets, commands, scripts, other YAML and Python."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import click
import pytest
import yaml
from lab import pages

from kamalpy.cli.main import root
from kamalpy.cli.settings import Settings
from kamalpy.config import load
from kamalpy.config.secret_uses import uses_of
from kamalpy.secrets import Secrets


@pytest.mark.parametrize(("page", "name", "destination"), [*pages.deploy_files()])
def test_a_deploy_file_is_valid(
    page: str, name: str, destination: str | None, tmp_path: Path
) -> None:
    pages.write(page, tmp_path)
    project = (tmp_path / name).parents[1]

    config = load(root=project, destination=destination, version="v1", environ={})

    assert config.warnings == ()


@pytest.mark.parametrize("page", pages.PAGES)
def test_secrets_are_those_that_deploy_files_use(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.write(page, tmp_path)
    for _, name, destination in (each for each in pages.deploy_files() if each[0] == page):
        monkeypatch.chdir((tmp_path / name).parents[1])
        secrets = Secrets(destination=destination)
        used = {use.name for use in uses_of(load(destination=destination, version="v1"))}
        assert not secrets.names() or used <= set(secrets.names())


@pytest.mark.parametrize(
    "words", [each for page in pages.PAGES for each in pages.commands(page)], ids=" ".join
)
def test_a_command_exists(words: list[str]) -> None:
    context = root.make_context("kamalpy", words, obj=Settings())
    while isinstance(context.command, click.Group):
        name, found, rest = context.command.resolve_command(context, context._protected_args)
        assert found is not None
        context = found.make_context(name, [*rest, *context.args], parent=context)


@pytest.mark.parametrize("page", pages.PAGES)
def test_scripts_and_data_can_be_read(page: str) -> None:
    for script in pages.blocks(page, "sh"):
        subprocess.run(["sh", "-n"], input=script, text=True, check=True)
    for python in pages.blocks(page, "python"):
        ast.parse(python)
    for data in pages.blocks(page, "yaml"):
        yaml.safe_load(data)


def test_messages_of_troubleshooting_are_those_of_the_code() -> None:
    root_folder = Path(__file__).parents[2]
    sources = [*root_folder.glob("kamalpy/**/*.py"), *root_folder.glob("operations/**/*.py")]
    sources += root_folder.glob("kamalpy/**/*.sh")
    code = "\n".join(source.read_text() for source in sources)
    tables = pages.PAGES["troubleshooting.md"].partition("## Requests")[0]
    quoted = re.findall(r"^\| (`.*?) \|", tables, re.MULTILINE)

    assert [
        text for cell in quoted for text in re.findall("`(.+?)`", cell) if text not in code
    ] == []


def test_files_that_contributing_names_are_there() -> None:
    top = Path(__file__).parents[2]
    named = re.findall(r"[\w/.-]+/[\w.-]+\.\w+\b", (top / "CONTRIBUTING.md").read_text())
    folders = (top, top / "kamalpy")

    assert named != []
    assert [name for name in named if not any((folder / name).exists() for folder in folders)] == []
