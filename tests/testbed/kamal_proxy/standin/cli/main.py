"""From the words of a command line to an exit status."""

from __future__ import annotations

import sys

from standin.cli import help as help_
from standin.cli.client import CallError
from standin.cli.command import Command
from standin.cli.flags import UsageError, parse
from standin.cli.tree import root


def main(line: list[str]) -> int:
    """Do what the line says; complaints go to stderr."""
    tree = root()
    command, rest = tree.find(line)
    try:
        return _perform(tree, command, rest)
    except (UsageError, CallError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1


def _perform(tree: Command, command: Command, rest: list[str]) -> int:
    words = parse(command.flags, rest)
    if command.name == "help":
        return _help(tree, words.arguments)
    if words.help:
        print(help_.page(command))
        return 0
    if command.run is None:
        return _without_command(tree, command, words.arguments)
    command.validate(words)
    command.run(words)
    return 0


def _without_command(tree: Command, command: Command, arguments: list[str]) -> int:
    if command is tree and arguments:
        message = f'unknown command "{arguments[0]}" for "{tree.path}"'
        raise UsageError(f"{message}\nRun '{tree.path} --help' for usage.")
    print(help_.page(command))
    return 0


def _help(tree: Command, topic: list[str]) -> int:
    command, rest = tree.find(topic)
    if rest and command is tree:
        print(
            f"Unknown help topic [`{' '.join(topic)}`]",
            help_.usage(tree),
            sep="\n",
            file=sys.stderr,
        )
    else:
        print(help_.page(command))
    return 0
