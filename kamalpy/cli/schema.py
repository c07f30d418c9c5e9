"""``schema``: deploy.yml for editors."""

from __future__ import annotations

from importlib import resources

import click

from kamalpy.cli.tree import command

NAME = "schema.json"


@command()
def schema() -> int:
    """Print the JSON Schema of deploy.yml, for editors and other checks."""
    click.echo(text(), nl=False)
    return 0


def text() -> str:
    """Read the schema that the package brings."""
    return (resources.files("kamalpy.config") / NAME).read_text()
