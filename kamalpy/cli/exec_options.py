"""``exec`` commands: which options are kamalpy's, and which belong to the command to run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from kamalpy.cli.tree import Command, dashed

_MARK = "\0"  # before a word that is no option: no argument of a program can have it
_PAIR = re.compile(r"[A-Z_][A-Z0-9_]*[:=]")
ENV = "--env"
_EXCLUSIVE = (
    ("detach", "interactive"),
    ("detach", "reuse"),
    ("raw", "interactive"),
    ("raw", "detach"),
)


class ExecCommand(Command):
    """
    A command that runs another one.

    After the first word of that, only exact names of kamalpy's options are kamalpy's; after
    ``--``, nothing is. As in Kamal, more pairs may follow ``--env A:1``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["context_settings"] = {"ignore_unknown_options": True}
        super().__init__(*args, **kwargs)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Mark the words of the command to run before click looks for options."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        before = sum(1 for each in self.params if isinstance(each, click.Argument)) - 1
        try:
            return super().parse_args(ctx, list(_marked(args, options, before)))
        except click.BadOptionUsage as error:
            what = f"{error.message.rstrip('.')}; if the option is the command's, put -- before it"
            raise click.BadOptionUsage(error.option_name, what, ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Refuse flags that exclude each other."""
        for pair in _EXCLUSIVE:
            if all(ctx.params.get(name) for name in pair):
                flags = " and ".join(f"--{name}" for name in pair)
                raise click.UsageError(f"{flags} exclude each other; leave one out", ctx)
        return super().invoke(ctx)


def _words(context: click.Context, parameter: click.Parameter, value: Sequence[str]) -> list[str]:
    """Return the words of the command as they were typed; there must be one."""
    if not value:
        raise click.UsageError(f"no command; write one: {context.command_path} ls", context)
    if value[0].startswith("-"):
        raise click.NoSuchOption(value[0], ctx=context)
    return [word.removeprefix(_MARK) for word in value]


def _pairs(
    context: click.Context, parameter: click.Parameter, value: Sequence[str]
) -> dict[str, str]:
    """Read variables, NAME:VALUE as in Kamal, or NAME=VALUE."""
    read = {}
    for pair in value:
        found = re.match(r"([A-Za-z_]\w*)[:=](.*)", pair, re.DOTALL)
        if found is None:
            raise click.UsageError(f"--env {pair}: write NAME:VALUE or NAME=VALUE", context)
        read[found[1]] = found[2]
    return read


command_words = click.argument("words", nargs=-1, callback=_words, metavar="CMD...")
interactive = click.option(
    *("-i", "--interactive"), is_flag=True, help="With a terminal, on one server: shells, consoles."
)
reuse = click.option(
    "--reuse", is_flag=True, help="In the running container, not in one of its own."
)
env = click.option(
    *("-e", ENV),
    multiple=True,
    callback=_pairs,
    metavar="NAME:VALUE",
    help="Variables for it; may be repeated.",
)
raw = click.option(
    "--raw", is_flag=True, help="Copy bytes unchanged, for pipes: no headings, nothing masked."
)


def _marked(args: Sequence[str], options: Sequence[click.Option], before: int) -> Iterator[str]:
    takes = _option_names(options)
    rest = list(args)
    seen = -before  # the number of words before the command
    while rest:
        word = rest.pop(0)
        name = dashed(word.partition("=")[0]) if word.startswith("--") else word
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
    """Take the value of an option from the words after it; for variables, all pairs."""
    yield from (rest.pop(0) for _ in rest[:1])
    while name in ("-e", ENV) and rest and _PAIR.match(rest[0]):
        yield from (ENV, rest.pop(0))


def _option_names(options: Iterable[click.Option]) -> dict[str, bool]:
    """List the names of options, and whether a value follows each."""
    names: dict[str, bool] = {}
    for option in options:
        is_flag = option.is_flag or option.count
        for name in map(dashed, (*option.opts, *option.secondary_opts)):
            names[name] = not is_flag
            if is_flag and name.startswith("--"):
                names.update({f"--{no}-{name[2:]}": False for no in ("no", "skip")})
    return names
