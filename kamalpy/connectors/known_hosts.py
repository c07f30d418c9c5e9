"""One line for each new server in known_hosts, instead of pyinfra's two; none for changed ones."""

from __future__ import annotations

import logging
import re

from pyinfra import logger

ACCEPTED = re.compile(r"No host key for .* found in known_hosts, accepting")
ADDED = re.compile(r"Added host key for (\S+) to known_hosts")
CHANGED = re.compile(
    r"WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED|Someone could be eavesdropping on you"
    r"|If this is expected, you can remove the bad key|^\s+ssh-keygen -R "
)
"""What the error of that server reports as well, in one line."""


class KnownHosts(logging.Filter):
    """Shortens what pyinfra logs about known hosts."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop or shorten one message."""
        text = record.getMessage()
        if ACCEPTED.search(text) or CHANGED.search(text):
            return False
        added = ADDED.search(text)
        if added:
            record.msg = f"{added[1]}: its host key is new, and added to known_hosts"
            record.args = ()
        return True


_FILTER = KnownHosts()


def install() -> None:
    """Shorten the messages of this process; once is enough."""
    logger.addFilter(_FILTER)
