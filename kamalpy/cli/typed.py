"""Commands that run another command: what is ours of a line, and what is that command's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import click

from kamalpy.cli.tree import Command, spelled

_MARK = "\0"  # before a word that is no option: no argument of a program can have it
_PAIR = re.compile(r"[A-Z_][A-Z0-9_]*[:=]")
ENV = "--env"


class Running(Command):
    """
    A command that takes another one.

    Behind the first word of that, only what is one of our options as it stands is ours; behind
    ``--``, nothing is. After ``--env A:1``, as with Kamal, more pairs may follow.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["context_settings"] = {"ignore_unknown_options": True}
        super().__init__(*args, **kwargs)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Mark what is the command's before options are looked for."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        before = sum(1 for each in self.params if isinstance(each, click.Argument)) - 1
        try:
            return super().parse_args(ctx, list(_marked(args, options, before)))
        except click.BadOptionUsage as error:
            told = f"{error.message.rstrip('.')}; if it is the command's own, put -- before that"
            raise click.BadOptionUsage(error.option_name, told, ctx) from None


def words(context: click.Context, parameter: click.Parameter, value: Sequence[str]) -> list[str]:
    """Give the words of the command as they were typed; there must be one."""
    if not value:
        raise click.UsageError(f"no command; write one: {context.command_path} ls", context)
    if value[0].startswith("-"):
        raise click.NoSuchOption(value[0], ctx=context)
    return [word.removeprefix(_MARK) for word in value]


def pairs(
    context: click.Context, parameter: click.Parameter, value: Sequence[str]
) -> dict[str, str]:
    """Read variables, NAME:VALUE as Kamal has it or NAME=VALUE."""
    read = {}
    for pair in value:
        found = re.match(r"([A-Za-z_]\w*)[:=](.*)", pair, re.DOTALL)
        if found is None:
            raise click.UsageError(f"--env {pair}: write NAME:VALUE or NAME=VALUE", context)
        read[found[1]] = found[2]
    return read


def exclusive(**flags: bool) -> None:
    """Refuse two flags that exclude each other."""
    said = [f"--{name}" for name, value in flags.items() if value]
    if len(said) > 1:
        raise click.UsageError(f"{' and '.join(said)} exclude each other; leave one out")


def with_words(act: Callable[..., Any]) -> Callable[..., Any]:
    """Take the command that is to be run."""
    return click.argument("words", nargs=-1, callback=words, metavar="CMD...")(act)


def interactive(act: Callable[..., Any]) -> Callable[..., Any]:
    """Take ``--interactive``."""
    text = "With a terminal, on one server: shells, consoles."
    return click.option("-i", "--interactive", is_flag=True, help=text)(act)


def reuse(act: Callable[..., Any]) -> Callable[..., Any]:
    """Take ``--reuse``."""
    text = "In the container that runs, not in one of its own."
    return click.option("--reuse", is_flag=True, help=text)(act)


def env(act: Callable[..., Any]) -> Callable[..., Any]:
    """Take ``--env``."""
    text = "Variables for it; may be given again."
    return click.option("-e", ENV, multiple=True, callback=pairs, metavar="NAME:VALUE", help=text)(
        act
    )


def raw(act: Callable[..., Any]) -> Callable[..., Any]:
    """Take ``--raw``."""
    text = "Bytes as they come, for pipes: no headings, nothing hidden."
    return click.option("--raw", is_flag=True, help=text)(act)


def _marked(args: Sequence[str], options: Sequence[click.Option], before: int) -> Iterator[str]:
    takes = _ours(options)
    rest = list(args)
    seen = -before  # so many words come before the command
    while rest:
        word = rest.pop(0)
        name = spelled(word.partition("=")[0]) if word.startswith("--") else word
        if word == "--":
            yield from (_MARK + each for each in rest)
            return
        if seen > 0 and word.startswith("-") and (name not in takes or name == "--help"):
            yield _MARK + word
            continue
        yield word
        if takes.get(name) and name == word:
            yield from _values(name, rest)
        elif not word.startswith("-"):
            seen += 1


def _values(name: str, rest: list[str]) -> Iterator[str]:
    """Take the value of an option out of what follows; of variables, all pairs."""
    yield from (rest.pop(0) for _ in rest[:1])
    while name in ("-e", ENV) and rest and _PAIR.match(rest[0]):
        yield from (ENV, rest.pop(0))


def _ours(options: Iterable[click.Option]) -> dict[str, bool]:
    """List the names of options, and whether a value follows."""
    names: dict[str, bool] = {}
    for option in options:
        is_flag = option.is_flag or option.count
        for name in map(spelled, (*option.opts, *option.secondary_opts)):
            names[name] = not is_flag
            if is_flag and name.startswith("--"):
                names.update({f"--{no}-{name[2:]}": False for no in ("no", "skip")})
    return names
