"""``init``: the files of a new project; what is there is never changed, only added to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click

from kamalpy.cli.docs import schema_text
from kamalpy.cli.settings import Settings, settings
from kamalpy.cli.stubs import additions, generated, next_steps, texts
from kamalpy.cli.stubs.texts import Found
from kamalpy.cli.tree import Anywhere, command

SECRETS = ".kamal/secrets"
_SCHEMA = ".kamal/deploy.schema.json"
_HOOKS = ".kamal/hooks"


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    text: str
    is_program: bool = False
    added: tuple[str, ...] = ()
    """What comes to a file that is there."""


@command(Anywhere)
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
    said = settings()
    accessories = [name for name, on in (("postgres", postgres), ("redis", redis)) if on]
    found, file = Found.of(Path.cwd()), said.config_file
    wanted = list(_files(found, file, accessories, pyinfra))
    new = [each for each in wanted if not Path(each.path).exists()]
    more = [_addition(each, found, file, accessories) for each in wanted if each not in new]
    changed = [each for each in more if each.added and each.text]
    for each in () if said.dry else [*new, *changed]:
        _write(each)
    values = generated.add(texts.generated_secrets(found, accessories), dry=said.dry)
    if bundle:
        click.echo("--bundle: nothing to do, kamalpy needs no Ruby and no binstub", err=True)
    if not said.quiet:
        click.echo("\n".join(_report(said, found, new, more, values)))
        left = [each for each in wanted if each not in new]
        undone = [each.path for each in more if each.added and not each.text]
        names = [each.path for each in new]
        shown = list(_by_hand(found, file, accessories, left, undone))
        click.echo("\n".join(shown), nl=bool(shown))
        click.echo("\n".join(next_steps.lines(found, file, accessories, names)))
    return 0


def _files(found: Found, file: str, accessories: list[str], pyinfra: bool) -> Iterator[_File]:
    yield _File(file, texts.deploy_yml(found, accessories))
    yield _File(_SCHEMA, schema_text())
    yield _File(SECRETS, texts.secrets(found, accessories))
    for name in texts.HOOKS:
        yield _File(f"{_HOOKS}/{name}.sample", texts.hook(name), is_program=True)
    if pyinfra:
        yield _File("inventory.py", texts.inventory(file))
        yield _File("deploy.py", texts.deploy_py())


def _addition(each: _File, found: Found, file: str, accessories: list[str]) -> _File:
    """Find out what a file that is there lacks; its text is empty where nothing can be added."""
    add = {file: additions.add_accessories, SECRETS: additions.add_secrets}.get(each.path)
    if add is None:
        return each
    made = add(Path(each.path).read_text(errors="replace"), found, accessories)
    missing = made.added or (("accessories",) if made.text is None and accessories else ())
    return replace(each, text=made.text or "", added=missing)


def _write(file: _File) -> None:
    """Write a new file, or one with additions."""
    path = Path(file.path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w" if file.added else "x") as opened:
            opened.write(file.text)
        if file.is_program:
            path.chmod(0o755)
    except OSError as error:
        raise click.ClickException(f"{file.path}: cannot be written ({error.strerror})") from None


def _report(
    said: Settings, found: Found, new: list[_File], more: list[_File], values: list[str]
) -> Iterator[str]:
    """Report what was detected, written, added and left; the hooks together."""
    would = "would be " if said.dry else "is "
    if found.framework.name:
        health = f", health check {found.health}" if found.health else ""
        port = found.port or found.framework.port
        yield f"Detected {found.framework.name}: port {port}{health}"
    yield from _each(new, f"{would}written")
    added = [each for each in more if each.added and each.text]
    for each in added:
        yield f"{each.path}: {', '.join(each.added)} {would}added"
    yield from _each([each for each in more if each not in added], "is there and left as it is")
    if values:
        yield f"{SECRETS}.enc: {', '.join(values)} {would}generated and encrypted"
        yield f"{SECRETS}.key: keep a copy of this key, without it the values are gone"


def _each(files: list[_File], what: str) -> Iterator[str]:
    hooks = [each for each in files if each.is_program]
    yield from (f"{each.path} {what}" for each in files if each not in hooks)
    if hooks:
        yield f"{_HOOKS}/*.sample {what} ({len(hooks)} samples)"


def _by_hand(
    found: Found, file: str, accessories: list[str], left: list[_File], undone: list[str]
) -> Iterator[str]:
    """Show what has to be written by hand."""
    for name in accessories if file in undone else ():
        yield f'\nAdd this below "accessories" in {file}:\n'
        yield texts.section(found, name).rstrip("\n")
    for each in left:
        if each.path.endswith(".py") and Path(each.path).read_text() != each.text:
            yield f"\n{each.path} would be:\n\n{each.text}".rstrip("\n")
