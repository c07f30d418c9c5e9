"""
Every error a user can meet, as one tree.

* KamalpyError
  * ConfigurationError   deploy.yml: every mistake at once, each with its line
  * SecretError          .kamal/secrets: a name, a line or a command that failed
  * VersionError         nothing tells which version to deploy
  * ArgumentError        an argument that an operation cannot take
  * DeployError          what cannot be deployed like this, said before anything changed
  * BuildError           an image that was not built or delivered
  * HookError            a hook that cannot be run, or that failed
  * UnreachableError     servers that no connection can be made to
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from pyinfra.api.exceptions import PyinfraError

PACKAGE = str(Path(__file__).parent)
_TRACEBACK: Any = vars(BaseException)["__traceback__"]


class KamalpyError(PyinfraError):
    """The root: pyinfra prints these errors without a traceback, and the user's file and line."""

    @property
    def __traceback__(self) -> TracebackType | None:
        """
        The traceback as far as the call of kamalpy.

        pyinfra takes the file and the line that it prints from the innermost frame outside of its
        own package: this is then the user's line, not one of ours.
        """
        return _outside(_TRACEBACK.__get__(self))

    @__traceback__.setter
    def __traceback__(self, value: TracebackType | None) -> None:
        _TRACEBACK.__set__(self, value)


def _outside(trace: TracebackType | None) -> TracebackType | None:
    """Copy a traceback up to the first frame of this package."""
    if trace is None or trace.tb_frame.f_code.co_filename.startswith(PACKAGE):
        return None
    following = _outside(trace.tb_next)
    return TracebackType(following, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one place: ``file:line: key/path: what; how``."""

    what: str
    how: str = ""
    path: str = ""
    file: str = ""
    line: int | None = None
    fails: bool = False
    """Whether no deploy can succeed with it, though it is no mistake of the file's form."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line is not None else self.file
        sentence = f"{self.what}; {self.how}" if self.how else self.what
        return ": ".join(part for part in (where, self.path, sentence) if part)


class ConfigurationError(KamalpyError, ValueError):
    """What is wrong with a configuration: ``problems`` in file order, ``str()`` one a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SecretError(KamalpyError):
    """A secret without a value: names the secret and where it was looked up, never a value."""

    @classmethod
    def at(
        cls, what: str, how: str = "", *, path: str = "", file: str = "", line: int | None = None
    ) -> SecretError:
        """Make the error of one place in a file."""
        return cls(str(Problem(what, how, path, file, line)))


class VersionError(KamalpyError):
    """No version to deploy: neither given, nor in ``VERSION``, nor known from git."""


class ArgumentError(KamalpyError, ValueError):
    """An argument of an operation that no host could take: names it, and says what it may be."""


class DeployError(KamalpyError):
    """What cannot be deployed like this; nothing has been changed when it is raised."""


class BuildError(KamalpyError):
    """An image that was not built or delivered: the step that failed, and what to try."""


class HookError(KamalpyError):
    """A hook that cannot be run or has failed, with what it printed."""


class UnreachableError(KamalpyError):
    """Servers that cannot be reached; the reason is reported for each host as it happens."""
