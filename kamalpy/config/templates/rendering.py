"""Renders a file: finds out which kind of template it is, and turns trouble into problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kamalpy.errors import ConfigurationError, Problem

from .detection import is_jinja
from .erb import Program, compile_template
from .evaluation.interpreter import Interpreter
from .evaluation.output import Output
from .evaluation.scope import Jump, Scope
from .language.parser import parse
from .nearest import nearest_lines
from .ruby import find_ruby, render_by_ruby
from .trouble import Beyond, Exceeded, Stopped, Trouble, Unexpected
from .world import Memory, World


@dataclass(frozen=True, slots=True)
class Source:
    """A file to render, and what it may do."""

    text: str
    file: str
    root: Path
    environ: Mapping[str, str]
    allow_ruby: bool = False
    allow_commands: bool = False
    trim: bool = True


def render(
    text: str,
    *,
    file: str,
    root: Path,
    environ: Mapping[str, str],
    allow_ruby: bool = False,
    allow_commands: bool = False,
    memory: Memory | None = None,
) -> str:
    """Render deploy.yml: ERB as Kamal does, or Jinja2; any other text comes back as it is."""
    source = Source(text, file, root, environ, allow_ruby, allow_commands)
    return _rendered(source, Memory() if memory is None else memory)[0]


def render_with_lines(
    text: str,
    *,
    file: str,
    root: Path,
    environ: Mapping[str, str],
    allow_ruby: bool = False,
    allow_commands: bool = False,
    memory: Memory | None = None,
) -> tuple[str, list[int]]:
    """As ``render``, and for each line of the result the line of the file it came from."""
    source = Source(text, file, root, environ, allow_ruby, allow_commands)
    return _rendered(source, Memory() if memory is None else memory)


def render_accessory(
    text: str,
    *,
    file: str,
    values: Mapping[str, str],
    root: Path | None = None,
    allow_ruby: bool = False,
    allow_commands: bool = False,
) -> str:
    """
    Render an accessory's file: ERB if its name ends in erb, Jinja2 if it ends in .j2.

    ``values`` is all that ``ENV`` and ``env`` hold; paths are relative to ``root``.
    """
    source = Source(text, file, root or Path(), values, allow_ruby, allow_commands, trim=False)
    if file.endswith(".j2"):
        return _by_jinja(source, values).text()
    return _by_erb(source, Memory())[0] if file.endswith("erb") else text


def _rendered(source: Source, memory: Memory) -> tuple[str, list[int]]:
    environ = source.environ if memory.environ is None else memory.environ
    if is_jinja(source.text, source.file):
        output = _by_jinja(source, environ)
        return output.text(), output.lines()
    return _by_erb(source, memory)


def _by_jinja(source: Source, environ: Mapping[str, str]) -> Output:
    # Jinja2 takes longer to import than a file of ERB to render.
    from .jinja import render_jinja

    return render_jinja(
        source.text,
        file=source.file,
        root=source.root,
        environ=environ,
        allow_commands=source.allow_commands,
    )


def _by_erb(source: Source, memory: Memory) -> tuple[str, list[int]]:
    if "<%" not in source.text:
        return source.text, list(range(1, source.text.count("\n") + 2))
    environ = dict(source.environ if memory.environ is None else memory.environ)
    program = compile_template(source.text, trim=source.trim)
    world = World(source.root, dict(environ), source.allow_commands, memory)
    output = Output()
    try:
        _run(program, world, output)
    except Beyond as trouble:
        if not source.allow_ruby or find_ruby(environ) is None or world.problems:
            raise _error(source, program, world, trouble) from None
        return _by_ruby(source, memory, environ)
    except Trouble as trouble:
        raise _error(source, program, world, trouble) from None
    if world.problems:
        raise _error(source, program, world, None)
    memory.environ = world.environ
    return output.text(), output.lines()


def _run(program: Program, world: World, output: Output) -> None:
    interpreter = Interpreter(world, program, output)
    try:
        interpreter.evaluate(parse(program, world.meter), Scope())
    except RecursionError:
        raise Exceeded("this is nested too deeply", "take it apart", 0) from None
    except Jump as jump:
        raise Beyond(f"`{jump.word}` outside of a loop", offset=0) from None


def _by_ruby(source: Source, memory: Memory, environ: Mapping[str, str]) -> tuple[str, list[int]]:
    text, memory.environ = render_by_ruby(
        source.text, file=source.file, root=source.root, environ=environ, trim=source.trim
    )
    return text, nearest_lines(source.text, text)


def _error(
    source: Source, program: Program, world: World, last: Trouble | None
) -> ConfigurationError:
    """All problems that were noted; the last trouble alone if it was the first."""
    troubles = list(world.problems)
    if last is not None and (not troubles or isinstance(last, type(troubles[0]))):
        troubles.append(last)
    found: dict[Problem, None] = {}
    for trouble in sorted(troubles, key=lambda each: each.offset or 0):
        if not isinstance(trouble, Stopped):
            found[_problem(source, program, trouble)] = None
    return ConfigurationError(found)


def _problem(source: Source, program: Program, trouble: Trouble) -> Problem:
    line, column = program.place(trouble.offset or 0)
    how = _how_beyond(source, trouble) if isinstance(trouble, Beyond) else trouble.how
    return Problem(f"{trouble.what} (column {column})", how, file=source.file, line=line)


def _how_beyond(source: Source, trouble: Beyond) -> str:
    if source.allow_ruby:
        how = "install Ruby, which may render this file"
    else:
        how = "let an installed Ruby render it (`ruby: true` under x-kamalpy, or --ruby)"
    if isinstance(trouble, Unexpected):
        how = f"mend it, or {how}"
    return f"{how}, or write it in Jinja2: {trouble.jinja}" if trouble.jinja else how
