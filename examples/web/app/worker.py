"""The background job: counts notes until SIGTERM."""

import signal
import threading

from app import database
from app.version import version


def main() -> None:
    """Work every five seconds; finish the piece at hand when it is time to go."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    print(f"worker {version()} begins", flush=True)
    while not stop.is_set():
        _work()
        stop.wait(5)
    print("worker ends", flush=True)


def _work() -> None:
    try:
        print(f"worker {version()}: {len(database.notes())} notes", flush=True)
    except Exception as problem:  # no database yet: the next round may find one
        print(f"worker {version()}: {type(problem).__name__}: {problem}", flush=True)
