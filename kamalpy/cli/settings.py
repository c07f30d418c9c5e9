"""The options that every command takes, before or after its name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from kamalpy.config import Configuration


@dataclass
class Settings:
    """The values of these options; the last one given counts."""

    config_file: str = "config/deploy.yml"
    destination: str | None = None
    version: str | None = None
    image: str | None = None
    hosts: str | None = None
    roles: str | None = None
    primary: bool = False
    verbose: int = 0
    quiet: bool = False
    skip_hooks: bool = False
    lock_wait: bool = False
    lock_wait_timeout: int = 900
    lock_wait_interval: int = 15
    connect_timeout: int | None = None
    dry: bool = False
    diff: bool = False
    json: bool = False
    no_color: bool = False
    ruby: bool = False
    allow_commands: bool = False
    command: str = ""
    """The full name of the command that runs."""

    def load(self) -> Configuration:
        """Read the configuration that these options select."""
        from kamalpy.config import load

        return load(
            self.config_file,
            destination=self.destination,
            version=self.version,
            root=Path.cwd(),
            allow_ruby=self.ruby,
            allow_commands=self.allow_commands,
        )

    def enter_project(self) -> None:
        """Change to the nearest folder above that has deploy.yml, unless this one has it."""
        file = Path(self.config_file)
        if file.is_absolute() or self.is_in_project():
            return
        for folder in Path.cwd().parents:
            if self.is_in_project(folder):
                os.chdir(folder)
                if not self.quiet:
                    click.echo(f"Using {folder / file}", err=True)
                return

    def is_in_project(self, folder: Path | None = None) -> bool:
        """Whether a folder, by default the current one, has deploy.yml or a template of it."""
        from kamalpy.config import files

        names = (self.config_file, self.config_file + files.JINJA)
        return any(files.is_there((folder or Path.cwd()) / name) for name in names)


class SharedOption(click.Option):
    """An option of all commands; it sets the field of ``Settings`` that has its name."""

    def __init__(self, names: list[str], **attributes: Any) -> None:
        super().__init__(names, default=None, expose_value=False, callback=_set, **attributes)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """List the values it may have."""
        from kamalpy.cli.completion import OPTIONS

        complete = OPTIONS.get(str(self.name), super().shell_complete)
        return complete(ctx, incomplete)


def _set(context: click.Context, parameter: click.Parameter, value: object) -> None:
    name = str(parameter.name)
    if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
        setattr(context.find_root().ensure_object(Settings), name, value)


_SECONDS: dict[str, Any] = {"type": int, "metavar": "SECONDS"}
_FLAG: dict[str, Any] = {"is_flag": True}
OPTIONS = (
    SharedOption(["-c", "--config-file"], metavar="PATH", help="deploy.yml [config/deploy.yml]"),
    SharedOption(["-d", "--destination"], metavar="NAME", help="Merge deploy.NAME.yml over it."),
    SharedOption(["--version"], metavar="VERSION", help="App version [VERSION, else git's]"),
    SharedOption(["-h", "--hosts"], metavar="LIST", help="Only these hosts; * and ? match."),
    SharedOption(["-r", "--roles"], metavar="LIST", help="Only these roles; * and ? match."),
    SharedOption(["-p", "--primary"], **_FLAG, help="Only the primary host."),
    SharedOption(["-v", "--verbose"], count=True, help="Show more; twice for commands as well."),
    SharedOption(["-q", "--quiet"], **_FLAG, help="Show errors only."),
    SharedOption(["-H", "--skip-hooks"], **_FLAG, help="Run no hooks."),
    SharedOption(["--lock-wait"], **_FLAG, help="Wait for somebody else's deploy lock."),
    SharedOption(["--lock-wait-timeout"], **_SECONDS, help="Longest wait [900]"),
    SharedOption(["--lock-wait-interval"], **_SECONDS, help="Between tries [15]"),
    SharedOption(["--connect-timeout"], **_SECONDS, help="To reach a server [10]"),
    SharedOption(["--dry"], **_FLAG, help="Show what would change, and change nothing."),
    SharedOption(["--diff"], **_FLAG, help="Show each change, field by field."),
    SharedOption(["--json"], **_FLAG, help="Write JSON, one object per line."),
    SharedOption(["--no-color"], **_FLAG, help="No colours [on a terminal, unless NO_COLOR]"),
    SharedOption(["--ruby"], **_FLAG, help="Let a real Ruby render what kamalpy cannot."),
    SharedOption(["--allow-commands"], **_FLAG, help="Let templates run any command."),
)


@dataclass(frozen=True)
class BuildOptions:
    """How the image gets into the registry before a command of servers begins."""

    skip_push: bool = False
    no_cache: bool = False
    only_missing: bool = True


def settings() -> Settings:
    """Return the settings of the command that runs."""
    return click.get_current_context().find_root().ensure_object(Settings)


def words() -> tuple[str, ...]:
    """Return the full name of the command that runs, also if abbreviated: ``app``, ``boot``."""
    _, *path = click.get_current_context().command_path.split()
    return tuple(each.replace("-", "_") for each in path)
