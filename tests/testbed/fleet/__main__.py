"""The fleet by hand: `tox run -e fleet -- up 3`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from fleet import commands, requirements
from fleet.errors import FleetError
from fleet.fleet import Fleet
from fleet.lock import held

Command = Callable[[Fleet, argparse.Namespace], None]
_ALONE = (commands.up, commands.down, commands.restart, commands.purge)


def main(words: list[str] | None = None) -> None:
    """Parse the command line, and run the command."""
    chosen = _parser().parse_args(words)
    try:
        requirements.check_user()
        fleet = Fleet()
        with held(fleet.settings) if chosen.command in _ALONE else nullcontext():
            chosen.command(fleet, chosen)
    except FleetError as problem:
        sys.exit(f"fleet: {problem}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fleet", description="Pretend servers on this machine.")
    some = parser.add_subparsers(required=True, metavar="COMMAND")
    up = _add(some, commands.up)
    up.add_argument("count", type=int)
    up.add_argument("--bare", action="store_true", help="new servers lack Docker; their apt has it")
    up.add_argument("--unseeded", action="store_true", help="new servers have no images")
    for command in (commands.down, commands.restart, commands.trace):
        _add(some, command).add_argument("servers", nargs="*", metavar="hN")
    some.choices["trace"].add_argument("-c", "--clear", action="store_true", help="then forget all")
    enter = _add(some, commands.exec)
    enter.add_argument("machine", metavar="hN|control")
    enter.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")
    _add(some, commands.load).add_argument("tars", nargs="+", type=Path, metavar="FILE.tar")
    app = _add(some, commands.app)
    app.add_argument("version")
    app.add_argument("--fault", default="", help="crash, unhealthy, boot-delay=5; each with @HOST")
    for command in (commands.status, commands.ssh_config, commands.purge):
        _add(some, command)
    return parser


def _add(
    some: argparse._SubParsersAction[argparse.ArgumentParser], command: Command
) -> argparse.ArgumentParser:
    name = command.__name__.replace("_", "-")
    parser = some.add_parser(name, help=command.__doc__, description=command.__doc__)
    parser.set_defaults(command=command)
    return parser


if __name__ == "__main__":
    main()
