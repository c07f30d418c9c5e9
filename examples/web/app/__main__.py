"""Start what the command line names: `python -m app web` or `python -m app worker`."""

import sys

from app import faults, web, worker

PROGRAMS = {"web": web.main, "worker": worker.main}


def main() -> None:
    """Run one of the two programs until SIGTERM."""
    name = sys.argv[1] if len(sys.argv) > 1 else "web"
    if name not in PROGRAMS:
        sys.exit(f"app: {name}: should be one of {', '.join(PROGRAMS)}")
    faults.at_boot()
    PROGRAMS[name]()


main()
