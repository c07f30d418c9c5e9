"""Run programs, and wait for conditions."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from fleet.errors import FleetError

T = TypeVar("T")


def run(*argv: object, stdin: bytes | Path = b"") -> subprocess.CompletedProcess[str]:
    """Run a program to its end and return its output, whatever its exit status."""
    words = [str(word) for word in argv]
    if isinstance(stdin, Path):
        with stdin.open("rb") as file:
            done = subprocess.run(words, stdin=file, capture_output=True)
    else:
        done = subprocess.run(words, input=stdin, capture_output=True)
    out, err = (text.decode(errors="replace") for text in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(words, done.returncode, out, err)


def check(done: subprocess.CompletedProcess[str]) -> str:
    """Return a program's standard output, or raise with its standard error."""
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise FleetError(f"exit {done.returncode}: {shlex.join(done.args)}\n{said}")
    return done.stdout


def must(*argv: object, stdin: bytes | Path = b"") -> str:
    """Run a program; raise if it fails."""
    return check(run(*argv, stdin=stdin))


def works(*argv: object) -> bool:
    """Return whether a program succeeds."""
    return run(*argv).returncode == 0


def wait_for(what: str, true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until a condition holds; an OSError counts as false."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError):
            if true():
                return
        time.sleep(0.02)
    raise FleetError(f"{what} did not come up within {seconds:.0f} s")


def persist(do: Callable[[], T], pauses: Iterable[float] = (5, 20, 60)) -> T:
    """Call a function that needs the network; retry it after a pause if it fails."""
    for pause in pauses:
        try:
            return do()
        except FleetError as problem:
            print(f"{problem}\nonce more in {pause} s", file=sys.stderr)
            time.sleep(pause)
    return do()
