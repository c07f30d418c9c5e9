"""Reading the command line, and reporting what went wrong."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import click

from kamalpy.cli import (
    accessory,
    app,
    build,
    completion,
    config,
    deploy,
    details,
    docs,
    doctor,
    help,
    init,
    lock,
    proxy,
    prune,
    registry,
    secrets,
    server,
)
from kamalpy.cli.settings import Settings
from kamalpy.cli.suggestions import SUGGESTIONS
from kamalpy.cli.tree import Group, dashed

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Kamalpy(Group):
    """The root: an unknown command may be an alias of deploy.yml."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or the one an alias stands for."""
        chain: list[str] = []
        try:
            while len(self.matching_names(args[0])) != 1 or self._is_overridden(ctx, args):
                chain.append(args[0])
                args = self._expanded(ctx, chain, args)
        except Exception:
            if not ctx.resilient_parsing:
                raise
            return None, None, args  # a shell completes what is wrong already
        return super().resolve_command(ctx, args)

    def matching_names(self, abbreviation: str) -> list[str]:
        """List the commands an abbreviation may mean; words of other tools mean none."""
        return [] if dashed(abbreviation) in SUGGESTIONS else super().matching_names(abbreviation)

    def unknown(self, ctx: click.Context, name: str) -> click.UsageError:
        """Name the command to type instead."""
        instead = SUGGESTIONS.get(dashed(name))
        if instead is None:
            return super().unknown(ctx, name)
        return click.UsageError(f"{name}: no such command; type kamalpy {instead}", ctx)

    def _is_overridden(self, ctx: click.Context, args: list[str]) -> bool:
        """Return whether the user has an alias with the name of a short form."""
        (name,) = self.matching_names(args[0])
        if name not in SHORT:
            return False
        from kamalpy.cli.aliases import alias

        return alias(args[0], ctx.find_root().ensure_object(Settings), args[1:]) is not None

    def is_own(self, name: str) -> bool:
        """Whether Kamal has no such command."""
        return name in SHORT or super().is_own(name)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """List commands, options, and aliases."""
        found = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            return found
        from kamalpy.cli.aliases import aliases

        return found + completion.complete(aliases)(ctx, incomplete)

    def _expanded(self, ctx: click.Context, chain: list[str], args: list[str]) -> list[str]:
        """Replace an alias by its words, and parse the options before the command."""
        from kamalpy.cli.aliases import alias

        name, *rest = args
        words = alias(name, ctx.find_root().ensure_object(Settings), rest)
        if words is None:
            self.full_name(name)  # raises if it could be several
            raise self.unknown(ctx, name)
        if name in chain[:-1]:
            raise click.UsageError(
                f"{chain[0]}: the aliases form a circle, {' -> '.join(chain)}; "
                "let one of them name a command",
                ctx,
            )
        found = self._without_options(ctx, [*words, *rest])
        if not found:
            raise click.UsageError(f"{name}: the alias names no command; write one into it", ctx)
        return found

    def _without_options(self, ctx: click.Context, args: list[str]) -> list[str]:
        values, rest, order = self.make_parser(ctx).parse_args(args)
        for param in order:
            param.handle_parse_result(ctx, values, rest)
        return list(rest)


root = Kamalpy(
    name="kamalpy", help="Deploy containers to plain servers, as config/deploy.yml says."
)
SHORT: dict[str, click.Command] = {"logs": app.group.commands["logs"], "status": details.details}
"""Short forms of other commands; they give way to an alias of that name."""
_COMMANDS: tuple[click.Command, ...] = (
    deploy.setup,
    deploy.deploy,
    deploy.redeploy,
    deploy.rollback,
    deploy.plan,
    details.releases,
    details.details,
    app.group,
    accessory.group,
    proxy.group,
    details.audit,
    build.group,
    doctor.doctor,
    config.config,
    docs.docs,
    init.init,
    docs.schema,
    lock.group,
    prune.group,
    registry.group,
    secrets.group,
    server.group,
    deploy.remove,
    deploy.upgrade,
    completion.completion,
    help.tree,
    help.version,
    help.help_,
)
root.commands.update({str(each.name): each for each in _COMMANDS}, **SHORT)


def main(arguments: list[str] | None = None) -> None:
    """Run a command, and exit with its status."""
    gc.disable()  # until all is imported: collecting garbage takes a tenth of that time
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run a command and return its exit status."""
    settings = Settings()
    if arguments in ([], ["--version"]):
        arguments = ["version"] if arguments else ["--help"]
    from kamalpy.cli import terminals

    color = False if "--no-color" in arguments or terminals.is_plain() else None
    try:
        status: Any = root.main(
            arguments, prog_name="kamalpy", standalone_mode=False, obj=settings, color=color
        )
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return 130
    except BrokenPipeError:  # the reader of standard output has ended: head, less
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except Exception as error:
        from kamalpy.cli.errors import report

        settings.json = settings.json or "--json" in arguments
        return report(error, settings)
    return status if isinstance(status, int) else 0
