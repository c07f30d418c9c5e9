"""``init``: the files of a new project, none of which is ever overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from kamalpy.cli.docs import schema_text
from kamalpy.cli.settings import settings
from kamalpy.cli.stubs import texts
from kamalpy.cli.stubs.texts import Found
from kamalpy.cli.tree import Anywhere, command

_SECRETS = ".kamal/secrets"
_SCHEMA = ".kamal/deploy.schema.json"
_HOOKS = ".kamal/hooks"


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    text: str
    is_program: bool = False


@command(Anywhere)
@click.option("--postgres", is_flag=True, help="With a Postgres beside the app.")
@click.option("--redis", is_flag=True, help="With a Redis beside the app.")
@click.option("--pyinfra", is_flag=True, help="With inventory.py and deploy.py for pyinfra.")
@click.option("--bundle", is_flag=True, help="Taken for Kamal's sake: there is no binstub.")
def init(postgres: bool, redis: bool, pyinfra: bool, bundle: bool) -> int:
    """
    Write config/deploy.yml, .kamal/secrets and samples of hooks.

    Service, port and architecture are found out: from the folder, the Dockerfile, this machine. A
    file that is there is left as it is.
    """
    said = settings()
    accessories = [name for name, on in (("postgres", postgres), ("redis", redis)) if on]
    found, file = Found.of(Path.cwd()), said.config_file
    files = list(_files(found, file, accessories, pyinfra))
    left = [each for each in files if Path(each.path).exists()]
    new = [each for each in files if each not in left]
    for each in () if said.dry else new:
        _write(each)
    if bundle:
        click.echo("--bundle: nothing to do, kamalpy needs no Ruby and no binstub", err=True)
    if not said.quiet:
        click.echo("\n".join(_told(new, "would be written" if said.dry else "is written")))
        click.echo("\n".join(_told(left, "is there and left as it is")), nl=bool(left))
        click.echo("\n".join(_next(found, file, accessories, left)))
    return 0


def _files(found: Found, file: str, accessories: list[str], pyinfra: bool) -> Iterator[_File]:
    yield _File(file, texts.deploy_yml(found, accessories))
    yield _File(_SCHEMA, schema_text())
    yield _File(_SECRETS, texts.secrets(found, accessories))
    for name in texts.HOOKS:
        yield _File(f"{_HOOKS}/{name}.sample", texts.hook(name), is_program=True)
    if pyinfra:
        yield _File("inventory.py", texts.inventory(file))
        yield _File("deploy.py", texts.deploy_py())


def _write(file: _File) -> None:
    """Write a file, which must not be there yet."""
    path = Path(file.path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x") as opened:
            opened.write(file.text)
        if file.is_program:
            path.chmod(0o755)
    except OSError as error:
        raise click.ClickException(f"{file.path}: cannot be written ({error.strerror})") from None


def _told(files: list[_File], what: str) -> Iterator[str]:
    """Say what happens to files; the hooks are told together."""
    hooks = [each for each in files if each.is_program]
    yield from (f"{each.path} {what}" for each in files if each not in hooks)
    if hooks:
        yield f"{_HOOKS}/*.sample {what} ({len(hooks)} samples)"


def _next(found: Found, file: str, accessories: list[str], left: list[_File]) -> Iterator[str]:
    """Say what is to be done now."""
    names = [each.path for each in left]
    for name in accessories if file in names else ():
        yield f'\nAdd this below "accessories" in {file}:\n'
        yield texts.section(found, name).rstrip("\n")
    for each in left:
        if each.path.endswith(".py") and Path(each.path).read_text() != each.text:
            yield f"\n{each.path} would be:\n\n{each.text}".rstrip("\n")
    yield "\nNext:"
    if file not in names:
        yield f"  - in {file}, write your image, servers, host name and registry"
        if found.port is None:
            yield "  - and app_port: no Dockerfile here says with EXPOSE where the app listens"
    yield f"  - {_SECRETS} says where secrets come from; kamalpy secrets check looks at them"
    yield "  - build and push the image: docker buildx build --push --tag IMAGE:VERSION ."
    yield "  - kamalpy config --full shows what all this comes down to"
    yield "  - kamalpy setup --dry says what would happen, kamalpy setup makes it happen"
