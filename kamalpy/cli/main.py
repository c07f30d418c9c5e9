"""Reading the command line, and reporting what went wrong."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import click

from kamalpy.cli.settings import Settings
from kamalpy.cli.suggestions import SUGGESTIONS
from kamalpy.cli.tree import Entry, Group, spelled

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_CLI = "kamalpy.cli"
ENTRIES = {
    "setup": Entry(f"{_CLI}.deploy:setup", "Set servers up and deploy to them."),
    "deploy": Entry(f"{_CLI}.deploy:deploy", "Deploy a version to all servers, or to none."),
    "redeploy": Entry(f"{_CLI}.deploy:redeploy", "Deploy the app alone: no proxy, no pruning."),
    "rollback": Entry(f"{_CLI}.deploy:rollback", "Go back to a version, by default the previous."),
    "plan": Entry(
        f"{_CLI}.deploy:plan", "Say what a deploy would change; exit status 2 if so.", own=True
    ),
    "releases": Entry(
        f"{_CLI}.details:releases", "List versions that can be rolled back to.", own=True
    ),
    "logs": Entry(f"{_CLI}.app:logs", "Show the app's log lines: app logs.", is_short=True),
    "status": Entry(f"{_CLI}.details:details", "Show all containers: details.", is_short=True),
    "details": Entry(f"{_CLI}.details:details", "Show all containers."),
    "app": Entry(f"{_CLI}.app:group", "The app: boot, stop, exec, logs, ..."),
    "accessory": Entry(f"{_CLI}.accessory:group", "Accessories: boot, reboot, exec, logs, ..."),
    "proxy": Entry(f"{_CLI}.proxy:group", "The proxy: boot, reboot, logs, ..."),
    "audit": Entry(f"{_CLI}.details:audit", "Show the audit log of the servers."),
    "build": Entry(f"{_CLI}.build:group", "The image: build, push, pull."),
    "doctor": Entry(f"{_CLI}.doctor:doctor", "Check what goes wrong on first deploys.", own=True),
    "config": Entry(f"{_CLI}.config:config", "Show the configuration as it is understood."),
    "docs": Entry(f"{_CLI}.docs:docs", "Explain the keys of deploy.yml."),
    "init": Entry(f"{_CLI}.init:init", "Write a deploy.yml and what belongs to it."),
    "schema": Entry(f"{_CLI}.docs:schema", "Print the JSON Schema of deploy.yml.", own=True),
    "lock": Entry(f"{_CLI}.lock:group", "The deploy lock: status, acquire, release."),
    "prune": Entry(f"{_CLI}.prune:group", "Remove old containers and images."),
    "registry": Entry(f"{_CLI}.registry:group", "Registries: login, logout, ..."),
    "secrets": Entry(f"{_CLI}.secrets:group", "Secrets: check, fetch, edit, ..."),
    "server": Entry(f"{_CLI}.server:group", "Servers: bootstrap, exec."),
    "remove": Entry(f"{_CLI}.deploy:remove", "Remove app, proxy and accessories from the servers."),
    "upgrade": Entry(f"{_CLI}.deploy:upgrade", "Move servers from Kamal 1 to 2."),
    "completion": Entry(
        f"{_CLI}.completion:completion", "Print what a shell needs to complete.", own=True
    ),
    "tree": Entry(f"{_CLI}.help:tree", "Show all commands."),
    "version": Entry(f"{_CLI}.help:version", "Show kamalpy's own version."),
    "help": Entry(f"{_CLI}.help:help_", "Show help for a command."),
}


class Kamalpy(Group):
    """The root: what it does not know may be an alias of deploy.yml."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or the one an alias stands for."""
        chain: list[str] = []
        try:
            while len(self.beginning(args[0])) != 1 or self._is_overridden(ctx, args):
                chain.append(args[0])
                args = self._behind(ctx, chain, args)
        except Exception:
            if not ctx.resilient_parsing:
                raise
            return None, None, args  # a shell completes what is wrong already
        return super().resolve_command(ctx, args)

    def beginning(self, beginning: str) -> list[str]:
        """List the commands a beginning stands for; the words of other tools stand for none."""
        return [] if spelled(beginning) in SUGGESTIONS else super().beginning(beginning)

    def unknown(self, ctx: click.Context, name: str) -> click.UsageError:
        """Name the command to type instead."""
        instead = SUGGESTIONS.get(spelled(name))
        if instead is None:
            return super().unknown(ctx, name)
        return click.UsageError(f"{name}: no such command; type kamalpy {instead}", ctx)

    def _is_overridden(self, ctx: click.Context, args: list[str]) -> bool:
        """Tell whether a short form of ours is an alias of the user's."""
        (name,) = self.beginning(args[0])
        if not self.entries[name].is_short:
            return False
        from kamalpy.cli.aliases import alias

        return alias(args[0], ctx.find_root().ensure_object(Settings), args[1:]) is not None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """List commands, options, and aliases."""
        found = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            return found
        from kamalpy.cli.completion import aliases, one

        return found + one(aliases)(ctx, incomplete)

    def _behind(self, ctx: click.Context, chain: list[str], args: list[str]) -> list[str]:
        """Put what an alias stands for in its place, taking options before the command."""
        from kamalpy.cli.aliases import alias

        name, *rest = args
        words = alias(name, ctx.find_root().ensure_object(Settings), rest)
        if words is None:
            self.full_name(name)  # raises if it could be several
            raise self.unknown(ctx, name)
        if name in chain[:-1]:
            raise click.UsageError(
                f"{chain[0]}: the aliases lead in a circle, {' -> '.join(chain)}; "
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
    ENTRIES,
    name="kamalpy",
    help="Deploy containers to plain servers, as config/deploy.yml says.",
    epilog="kamalpy COMMAND --help tells more. Options may stand before or after the command.",
)


def main(arguments: list[str] | None = None) -> None:
    """Run a command, and exit with its status."""
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
    except BrokenPipeError:  # whoever read standard output has gone: head, less
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except Exception as error:
        from kamalpy.cli.errors import report

        settings.json = settings.json or "--json" in arguments
        return report(error, settings)
    return status if isinstance(status, int) else 0
