"""Programs of this machine: git, docker, pack."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kamalpy.errors import BuildError

_REMEDIES = {
    "docker": "install Docker, or deploy an image that exists already with --skip-push",
    "git": "install git, or set builder/context in deploy.yml",
    "pack": "install pack, see https://buildpacks.io/docs/for-platform-operators/how-to/integrate-ci/pack/",
    "cosign": "install cosign, or remove x-kamalpy/verify from deploy.yml",
}


_BUSY = re.compile(
    r"\b(50[0234] [A-Z]\w+|429 Too Many) |login attempt to \S+ failed with status: 401 "
)
"""
What docker reports when a registry fails for a moment: ``500 Internal Server Error``.

A login reports 401 as well: docker skips the password when its first request gets no challenge.
"""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended, and all that it wrote."""

    words: tuple[str, ...]
    status: int
    text: str

    def check(self) -> Finished:
        """Raise BuildError unless it went well."""
        if self.status:
            name = " ".join(self.words[:3])
            raise BuildError(f"{name} ended with {self.status}\n{self.text.strip()}".rstrip())
        return self


def run(
    words: Sequence[str],
    folder: str | Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    line: Callable[[str], None] | None = None,
) -> Finished:
    """
    Run a program to its end; ``line`` gets each line as it is written.

    Secrets go by ``env`` or ``stdin``; ``words`` are seen by every process of this machine.
    """
    try:
        process = subprocess.Popen(
            list(words),
            cwd=folder,
            env={**os.environ, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError:
        remedy = _REMEDIES.get(words[0], "install it")
        raise BuildError(f"{words[0]}: is not on this machine; {remedy}") from None
    except OSError as error:
        raise BuildError(f"{words[0]}: cannot be run ({error.strerror})") from None
    return Finished(tuple(words), *_finish(process, stdin, line))


def run_with_registry(
    words: Sequence[str],
    folder: str | Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    line: Callable[[str], None] | None = None,
) -> Finished:
    """Run a program that talks to a registry; once more if that fails for a moment."""
    done = run(words, folder, env, stdin, line)
    if done.status and _BUSY.search(done.text):
        time.sleep(1)
        return run(words, folder, env, stdin, line)
    return done


def _finish(
    process: subprocess.Popen[str], stdin: str, line: Callable[[str], None] | None
) -> tuple[int, str]:
    lines = []
    try:
        if process.stdin is not None:
            process.stdin.write(stdin)
            process.stdin.close()
        for text in process.stdout or ():
            lines.append(text)
            if line is not None:
                line(text.rstrip())
        return process.wait(), "".join(lines)
    except BrokenPipeError:  # it ended before it had read its standard input
        return process.wait(), "".join(lines)
    finally:
        if process.poll() is None:  # Ctrl-C, or a failure elsewhere
            process.terminate()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


@cache
def check_tools() -> None:
    """Ensure that this machine has docker with buildx; once, if it has."""
    found = run(["docker", "buildx", "version"])
    if found.status:
        raise BuildError(
            "docker buildx: is not on this machine; install it (Debian and Ubuntu: apt install "
            "docker-buildx), or deploy an image that exists already with --skip-push"
        )
