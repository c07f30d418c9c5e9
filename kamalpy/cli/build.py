"""``build``: what kamalpy can do without building, and what to type for the rest."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

import click

from kamalpy.cli.settings import settings, words
from kamalpy.cli.tree import Command, Entry, Group, command

_HERE = "kamalpy.cli.build"
ENTRIES = {
    "push": Entry(f"{_HERE}:push", "Not yet: says how to build the image and push it."),
    "pull": Entry(f"{_HERE}:pull", "Fetch the image onto the servers."),
    "deliver": Entry(f"{_HERE}:deliver", "Not yet: says how to push, and then to pull."),
    "dev": Entry(f"{_HERE}:dev", "Not yet."),
    "create": Entry(f"{_HERE}:create", "Not yet."),
    "remove": Entry(f"{_HERE}:remove", "Not yet."),
    "details": Entry(f"{_HERE}:details", "Not yet."),
}
group = Group(ENTRIES, name="build", help="Building images, which kamalpy leaves to others yet.")


@command()
def pull() -> int:
    """Fetch the image onto the servers, even where its tag is there already."""
    from kamalpy.cli.run import run

    return run("build pull", "build_pull")


def _refusing(name: str) -> Command:
    """Make a command that says what to type instead."""
    output: Callable[..., Any] = click.option("--output", metavar="TYPE", help="As Kamal's.")
    no_cache: Callable[..., Any] = click.option("--no-cache", is_flag=True, help="As Kamal's.")

    @command(name=name, help=ENTRIES[name].help)
    @output
    @no_cache
    def refuse(output: str | None, no_cache: bool) -> int:
        raise click.ClickException(_instead(name))

    return refuse


def _instead(name: str) -> str:
    lines = [f"kamalpy does not build images yet, so there is no {' '.join(words())}."]
    if name in ("push", "deliver"):
        lines.append(f"Build and push it with docker:\n\n    {_by_hand()}\n")
        lines.append(f"or with Kamal: {_with_kamal('build push')}")
        lines.append("Then: kamalpy deploy" if name == "push" else "Then: kamalpy build pull")
    else:
        lines.append(f"With Kamal: {_with_kamal(f'build {name}')}")
    return "\n".join(lines)


def _with_kamal(words: str) -> str:
    said = settings()
    file = ["-c", said.config_file] if said.config_file != type(said).config_file else []
    destination = ["-d", said.destination] if said.destination else []
    return shlex.join(["kamal", *words.split(), *file, *destination])


def _by_hand() -> str:
    """Spell the build that deploy.yml describes."""
    from pathlib import Path

    from kamalpy.commands import build
    from kamalpy.config import Builder, load

    said = settings()
    config = load(
        said.config_file,
        destination=said.destination,
        version=said.version,
        root=Path.cwd(),
        allow_ruby=said.ruby,
        allow_commands=said.allow_commands,
    )
    of = config.builder or Builder()
    arches = [of.arch] if isinstance(of.arch, str) else of.arch
    return shlex.join(
        build.push(
            tags=[config.absolute_image, config.latest_image],
            labels={"service": config.service},
            platforms=[f"linux/{each}" for each in arches],
            dockerfile=of.dockerfile,
            target=of.target,
            args=list(of.args),
            secrets=list(of.secrets),
            ssh=of.ssh,
            context=of.context or ".",
        )
    )


push = _refusing("push")
deliver = _refusing("deliver")
dev = _refusing("dev")
create = _refusing("create")
remove = _refusing("remove")
details = _refusing("details")
