"""Running programs of this machine: the shell for people's commands, tools for the adapters."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kamalpy.errors import SecretError

from .text import decode, encode

_SHOWN = 400
_TELLING = 8  # shorter lines of a longer value tell nothing


@dataclass(frozen=True, slots=True)
class Result:
    """What a program left behind; ``stderr`` is empty when the user has seen it already."""

    code: int
    stdout: str = field(repr=False)
    stderr: str

    @property
    def failure(self) -> str:
        """Say how it failed, in its own words if it had any; never what it printed on stdout."""
        how = f"exit code {self.code}" if self.code >= 0 else f"signal {-self.code}"
        said = " ".join(self.stderr.split())
        shown = said if len(said) <= _SHOWN else f"... {said[-_SHOWN:]}"
        return f"{how}: {shown}" if shown else how


@dataclass(frozen=True, slots=True)
class Shell:
    """Where programs run, and with which environment."""

    root: Path
    environ: Mapping[str, str] = field(repr=False)

    def tool(
        self,
        *words: str,
        environ: Mapping[str, str] | None = None,
        interactive: bool = False,
    ) -> Result:
        """Run a program; ``interactive`` lets it ask the user questions."""
        return self._run(words, environ or {}, None, show=interactive)

    def script(
        self, text: str, values: Mapping[str, str] | None = None, given: str | None = None
    ) -> Result:
        """
        Run a command as the user's shell would.

        ``values`` are variables of the shell that no program it starts inherits: they travel in
        memory, and where there is no such way, in an environment that they leave before the command
        begins. ``given`` is standard input.
        On a terminal the user sees what the command says, and may be asked questions.
        """
        values = values or {}
        with _assigned(values) as way:
            words = ("/bin/sh", "-c", way.prelude + text)
            shown = sys.stderr.isatty()
            result = self._run(words, way.environ, given, show=shown, files=way.files)
        return Result(result.code, result.stdout, _masked(result.stderr, values.values()))

    def _run(
        self,
        words: Sequence[str],
        environ: Mapping[str, str],
        given: str | None,
        *,
        show: bool,
        files: Sequence[int] = (),
    ) -> Result:
        try:
            done = subprocess.run(
                [encode(word) for word in words],
                cwd=self.root,
                env={encode(k): encode(v) for k, v in {**self.environ, **environ}.items()},
                input=None if given is None else encode(given),
                stdout=subprocess.PIPE,
                stderr=None if show else subprocess.PIPE,
                check=False,
                pass_fds=files,
            )
        except FileNotFoundError:
            return Result(127, "", f"{words[0]}: not found")
        except (OSError, ValueError) as error:
            raise SecretError(f"{words[0]} cannot be started: {_reason(error)}") from None
        return Result(done.returncode, decode(done.stdout), decode(done.stderr or b""))


@dataclass(frozen=True, slots=True)
class _Way:
    """How variables reach a shell: what it runs first, and where it finds them."""

    prelude: str = ""
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    files: Sequence[int] = ()


@contextmanager
def _assigned(values: Mapping[str, str]) -> Iterator[_Way]:
    """Make variables for a shell such that no list of processes shows them, arguments or more."""
    if not values:
        yield _Way()
        return
    if not hasattr(os, "memfd_create"):
        leaving = "".join(f"{name}=$_{name}; unset _{name}; " for name in values)
        yield _Way(leaving, {f"_{name}": value for name, value in values.items()})
        return
    text = "".join(f"{name}={_quoted(value)}\n" for name, value in values.items())
    with os.fdopen(os.memfd_create("values"), "wb") as memory:
        memory.write(encode(text))
        memory.flush()
        path = f"/proc/self/fd/{memory.fileno()}"
        yield _Way(f". {path}; : >{path}; ", files=(memory.fileno(),))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def _reason(error: OSError | ValueError) -> str:
    # A ValueError names no value: "embedded null byte", "surrogates not allowed" is a subclass.
    if isinstance(error, UnicodeError):
        return "an argument is no text"
    return error.strerror or "" if isinstance(error, OSError) else str(error)


def _masked(text: str, values: Iterable[str]) -> str:
    whole = {value for value in values if value.strip()}
    lines = {line for value in whole for line in value.splitlines() if len(line) >= _TELLING}
    for secret in sorted(whole | lines, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text
