"""What `Dotenv.load` in deploy.yml sets is there for accessories' templates and for hooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

DB = {
    "image": "postgres:17",
    "host": "h3.test",
    "files": ["config/init.sql.erb:/init.sql"],
}


@pytest.fixture
def loading(project: Any) -> Any:
    """A project whose deploy.yml loads a .env file."""
    project.configure(accessories={"db": DB})
    file = project.folder / "config/deploy.yml"
    load = '<% require "dotenv"; Dotenv.load %>\n'
    file.write_text(load + file.read_text())
    (project.folder / ".env").write_text("DATABASE=blog_production\n")
    (project.folder / "config/init.sql.erb").write_text('CREATE DATABASE <%= ENV["DATABASE"] %>;\n')
    return project


def test_an_accessory_file_sees_it(loading: Any, run: Callable[..., Any]) -> None:
    assert run("setup", version="v1").status == 0

    content = loading.world["h3.test"]["files"]["blog-db/init.sql"]["content"]
    assert content == "CREATE DATABASE blog_production;\n"


def test_hooks_see_it(loading: Any, run: Callable[..., Any]) -> None:
    loading.hook("pre-deploy", 'echo "DATABASE=$DATABASE" >>hooks.log')

    assert run("setup", version="v1").status == 0

    assert loading.hooks[-1] == "DATABASE=blog_production"
