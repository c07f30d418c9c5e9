"""``schema``: deploy.yml for editors."""

from __future__ import annotations

from importlib import resources

import click

from kamalpy.cli import json_lines
from kamalpy.cli.tree import Anywhere, command

NAME = "schema.json"


@command(Anywhere)
@click.option("--events", is_flag=True, help="Of what --json writes, instead.")
def schema(events: bool) -> int:
    """Print the JSON Schema of deploy.yml, for editors and other checks."""
    click.echo(json_lines.text() if events else text(), nl=False)
    return 0


def text() -> str:
    """Read the schema that the package brings."""
    return (resources.files("kamalpy.config") / NAME).read_text()
