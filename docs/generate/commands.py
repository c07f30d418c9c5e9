"""All commands, from the help that ``kamalpy COMMAND --help`` prints."""

from __future__ import annotations

import html
import inspect
from collections.abc import Iterator

import click

from kamalpy.cli.main import root
from kamalpy.cli.settings import SharedOption
from kamalpy.cli.tree import all_examples


def markdown() -> str:
    """Write the options of all commands, and a section for each command."""
    context = click.Context(root, info_name="kamalpy")
    lines = ["## Options of all commands", "", *_options(context, shared=True)]
    for command in _commands(context):
        lines += _section(command)
    return "\n".join(lines)


def _commands(context: click.Context) -> Iterator[click.Context]:
    """List the commands below one, each before those below it."""
    group = context.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(context):
        command = group.commands[name]
        if not command.hidden:
            below = click.Context(command, info_name=name, parent=context)
            yield below
            if isinstance(command, click.Group):
                yield from _commands(below)


def _section(context: click.Context) -> Iterator[str]:
    command = context.command
    path = context.command_path.removeprefix("kamalpy ")
    depth = "#" * (2 + path.count(" "))
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield from (f"{depth} {path}", "", "```text", usage, "```", "")
    for paragraph in inspect.cleandoc(command.help or "").replace("\f", "").split("\n\n"):
        is_verbatim = paragraph.startswith("\b\n")
        text = paragraph.removeprefix("\b\n")
        yield from (["```text", text, "```"] if is_verbatim else [_escaped(text)])
        yield ""
    examples = [each for each in all_examples() if f"{each} ".startswith(f"kamalpy {path} ")]
    if examples and not isinstance(command, click.Group):
        yield from ("```sh", *examples, "```", "")
    yield from _options(context, shared=False)


def _options(context: click.Context, shared: bool) -> Iterator[str]:
    rows = []
    for param in context.command.get_params(context):
        record = param.get_help_record(context)
        is_option = record is not None and record[0].startswith("-") and record[0] != "--help"
        if record and is_option and isinstance(param, SharedOption) is shared:
            meaning = _escaped(record[1]).replace("|", "\\|")
            rows.append(f"| `{record[0]}` | {meaning} |")
    if rows:
        yield from ("| Option | Meaning |", "| --- | --- |", *rows, "")


def _escaped(text: str) -> str:
    for character in "\\*_[]":
        text = text.replace(character, f"\\{character}")
    return html.escape(text, quote=False)
