"""The options that every command takes, before or after its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from kamalpy.cli.settings import Settings

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def options() -> list[click.Option]:
    """Return the options that every command and every group takes."""
    return [
        _option("-c", "--config-file", metavar="PATH", help="deploy.yml [config/deploy.yml]"),
        _option("-d", "--destination", metavar="NAME", help="Merge deploy.NAME.yml over it."),
        _option("--version", metavar="VERSION", help="App version [VERSION, else git's]"),
        _option("-h", "--hosts", metavar="LIST", help="Only these hosts; * and ? match."),
        _option("-r", "--roles", metavar="LIST", help="Only these roles; * and ? match."),
        _option("-p", "--primary", is_flag=True, help="Only the primary host."),
        _option("-v", "--verbose", count=True, help="Show more; twice for commands as well."),
        _option("-q", "--quiet", is_flag=True, help="Show errors only."),
        _option("-H", "--skip-hooks", is_flag=True, help="Run no hooks."),
        _option("--lock-wait", is_flag=True, help="Wait for somebody else's deploy lock."),
        _option("--lock-wait-timeout", type=int, metavar="SECONDS", help="Longest wait [900]"),
        _option("--lock-wait-interval", type=int, metavar="SECONDS", help="Between tries [15]"),
        _option("--connect-timeout", type=int, metavar="SECONDS", help="To reach a server [10]"),
        _option("--dry", is_flag=True, help="Show what would change, and change nothing."),
        _option("--diff", is_flag=True, help="Show each change, field by field."),
        _option("--json", is_flag=True, help="Write JSON, one object per line."),
        _option("--no-color", is_flag=True, help="No colours [on a terminal, unless NO_COLOR]"),
        _option("--ruby", is_flag=True, help="Let a real Ruby render what kamalpy cannot."),
        _option("--allow-commands", is_flag=True, help="Let templates run any command."),
    ]


class Shared(click.Option):
    """An option of all commands."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """List the values it may have."""
        from kamalpy.cli.completion import OPTIONS

        complete = OPTIONS.get(str(self.name), super().shell_complete)
        return complete(ctx, incomplete)


def _option(*names: str, **attributes: object) -> click.Option:
    attributes.setdefault("default", None if "metavar" in attributes else attributes.get("default"))
    return Shared(names, expose_value=False, callback=_keep, **attributes)  # type: ignore[arg-type]


def _keep(context: click.Context, parameter: click.Parameter, value: object) -> object:
    name = str(parameter.name)
    if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
        setattr(context.find_root().ensure_object(Settings), name, value)
    return value
