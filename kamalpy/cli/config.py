"""``config``: deploy.yml as kamalpy reads it."""

from __future__ import annotations

import json
from typing import Any

import click

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command()
@click.option(
    "--full",
    is_flag=True,
    help="Everything: defaults, env of each host, docker commands, the line of each value.",
)
def config(full: bool) -> int:
    """
    Show the configuration as kamalpy reads it; no server is contacted, no secret is read.

    It is printed as Kamal prints it: some keys, in YAML. Secrets are shown by name.
    """
    from kamalpy.config.dump import dump, plain
    from kamalpy.secrets import Secrets
    from kamalpy.secrets.findings import findings

    options = settings()
    found = options.load()
    secret_files = Secrets(found.secrets_path, destination=found.destination).candidates
    warnings = (*found.warnings, *findings(found.root, secret_files))
    for problem in () if options.quiet else warnings:
        click.secho(f"WARNING: {problem}", err=True, fg="yellow")
    if full:
        from kamalpy.cli.full_config import full_config

        text = _json(full_config(found)) if options.json else _yaml(full_config(found))
    else:
        text = _json(plain(found)) if options.json else dump(found)
    click.echo(text, nl=False)
    return 0


def _yaml(tree: dict[str, Any]) -> str:
    import yaml

    return str(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=float("inf")))


def _json(tree: dict[str, Any]) -> str:
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"
