"""What goes wrong on purpose, so that one can see what a deploy makes of it.

APP_FAULT is one or more of `crash`, `unhealthy` and `boot-delay=SECONDS`, with commas between. With
`@HOST` behind it a fault is there on one server only: the one that KAMAL_HOST names.
"""

import os
import sys
import time


def has(fault: str) -> bool:
    """Tell whether this container has a fault."""
    return fault in _faults()


def at_boot() -> None:
    """Be slow to start, or do not start at all."""
    time.sleep(float(_faults().get("boot-delay", 0)))
    if has("crash"):
        sys.exit("app: this version crashes when it starts")


def _faults() -> dict[str, str]:
    found = {}
    for word in filter(None, os.environ.get("APP_FAULT", "").split(",")):
        fault, _, host = word.partition("@")
        if host in ("", os.environ.get("KAMAL_HOST", "")):
            name, _, value = fault.partition("=")
            found[name] = value
    return found
