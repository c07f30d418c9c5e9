"""Commands and groups of them: abbreviations, shared options, denials of flags, help."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache, partial
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kamalpy.cli.settings import OPTIONS, Settings, SharedOption, settings

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
PAGE = "https://kamalpy.github.io/kamalpy/commands"
_SHARED = "All commands take -c, -d, -h, -r, -v, --dry, --json and more: see kamalpy --help"
_EXAMPLES = 4
"""Number of examples in the help of a group."""


def dashed(text: str) -> str:
    """Spell a name with - instead of _."""
    return text.replace("_", "-")


class BaseCommand(click.Command):
    """
    A command that takes the options of all commands, and whose help begins with examples.

    An ``own`` command is one that Kamal does not have: abbreviations prefer Kamal's.
    """

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        context = {"help_option_names": ["--help"], "token_normalize_func": dashed}
        kwargs["context_settings"] = {**context, **(kwargs.get("context_settings") or {})}
        super().__init__(*args, **kwargs)
        self.own = own
        self.params.extend(OPTIONS)

    def get_short_help_str(self, limit: int = 0) -> str:
        """Return the first line of the help, without details."""
        line = cleandoc(self.help or "").partition("\n")[0]
        if isinstance(self, click.Group):
            return line
        return re.split("[:;]", line)[0].rstrip(".") + "."

    def make_parser(self, ctx: click.Context) -> Any:
        """Accept ``--no-NAME`` and ``--skip-NAME`` for every flag, as Kamal does."""
        return _denying(super().make_parser(ctx), self.get_params(ctx))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Accept ``--flag=false`` and ``--flag false``, as Kamal does; suggest no hidden ones."""
        try:
            return super().parse_args(ctx, list(flag_values(args, self.get_params(ctx))))
        except click.NoSuchOption as error:
            known = {word for each in self.get_params(ctx) for word in each.opts}
            close = [word for word in error.possibilities or () if word in known]
            raise click.NoSuchOption(error.option_name, possibilities=close, ctx=ctx) from None

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show what the command does, then examples."""
        super().format_help_text(ctx, formatter)
        path, limit = ctx.command_path, _EXAMPLES if isinstance(self, click.Group) else None
        examples = [each for each in all_examples() if f"{each} ".startswith(f"{path} ")][:limit]
        if examples:
            pairs = [each.partition("  # ") for each in examples]
            width = max((len(words) for words, mark, _ in pairs if mark), default=0)
            with formatter.section("Examples"):
                for words, mark, comment in pairs:
                    line = f"{words:{width}}{mark}{comment}".rstrip()
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the command's own options; those of all commands only for ``kamalpy`` itself."""
        params = self.get_params(ctx)
        for title, shared in (("Options", False), ("Options of all commands", True)):
            options = [each for each in params if isinstance(each, SharedOption) is shared]
            records = (each.get_help_record(ctx) for each in options)
            rows = [row for row in records if row is not None and row[0].startswith("-")]
            if rows and not (shared and ctx.parent):
                with formatter.section(title):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Name the other options, and the page about the command."""
        shown = ctx.parent if self.hidden and ctx.parent else ctx
        _, _, path = shown.command_path.partition(" ")
        anchor = f"/#{dashed(path.replace(' ', '-'))}" if path else ""
        formatter.write(f"\n{_SHARED}\n" if ctx.parent else "\n")
        formatter.write(f"More: {PAGE}{anchor}\n")


class Command(BaseCommand):
    """A command that reads config/deploy.yml, here or in a folder above."""

    in_project = True

    def invoke(self, ctx: click.Context) -> Any:
        """Run it, and record its full name for messages."""
        settings = ctx.find_root().ensure_object(Settings)
        _, _, settings.command = ctx.command_path.partition(" ")
        if self.in_project:
            settings.enter_project()
        return super().invoke(ctx)


class AnywhereCommand(Command):
    """A command that needs no project."""

    in_project = False


class Group(BaseCommand, click.Group):
    """Commands by name or unambiguous abbreviation, with - or _ alike."""

    command_class = Command

    def add_deploy(self, name: str, help_text: str, *params: Decorator, **attributes: Any) -> None:
        """Add a command that starts the deploy of its name."""
        self.add_command(deploy_command(f"{self.name} {name}", help_text, *params, **attributes))

    def add_deploys(
        self, commands: Mapping[str, str], *params: Decorator, **attributes: Any
    ) -> None:
        """Add several of them by name and help, with the same params."""
        for name, help_text in commands.items():
            self.add_deploy(name, help_text, *params, **attributes)

    def add_query(
        self, name: str, function: str, help_text: str, *params: Decorator, **attributes: Any
    ) -> None:
        """Add a command that runs a function of ``kamalpy.cli.queries``, ``module.function``."""
        self.add_command(query_command(name, function, help_text, *params, **attributes))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which they are declared."""
        return list(self.commands)

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
        shown = [each for each, command in self.commands.items() if not command.hidden]
        near = get_close_matches(dashed(name), shown, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        return click.UsageError(
            f"{name}: no such command; {meant}{ctx.command_path} --help lists them", ctx
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command; raise UsageError if the abbreviation is ambiguous."""
        return self.commands.get(self.full_name(cmd_name) or "")

    def full_name(self, abbreviation: str) -> str | None:
        """Complete a name; raise UsageError if the abbreviation is ambiguous."""
        found = self.matching_names(abbreviation)
        if len(found) > 1:
            raise click.UsageError(f"{abbreviation}: could be {', '.join(found)}")
        return found[0] if found else None

    def matching_names(self, abbreviation: str) -> list[str]:
        """List the names that an abbreviation may stand for; Kamal's before kamalpy's own."""
        wanted = dashed(abbreviation)
        if wanted in self.commands:
            return [wanted]
        found = [
            name
            for name, command in self.commands.items()
            if wanted and name.startswith(wanted) and not command.hidden
        ]
        kamals = [name for name in found if not self.is_own(name)]
        return kamals if len(kamals) == 1 else found

    def is_own(self, name: str) -> bool:
        """Whether Kamal has no such command."""
        return bool(getattr(self.commands[name], "own", False))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """List the commands below it, or its options."""
        return super().shell_complete(ctx, dashed(incomplete))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands before the options."""
        self.format_commands(ctx, formatter)
        BaseCommand.format_options(self, ctx, formatter)


@cache
def all_examples() -> list[str]:
    """Read the examples that help shows, in the order of the commands."""
    text = Path(__file__).with_name("examples.txt").read_text()
    return [line for line in text.splitlines() if line]


def command(
    name: str | None = None, cls: type[Command] = Command, **attributes: Any
) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command; the first line of its docstring is its short help."""
    return click.command(name, cls=cls, **attributes)


def deploy_command(words: str, help_text: str, *params: Decorator, **attributes: Any) -> Command:
    """Declare a command that starts the deploy of its name, ``app boot`` that of ``app_boot``."""
    return _declared(
        words.rpartition(" ")[2], partial(run_deploy, words), help_text, *params, **attributes
    )


def query_command(
    name: str, function: str, help_text: str, *params: Decorator, **attributes: Any
) -> Command:
    """Declare a command that runs a function of ``kamalpy.cli.queries``, ``module.function``."""
    return _declared(name, partial(run_query, function), help_text, *params, **attributes)


def _declared(
    name: str, function: Callable[..., Any], help_text: str, *params: Decorator, **attributes: Any
) -> Command:
    for param in reversed(params):
        function = param(function)
    return command(dashed(name), help=help_text, **attributes)(function)


def run_deploy(words: str, **arguments: Any) -> int:
    """Run the deploy of a command."""
    from kamalpy.cli.run import run

    return run(words, words.replace(" ", "_"), **arguments)


def run_query(function: str, **arguments: Any) -> int:
    """Run a query of servers; of one that returns queries, print the answers."""
    from kamalpy.cli.queries import fleet

    module, _, attribute = function.partition(".")
    engine = fleet.new_engine(settings())
    found = getattr(import_module(f"kamalpy.cli.queries.{module}"), attribute)(engine, **arguments)
    return found if isinstance(found, int) else fleet.show_list(engine, found)


def _denying(parser: Any, params: Iterable[click.Parameter]) -> Any:
    """Let a parser accept the denial of each flag, unless an option has that name."""
    options = [each for each in params if isinstance(each, click.Option)]
    taken = {dashed(name) for each in options for name in (*each.opts, *each.secondary_opts)}
    for option in options:
        names = [name[2:] for name in option.opts if name.startswith("--")]
        denials = {f"--{no}-{dashed(name)}" for name in names for no in ("no", "skip")} - taken
        if (option.is_bool_flag or option.count) and not option.is_eager and denials:
            const = 0 if option.count else False
            parser.add_option(option, sorted(denials), option.name, "store_const", const=const)
    return parser


def flag_values(args: Iterable[str], params: Iterable[click.Parameter]) -> Iterator[str]:
    """Replace ``--flag=true`` and ``--flag true`` by ``--flag``, with false by its denial."""
    flags = {
        dashed(name)
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
        if dashed(name) in flags and not equals and rest[:1] and rest[0] in ("true", "false"):
            value = rest.pop(0)
        if dashed(name) in flags and value in ("true", "false"):
            yield name if value == "true" else f"--no-{name[2:]}"
        else:
            yield word
