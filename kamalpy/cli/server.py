"""``server``: install Docker on the servers, run commands on them."""

from __future__ import annotations

from kamalpy.cli import exec_options
from kamalpy.cli.tree import Group

group = Group(name="server", help="The servers themselves.")
group.add_deploy("bootstrap", "Install Docker on all servers that do not have it.")
group.add_query(
    "exec",
    "execution.on_servers",
    """
    Run a command on the servers, in the shell of the SSH user.

    CMD may be one word, a whole command line ("df -h | tail -1"); or several, of which all but the
    first arrive as they are.
    """,
    exec_options.interactive,
    exec_options.raw,
    exec_options.command_words,
    cls=exec_options.ExecCommand,
)
