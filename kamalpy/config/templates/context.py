"""What a template can reach, what limits it, and what it writes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .template_errors import LimitError, RenderError, RubyError, SkippedError, UnsupportedError

MAX_SIZE = 1_000_000
_MAX_OUTPUT = 4_000_000
MAX_DEPTH = 100
MAX_BITS = 8_000
_CHARACTERS_PER_STEP = 40


@dataclass(slots=True)
class Meter:
    """The steps that one rendering has left, and how deep it is nested."""

    steps: int = 500_000
    depth: int = 0

    def spend(self, steps: int = 1) -> None:
        """Count steps."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitError("the template runs for too long", "loop over less")

    def allocate(self, size: int) -> None:
        """Count a new value of this many characters or elements, before it is made."""
        if size > MAX_SIZE:
            raise LimitError(
                f"a value of {size:,} characters or elements is too large",
                f"stay below {MAX_SIZE:,}",
            )
        self.spend(size // _CHARACTERS_PER_STEP)

    def enter(self) -> None:
        """Go one level deeper; ``leave`` returns."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LimitError("this is nested too deeply", "split it with local variables")

    def leave(self) -> None:
        """Return from a level."""
        self.depth -= 1


@dataclass(slots=True)
class Output:
    """Pieces of text with their first line; ``follows``: one line of the template per line."""

    pieces: list[tuple[str, int, bool]] = field(default_factory=list)
    size: int = 0

    def write(self, text: str, line: int, *, follows: bool) -> None:
        """Add a piece."""
        self.size += len(text)
        if self.size > _MAX_OUTPUT:
            raise LimitError("the template writes too much", "loop over less")
        if text:
            self.pieces.append((text, line, follows))

    def text(self) -> str:
        """Return all of it."""
        return "".join(text for text, _, _ in self.pieces)

    def lines(self) -> list[int]:
        """Return the template's line for each line of the text."""
        found = [1]
        empty = True
        for text, line, follows in self.pieces:
            count = text.count("\n")
            if empty:
                found[-1] = line
            found.extend(range(line + 1, line + 1 + count) if follows else [line] * count)
            empty = text.endswith("\n")
        return found


class Places:
    """Lines and columns of offsets in a text, from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def line(self, offset: int) -> int:
        """Return the line."""
        return bisect_right(self._starts, offset)

    def column(self, offset: int) -> int:
        """Return the column."""
        return offset - self._starts[self.line(offset) - 1] + 1


@dataclass(slots=True)
class SharedContext:
    """
    What the templates of one configuration share.

    Kamal renders deploy.yml and the destination's file one after the other in one process: the
    second sees what the first loads into ENV, requires, or assigns to ``@variables`` and
    constants. ``environ`` is ENV as the last template left it, ``None`` before the first one.
    ``withheld`` holds variables whose value is a command that was not permitted.
    """

    environ: dict[str, str] | None = None
    variables: dict[str, object] = field(default_factory=dict)
    libraries: set[str] = field(default_factory=set)
    withheld: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class RenderContext:
    """One rendering; ``inherited`` is the environment that no template has changed."""

    text: str
    file: str
    root: Path
    inherited: Mapping[str, str]
    allow_ruby: bool = False
    allow_commands: bool = False
    trim: bool = True
    shared: SharedContext = field(default_factory=SharedContext)
    meter: Meter = field(default_factory=Meter)
    output: Output = field(default_factory=Output)
    problems: list[RenderError] = field(default_factory=list)
    rescuing: int = 0
    environ: dict[str, str] = field(init=False)
    places: Places = field(init=False)

    def __post_init__(self) -> None:
        """Begin with ENV as the last template left it."""
        before = self.shared.environ
        self.environ = dict(self.inherited if before is None else before)
        self.places = Places(self.text)

    def require_no_problems(self) -> None:
        """Refuse to run a command after an error, where Ruby would have stopped."""
        if self.problems:
            raise SkippedError("an earlier problem")


def read_text(name: str, context: RenderContext) -> str:
    """Read a regular file; ``name`` is relative to the project's folder."""
    path = path_of(name, context)
    if path.is_dir():
        raise RubyError("Errno::EISDIR", f"{name} is a directory", "name a file in it")
    try:
        if path.exists() and not path.is_file():
            raise RubyError("Errno::EACCES", f"{name} is no regular file", "name one that is")
        if path.stat().st_size > MAX_SIZE:
            raise LimitError(f"the file {name} is larger than {MAX_SIZE:,} bytes")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise UnsupportedError(f"the file {name}, which is not UTF-8") from None
    except FileNotFoundError:
        how = "create it; paths are relative to the project's folder"
        raise RubyError("Errno::ENOENT", f"there is no file {name}", how) from None
    except OSError as error:
        kind = "Errno::EACCES" if isinstance(error, PermissionError) else "SystemCallError"
        raise RubyError(kind, f"{name} cannot be read: {error.strerror}", "fix that") from None


def path_of(name: str, context: RenderContext) -> Path:
    """Return the path of a file that a template names."""
    if "\0" in name:
        raise RubyError("ArgumentError", "a path holds a null byte")
    return context.root / name
