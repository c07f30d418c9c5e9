"""``docs`` and ``schema``: the keys of deploy.yml, for people and for editors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import fill, indent

import click

from kamalpy.cli import completion
from kamalpy.cli.settings import settings
from kamalpy.cli.tree import AnywhereCommand, command
from kamalpy.reference import SAMPLES, SCHEMA, Key, children, keys
from kamalpy.reference.spelling import did_you_mean

EVENTS = Path(__file__).with_name("events.schema.json")
_KAMALS = {
    "accessory": "accessories",
    "alias": "aliases",
    "role": "servers",
    "configuration": "",
    "kamalpy": "x-kamalpy",
}
"""Sections by the names that ``kamal docs`` gives them."""


@command(cls=AnywhereCommand)
@click.argument("key", required=False, shell_complete=completion.argument(completion.keys))
def docs(key: str | None) -> int:
    """
    Explain a key of deploy.yml: its type, default, an example, what people stumble over.

    KEY is a section (proxy), a path (proxy/healthcheck/path), or the last part of one (app_port).
    Without it, the keys at the root are listed.
    """
    all_keys = keys()
    found = _found(key, all_keys)
    if settings().json:
        click.echo(json.dumps([_plain(each) for each in found], indent=2, ensure_ascii=False))
    elif found is all_keys:
        click.echo("\n".join(_list([each for each in all_keys if len(each.path) == 1])))
        click.echo("\nkamalpy docs KEY explains a key; keys with ... have others below them.")
    else:
        click.echo("\n\n".join("\n".join(_page(each, all_keys)) for each in found))
    return 0


@command(cls=AnywhereCommand, own=True)
@click.option("--events", is_flag=True, help="Of what --json writes, instead.")
def schema(events: bool) -> int:
    """Print the JSON Schema of deploy.yml, for editors and other checks."""
    click.echo(schema_text(events), nl=False)
    return 0


def schema_text(events: bool = False) -> str:
    """Read the JSON Schema of deploy.yml, or that of the events of ``--json``."""
    return (EVENTS if events else SCHEMA).read_text()


def _found(name: str | None, all_keys: Sequence[Key]) -> Sequence[Key]:
    wanted = (name or "").replace(".", "/").strip("/")
    wanted = _KAMALS.get(wanted, wanted)
    if not wanted:
        return all_keys
    parts = wanted.split("/")
    exact = [key for key in all_keys if _matches(key.path, parts)]
    ending = [key for key in all_keys if _ends(key.path, parts)]
    first = [key for key in ending if not _in_repeated(key, all_keys)]
    if found := exact or first or ending:
        return found
    names = dict.fromkeys(key.name if len(parts) > 1 else key.path[-1] for key in all_keys)
    raise click.ClickException(f"{name}: no key of deploy.yml; {did_you_mean(wanted, names)}")


def _matches(path: Sequence[str], parts: Sequence[str]) -> bool:
    """Compare a path; a placeholder such as ROLE matches any name, and may be left out."""
    if len(path) != len(parts) and any(part in SAMPLES for part in path):
        path = [part for part in path if part not in SAMPLES]
    return len(path) == len(parts) and all(
        mine == name or mine in SAMPLES for mine, name in zip(path, parts, strict=True)
    )


def _ends(path: Sequence[str], parts: Sequence[str]) -> bool:
    end = path[-len(parts) :]
    return end[0] not in SAMPLES and _matches(end, parts)


def _in_repeated(key: Key, all_keys: Sequence[Key]) -> bool:
    """Return whether a key is in a section that is explained at the root."""
    above = [each for each in all_keys if each.is_repeated]
    return any(key.path[: len(each.path)] == each.path for each in above)


def _page(key: Key, all_keys: Sequence[Key]) -> Iterator[str]:
    facts = [key.kind, *([f"default {key.default}"] if key.default else [])]
    yield f"{key.name}: {', '.join(facts)}"
    yield ""
    yield _paragraph(key.description)
    if key.pitfall:
        yield _paragraph(f"Beware: {key.pitfall}.")
    yield ""
    yield indent(key.sample, "    ")
    if key.is_repeated:
        yield ""
        yield _paragraph(f"Keys as at the root: kamalpy docs {key.path[-1]}")
    elif key.has_keys:
        yield ""
        yield from _list(children(key, all_keys))


def _list(several: Sequence[Key]) -> Iterator[str]:
    width = max(len(key.path[-1]) for key in several)
    for key in several:
        mark = "..." if key.has_keys else ""
        yield f"  {key.path[-1]:<{width}}  {key.description}{f' {mark}' if mark else ''}"


def _paragraph(text: str) -> str:
    return fill(text, 96, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _plain(key: Key) -> dict[str, object]:
    return {
        "key": key.name,
        "type": key.kind,
        "default": key.default or None,
        "description": key.description,
        "example": key.sample,
        "pitfall": key.pitfall or None,
    }
