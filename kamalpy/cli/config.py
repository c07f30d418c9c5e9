"""``config``: deploy.yml as it is understood."""

from __future__ import annotations

import json
from typing import Any

import click

from kamalpy.cli.settings import Settings, settings
from kamalpy.cli.tree import command


@command()
@click.option(
    "--full",
    is_flag=True,
    help="Everything: defaults, env of each host, what docker is told, where each value is from.",
)
def config(full: bool) -> int:
    """
    Show the configuration as it is understood, without asking a server or reading a secret.

    It is printed as Kamal prints it: some keys, in YAML. Secrets are shown by name.
    """
    from kamalpy.config import load
    from kamalpy.config.dump import dump, plain

    said = settings()
    found = load(
        said.config_file,
        destination=said.destination,
        version=said.version,
        allow_ruby=said.ruby,
        allow_commands=said.allow_commands,
    )
    for problem in () if said.quiet else found.warnings:
        click.secho(f"WARNING: {problem}", err=True, fg="yellow")
    if full:
        from kamalpy.cli.resolved import resolved

        click.echo(_written(resolved(found), said), nl=False)
    else:
        click.echo(_json(plain(found)) if said.json else dump(found), nl=False)
    return 0


def _written(tree: dict[str, Any], said: Settings) -> str:
    import yaml

    if said.json:
        return _json(tree)
    return str(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=float("inf")))


def _json(tree: dict[str, Any]) -> str:
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"
