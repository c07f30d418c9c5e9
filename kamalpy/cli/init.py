"""``init``: the files of a new project; existing files are never changed, only added to."""

from __future__ import annotations

import click

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import AnywhereCommand, command


@command(cls=AnywhereCommand)
@click.option("--postgres", is_flag=True, help="With a Postgres next to the app.")
@click.option("--redis", is_flag=True, help="With a Redis next to the app.")
@click.option("--pyinfra", is_flag=True, help="With inventory.py and deploy.py for pyinfra.")
@click.option("--bundle", is_flag=True, help="Accepted as Kamal's: there is no binstub.")
def init(postgres: bool, redis: bool, pyinfra: bool, bundle: bool) -> int:
    """
    Write config/deploy.yml, .kamal/secrets and samples of hooks.

    Service, framework, port, health check and architecture are detected: from the folder, its
    Dockerfile, this machine. Passwords are generated into .kamal/secrets.enc, which is encrypted.
    Running it again adds what is missing.
    """
    from kamalpy.cli.stubs.project import Project

    if bundle:
        click.echo("--bundle: nothing to do, kamalpy needs no Ruby and no binstub", err=True)
    names = [name for name, wanted in (("postgres", postgres), ("redis", redis)) if wanted]
    for line in Project(settings(), names, with_pyinfra=pyinfra).write():
        click.echo(line)
    return 0
