"""Groups of commands, which may be abbreviated and are imported when they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from kamalpy.cli.options import Shared, options
from kamalpy.cli.settings import Settings

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def spelled(text: str) -> str:
    """Spell a name with - instead of _."""
    return text.replace("_", "-")


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
CONTEXT: Mapping[str, Any] = {"help_option_names": ["--help"], "token_normalize_func": spelled}


@dataclass(frozen=True)
class Entry:
    """
    A command, or the ``module:attribute`` to import it from, and what it does in a line.

    An ``own`` command, which Kamal does not have, gives way where an abbreviation could be Kamal's.
    A short form of another command gives way to an alias of that name, too.
    """

    command: click.Command | str
    help: str
    hidden: bool = False
    own: bool = False
    is_short: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether Kamal has no such command."""
        return self.own or self.is_short

    @property
    def is_group(self) -> bool:
        """Whether it is a group of commands."""
        return isinstance(self.command, str) and self.command.endswith(":group")

    def load(self) -> click.Command:
        """Return the command; import it first where only its place is known."""
        if isinstance(self.command, click.Command):
            return self.command
        module, _, attribute = self.command.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


class _Sharing(click.Command):
    """Takes the options that all commands share, and lists them after its own."""

    def make_parser(self, ctx: click.Context) -> Any:
        """Accept ``--no-NAME`` and ``--skip-NAME`` for every flag, as Kamal does."""
        return _denying(super().make_parser(ctx), self.get_params(ctx))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Accept ``--flag=false`` and ``--flag false``, as Kamal does."""
        return super().parse_args(ctx, list(flag_values(args, self.get_params(ctx))))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the command's own options before the shared ones."""
        params = self.get_params(ctx)
        for title, shared in (("Options", False), ("Options of all commands", True)):
            records = (
                each.get_help_record(ctx) for each in params if isinstance(each, Shared) is shared
            )
            rows = [row for row in records if row is not None and row[0].startswith("-")]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


class Command(_Sharing):
    """A command with the options that all commands share."""

    in_project = True
    """Whether it reads config/deploy.yml, here or in a folder above."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["context_settings"] = {**CONTEXT, **(kwargs.get("context_settings") or {})}
        super().__init__(*args, **kwargs)
        self.params.extend(options())

    def invoke(self, ctx: click.Context) -> Any:
        """Run it, and record its full name for messages."""
        settings = ctx.find_root().ensure_object(Settings)
        _, _, settings.command = ctx.command_path.partition(" ")
        if self.in_project:
            from kamalpy.cli.project_folder import enter

            enter(settings)
        return super().invoke(ctx)


class Anywhere(Command):
    """A command that needs no project."""

    in_project = False


class Group(_Sharing, click.Group):
    """Commands by name or unambiguous abbreviation, with - or _ alike."""

    def __init__(self, entries: Mapping[str, Entry] | None = None, **kwargs: Any) -> None:
        super().__init__(context_settings=dict(CONTEXT), **kwargs)
        self.entries = dict(entries or {})
        self.params.extend(options())

    def command(  # type: ignore[override]
        self,
        name: str | None = None,
        *,
        cls: type[Command] = Command,
        hidden: bool = False,
        own: bool = False,
        **kwargs: Any,
    ) -> Callable[[Callable[..., Any]], Command]:
        """Declare a command of this group; the first line of its docstring is its help."""

        def declare(function: Callable[..., Any]) -> Command:
            title = name or spelled(function.__name__.rstrip("_"))
            made = command(cls, name=title, **kwargs)(function)
            self.entries[title] = Entry(made, (made.help or "").partition("\n")[0], hidden, own)
            return made

        return declare

    def add_deploys(
        self, commands: Mapping[str, str], *params: Decorator, hidden: bool = False
    ) -> None:
        """Declare commands by name and help; each runs the deploy of its name with its params."""
        for name, help_text in commands.items():
            function: Callable[..., Any] = partial(_run_deploy, str(self.name), name)
            for param in reversed(params):
                function = param(function)
            self.command(spelled(name), hidden=hidden, help=help_text)(function)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which they are declared."""
        return list(self.entries)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first word names, or report that there is none."""
        command = self.get_command(ctx, args[0])
        if command is None:
            if ctx.resilient_parsing:  # a shell completes what is wrong already
                return None, None, args
            raise self.unknown(ctx, args[0])
        return self.full_name(args[0]), command, args[1:]

    def unknown(self, ctx: click.Context, name: str) -> click.UsageError:
        """Report an unknown command, and suggest a similar one."""
        shown = [each for each, entry in self.entries.items() if not entry.hidden]
        near = get_close_matches(spelled(name), shown, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        return click.UsageError(
            f"{name}: no such command; {meant}{ctx.command_path} --help lists them", ctx
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command; raise UsageError if the abbreviation is ambiguous."""
        name = self.full_name(cmd_name)
        return self.entries[name].load() if name else None

    def full_name(self, beginning: str) -> str | None:
        """Complete a name; raise UsageError if the abbreviation is ambiguous."""
        found = self.beginning(beginning)
        if len(found) > 1:
            raise click.UsageError(f"{beginning}: could be {', '.join(found)}")
        return found[0] if found else None

    def beginning(self, beginning: str) -> list[str]:
        """List the names that an abbreviation may stand for; Kamal's before kamalpy's own."""
        names = {spelled(name): name for name in self.entries}
        wanted = spelled(beginning)
        if wanted in names:
            return [names[wanted]]
        found = [name for each, name in names.items() if wanted and each.startswith(wanted)]
        shown = [name for name in found if not self.entries[name].hidden]
        kamals = [name for name in shown if not self.entries[name].is_ours]
        return kamals if len(kamals) == 1 else shown

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """List the commands below it without loading any, or its options."""
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        shown = [(name, each.help) for name, each in self.entries.items() if not each.hidden]
        wanted = spelled(incomplete)
        return [CompletionItem(name, help=told) for name, told in shown if name.startswith(wanted)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands before the options."""
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading any."""
        rows = [(name, each.help) for name, each in self.entries.items() if not each.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _run_deploy(group: str, name: str, **arguments: Any) -> int:
    from kamalpy.cli.run import run

    return run(f"{group} {name}", f"{group}_{name}", **arguments)


def _denying(parser: Any, params: Iterable[click.Parameter]) -> Any:
    """Let a parser accept the negation of each flag, unless an option has that name."""
    options = [each for each in params if isinstance(each, click.Option)]
    taken = {spelled(name) for each in options for name in (*each.opts, *each.secondary_opts)}
    for option in options:
        names = [name[2:] for name in option.opts if name.startswith("--")]
        denials = {f"--{no}-{spelled(name)}" for name in names for no in ("no", "skip")} - taken
        if (option.is_bool_flag or option.count) and not option.is_eager and denials:
            const = 0 if option.count else False
            parser.add_option(option, sorted(denials), option.name, "store_const", const=const)
    return parser


def flag_values(args: Iterable[str], params: Iterable[click.Parameter]) -> Iterator[str]:
    """Replace ``--flag=true`` and ``--flag true`` by ``--flag``, with false by its denial."""
    flags = {
        spelled(name)
        for each in params
        if isinstance(each, click.Option) and each.is_bool_flag and not each.is_eager
        for name in each.opts
        if name.startswith("--")
    }
    rest = list(args)
    while rest:
        word = rest.pop(0)
        if word == "--":
            yield from (word, *rest)
            return
        name, equals, value = word.partition("=")
        if spelled(name) in flags and not equals and rest[:1] and rest[0] in ("true", "false"):
            value = rest.pop(0)
        if spelled(name) in flags and value in ("true", "false"):
            yield name if value == "true" else f"--no-{name[2:]}"
        else:
            yield word


def command(cls: type[Command] = Command, **kwargs: Any) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command."""
    return click.command(cls=cls, **kwargs)
