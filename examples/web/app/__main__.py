"""Start what the command line names: `python -m app web` or `python -m app worker`."""

import signal
import sys

from app import faults, web, worker

PROGRAMS = {"web": web.main, "worker": worker.main}


def main() -> None:
    """Run one of the two programs until SIGTERM."""
    name = sys.argv[1] if len(sys.argv) > 1 else "web"
    if name not in PROGRAMS:
        sys.exit(f"app: {name}: should be one of {', '.join(PROGRAMS)}")
    # the first process of a container ignores SIGTERM unless it has a handler
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    faults.at_boot()
    PROGRAMS[name]()


main()
