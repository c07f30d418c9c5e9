"""``server``: install Docker on the servers, run commands on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kamalpy.cli import exec_options
from kamalpy.cli.settings import settings
from kamalpy.cli.tree import Group

group = Group(name="server", help="The servers themselves.")
group.add_deploys({"bootstrap": "Install Docker on all servers that do not have it."})


@group.command("exec", cls=exec_options.ExecCommand)
@exec_options.interactive
@exec_options.raw
@exec_options.command_words
def exec_(words: Sequence[str], **how: Any) -> int:
    """
    Run a command on the servers, in the shell of the SSH user.

    CMD may be one word, a whole command line ("df -h | tail -1"); or several, of which all but the
    first arrive as they are.
    """
    exec_options.exclusive(raw=how["raw"], interactive=how["interactive"])
    from kamalpy.cli.queries import execution, fleet

    return execution.on_servers(fleet.new_engine(settings()), execution.Request(words, **how))
