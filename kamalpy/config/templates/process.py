"""Runs a program, with a timeout and a limited output."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_MAX_OUTPUT = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """Output and exit status of a program; ``late`` and ``long``: why it was killed."""

    output: str
    errors: str = ""
    code: int = 0
    late: bool = False
    long: bool = False


def run_program(
    words: Sequence[str],
    *,
    root: Path,
    environ: Mapping[str, str],
    text: str = "",
    seconds: float = 60,
    limit: int = _MAX_OUTPUT,
) -> Outcome:
    """Run a program in a folder with this environment and this standard input."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as errors:
        given.write(text.encode("utf-8", "surrogateescape"))
        given.seek(0)
        with subprocess.Popen(
            words,
            cwd=root,
            env=_passable(environ),
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        ) as process:
            output, late = _read(process, seconds, limit)
        errors.seek(0)
        stderr = errors.read(limit).decode("utf-8", "replace")
    return Outcome(
        output[:limit].decode("utf-8", "replace"),
        stderr,
        process.returncode,
        late,
        len(output) > limit,
    )


def _passable(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that an environment can hold."""
    return {
        name: value
        for name, value in environ.items()
        if name and "=" not in name and "\0" not in name + value
    }


def _read(process: subprocess.Popen[bytes], seconds: float, limit: int) -> tuple[bytes, bool]:
    """Read its output; kill it and its children after a timeout, or after too much output."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        output = process.stdout.read(limit + 1) if process.stdout else b""
        if len(output) > limit:
            _kill(process)
        process.wait()
    finally:
        timer.cancel()
    return output, late.is_set()


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
