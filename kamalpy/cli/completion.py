"""``completion``: what a shell needs to complete a command line."""

from __future__ import annotations

import click

from kamalpy.cli.tree import Anywhere, command

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_KAMALPY_COMPLETE"


@command(Anywhere)
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> int:
    """
    Print what a shell needs to complete commands, options, hosts, roles, accessories, versions.

    \b
    bash: eval "$(kamalpy completion bash)"     in ~/.bashrc
    zsh:  eval "$(kamalpy completion zsh)"      in ~/.zshrc, after compinit
    fish: kamalpy completion fish | source      in ~/.config/fish/config.fish

    Versions are those deployed from this folder; with KAMALPY_COMPLETE_VERSIONS=servers in the
    environment, the servers are asked for theirs.
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"{shell}: one of {', '.join(SHELLS)} is known")
    root = click.get_current_context().find_root().command
    click.echo(kind(root, {}, "kamalpy", VARIABLE).source())
    return 0
