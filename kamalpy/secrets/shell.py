"""Runs local programs: the shell for commands of secrets files, tools for the adapters."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kamalpy.errors import SecretError

from .text import decode, encode

_SHOWN = 400
_MASKED = 8  # shorter lines of a longer value are not masked


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a program; ``stderr`` is empty if the user has seen it already."""

    code: int
    stdout: str = field(repr=False)
    stderr: str

    @property
    def failure(self) -> str:
        """Describe how it failed, with its standard error if any; never with its output."""
        how = f"exit code {self.code}" if self.code >= 0 else f"signal {-self.code}"
        text = " ".join(self.stderr.split())
        shown = text if len(text) <= _SHOWN else f"... {text[-_SHOWN:]}"
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
        self, text: str, values: Mapping[str, str] | None = None, stdin: str | None = None
    ) -> Result:
        """
        Run a command by ``/bin/sh``.

        ``values`` are variables of the shell that no program it starts inherits: they are passed in
        memory, or else in an environment from which they are removed before the command begins.
        On a terminal the command's standard error is shown, and it may prompt.
        """
        values = values or {}
        with _assigned(values) as source:
            words = ("/bin/sh", "-c", source.prelude + text)
            show = sys.stderr.isatty()
            result = self._run(words, source.environ, stdin, show=show, files=source.files)
        return Result(result.code, result.stdout, _masked(result.stderr, values.values()))

    def _run(
        self,
        words: Sequence[str],
        environ: Mapping[str, str],
        stdin: str | None,
        *,
        show: bool,
        files: Sequence[int] = (),
    ) -> Result:
        try:
            done = subprocess.run(
                [encode(word) for word in words],
                cwd=self.root,
                env={encode(k): encode(v) for k, v in {**self.environ, **environ}.items()},
                input=None if stdin is None else encode(stdin),
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
class _Variables:
    """How a shell gets variables: the commands that it runs first, and where it reads them."""

    prelude: str = ""
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    files: Sequence[int] = ()


@contextmanager
def _assigned(values: Mapping[str, str]) -> Iterator[_Variables]:
    """Pass variables to a shell so that no list of processes shows them."""
    if not values:
        yield _Variables()
        return
    if not hasattr(os, "memfd_create"):
        moves = "".join(f"{name}=$_{name}; unset _{name}; " for name in values)
        yield _Variables(moves, {f"_{name}": value for name, value in values.items()})
        return
    text = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    with os.fdopen(os.memfd_create("values"), "wb") as memory:
        memory.write(encode(text))
        memory.flush()
        path = f"/proc/self/fd/{memory.fileno()}"
        yield _Variables(f". {path}; : >{path}; ", files=(memory.fileno(),))


def _reason(error: OSError | ValueError) -> str:
    # A ValueError names no value: "embedded null byte", "surrogates not allowed" is a subclass.
    if isinstance(error, UnicodeError):
        return "an argument is no text"
    return error.strerror or "" if isinstance(error, OSError) else str(error)


def _masked(text: str, values: Iterable[str]) -> str:
    whole = {value for value in values if value.strip()}
    lines = {line for value in whole for line in value.splitlines() if len(line) >= _MASKED}
    for secret in sorted(whole | lines, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text
