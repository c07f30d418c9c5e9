"""Renders a file in the language it is written in, and turns errors into problems."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kamalpy.errors import ConfigurationError, Problem

from .context import RenderContext, SharedContext
from .detection import is_jinja
from .nearest import nearest_lines
from .output import Output, places_in
from .ruby import find_ruby, render_by_ruby
from .template_errors import (
    LimitError,
    RenderError,
    SkippedError,
    UnexpectedTokenError,
    UnsupportedError,
)


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
    shared: SharedContext = field(default_factory=SharedContext)


def render_with_lines(
    text: str,
    *,
    file: str,
    root: Path,
    environ: Mapping[str, str],
    allow_ruby: bool = False,
    allow_commands: bool = False,
    shared: SharedContext | None = None,
) -> tuple[str, list[int]]:
    """
    Render deploy.yml: ERB as Kamal does, or Jinja2; any other text is returned unchanged.

    The list holds the line of the file for each line of the result.
    """
    shared = SharedContext() if shared is None else shared
    source = Source(text, file, root, environ, allow_ruby, allow_commands, shared=shared)
    if is_jinja(text, file):
        output = _render_jinja(source, environ if shared.environ is None else shared.environ)
        return output.text(), output.lines()
    return _render_erb(source)


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
        return _render_jinja(source, values).text()
    return _render_erb(source)[0] if file.endswith("erb") else text


def _render_jinja(source: Source, environ: Mapping[str, str]) -> Output:
    from .jinja import render_jinja  # takes longer to import than a file of ERB to render

    return render_jinja(
        source.text,
        file=source.file,
        root=source.root,
        environ=environ,
        inherited=source.environ,
        allow_commands=source.allow_commands,
    )


def _render_erb(source: Source) -> tuple[str, list[int]]:
    if "<%" not in source.text:
        return source.text, list(range(1, source.text.count("\n") + 2))
    shared = source.shared
    environ = dict(source.environ if shared.environ is None else shared.environ)
    context = RenderContext(
        source.root, dict(environ), source.environ, source.allow_commands, shared
    )
    context.places = places_in(source.text)
    try:
        _evaluate(source, context)
    except UnsupportedError as error:
        if not source.allow_ruby or find_ruby(environ) is None or context.problems:
            raise _failure(source, context, error) from None
        text, shared.environ = render_by_ruby(
            source.text, file=source.file, root=source.root, environ=environ, trim=source.trim
        )
        return text, nearest_lines(source.text, text)
    except RenderError as error:
        raise _failure(source, context, error) from None
    if context.problems:
        raise _failure(source, context, None)
    shared.environ = context.environ
    return context.output.text(), context.output.lines()


def _evaluate(source: Source, context: RenderContext) -> None:
    from .erb.parser import parse  # most files need none of it

    try:
        parse(source.text, context.meter, trim=source.trim).evaluate(context, ChainMap())
    except RecursionError:
        raise LimitError("this is nested too deeply", "split it", 0) from None


def _failure(
    source: Source, context: RenderContext, last: RenderError | None
) -> ConfigurationError:
    """Report all problems that were noted; the last error alone if it is the first."""
    errors = list(context.problems)
    if last is not None and (not errors or isinstance(last, type(errors[0]))):
        errors.append(last)
    errors.sort(key=lambda error: error.offset or 0)
    reported = [error for error in errors if not isinstance(error, SkippedError)]
    return ConfigurationError(dict.fromkeys(_problem(source, error) for error in reported))


def _problem(source: Source, error: RenderError) -> Problem:
    places, offset = places_in(source.text), error.offset or 0
    how = _ruby_or_jinja(source, error) if isinstance(error, UnsupportedError) else error.how
    what = f"{error.what} (column {places.column(offset)})"
    return Problem(what, how, file=source.file, line=places.line(offset))


def _ruby_or_jinja(source: Source, error: UnsupportedError) -> str:
    how = "let an installed Ruby render it (`ruby: true` under x-kamalpy, or --ruby)"
    if source.allow_ruby:
        how = "install Ruby, which may render this file"
    if isinstance(error, UnexpectedTokenError):
        how = f"fix it, or {how}"
    return f"{how}, or write it in Jinja2: {error.jinja or 'see docs/templates.md'}"
