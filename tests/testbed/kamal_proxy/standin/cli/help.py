"""What ``--help`` prints, laid out as cobra does."""

from __future__ import annotations

from standin.cli.command import Command
from standin.cli.flags import Flag


def page(command: Command) -> str:
    """The whole help of one command."""
    return "\n\n".join([command.summary, usage(command)])


def usage(command: Command) -> str:
    """The help without its first line."""
    parts = ["Usage:\n  " + _synopsis(command)]
    if command.aliases:
        parts.append("Aliases:\n  " + ", ".join([command.name, *command.aliases]))
    if command.commands:
        listed = sorted((each.name, each.summary) for each in command.commands)
        parts.append(_table("Available Commands:", [(f"  {n:<11}", s) for n, s in listed], " "))
    parts.append(_table("Flags:", _flags(command), "   "))
    if command.commands:
        parts.append(f'Use "{command.path} [command] --help" for more information about a command.')
    return "\n\n".join(parts)


def _synopsis(command: Command) -> str:
    if command.commands:
        return f"{command.path} [command]"
    takes = f" {command.takes}" if command.takes.startswith("<") else ""
    return f"{command.path}{takes} [flags]"


def _flags(command: Command) -> list[tuple[str, str]]:
    rows = [(flag.name, _left(flag), _right(flag)) for flag in command.flags]
    rows.append(("help", "  -h, --help", f"help for {command.name}"))
    return [(left, right) for _, left, right in sorted(rows)]


def _left(flag: Flag) -> str:
    return f"      --{flag.name} {flag.kind.word}".rstrip()


def _right(flag: Flag) -> str:
    default = flag.kind.show(flag.default)
    return f"{flag.help} (default {default})" if default else flag.help


def _table(title: str, rows: list[tuple[str, str]], gap: str) -> str:
    width = max(len(left) for left, _ in rows)
    return "\n".join([title, *(f"{left:<{width}}{gap}{right}" for left, right in rows)])
