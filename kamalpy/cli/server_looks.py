"""``server exec``: a command on the servers themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kamalpy.cli import typed
from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command(cls=typed.Running, name="exec")
@typed.interactive
@typed.raw
@typed.with_words
def exec_(words: Sequence[str], **how: Any) -> int:
    """
    Run a command on the servers, in the shell of the user of ssh.

    CMD may be one word, a whole command line ("df -h | tail -1"); or several, of which all but the
    first arrive as they are.
    """
    typed.exclusive(raw=how["raw"], interactive=how["interactive"])
    from kamalpy.cli.looking import fleet, running

    return running.on_servers(fleet.engine_of(settings()), running.Wish(words, **how))
