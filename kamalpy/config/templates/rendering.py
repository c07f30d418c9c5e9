"""Renders a file in the language it is written in, and turns errors into problems."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path

from kamalpy.errors import ConfigurationError, Problem

from .context import RenderContext, SharedContext
from .detection import is_jinja
from .ruby import find_ruby, nearest_lines, render_by_ruby
from .template_errors import (
    LimitError,
    RenderError,
    SkippedError,
    UnexpectedTokenError,
    UnsupportedError,
)


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
    context = RenderContext(text, file, root, environ, allow_ruby, allow_commands, shared=shared)
    return _render(context, jinja=is_jinja(text, file))


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
    folder = root or Path()
    context = RenderContext(text, file, folder, values, allow_ruby, allow_commands, trim=False)
    is_template = file.endswith((".j2", "erb"))
    return _render(context, jinja=file.endswith(".j2"))[0] if is_template else text


def _render(context: RenderContext, *, jinja: bool) -> tuple[str, list[int]]:
    text = context.text
    if jinja:
        from .jinja import render_jinja  # takes longer to import than a file of ERB to render

        render_jinja(context)
        return context.output.text(), context.output.lines()
    if "<%" not in text:
        return text, list(range(1, text.count("\n") + 2))
    environ = dict(context.environ)
    try:
        _evaluate(context)
    except UnsupportedError as error:
        if not context.allow_ruby or find_ruby(environ) is None or context.problems:
            raise _failure(context, error) from None
        rendered, context.shared.environ = render_by_ruby(
            text, file=context.file, root=context.root, environ=environ, trim=context.trim
        )
        return rendered, nearest_lines(text, rendered)
    except RenderError as error:
        raise _failure(context, error) from None
    if context.problems:
        raise _failure(context, None)
    context.shared.environ = context.environ
    return context.output.text(), context.output.lines()


def _evaluate(context: RenderContext) -> None:
    from .erb.parser import parse  # most files need none of it

    try:
        parse(context.text, context.meter, trim=context.trim).evaluate(context, ChainMap())
    except RecursionError:
        raise LimitError("this is nested too deeply", "split it", 0) from None


def _failure(context: RenderContext, last: RenderError | None) -> ConfigurationError:
    """Report all problems that were noted; the last error alone if it is the first."""
    errors = list(context.problems)
    if last is not None and (not errors or isinstance(last, type(errors[0]))):
        errors.append(last)
    errors.sort(key=lambda error: error.offset or 0)
    reported = [error for error in errors if not isinstance(error, SkippedError)]
    return ConfigurationError(dict.fromkeys(_problem(context, error) for error in reported))


def _problem(context: RenderContext, error: RenderError) -> Problem:
    places, offset, how = context.places, error.offset or 0, error.how
    if isinstance(error, UnsupportedError):
        how = "let an installed Ruby render it (`ruby: true` under x-kamalpy, or --ruby)"
        if context.allow_ruby:
            how = "install Ruby, which may render this file"
        if isinstance(error, UnexpectedTokenError):
            how = f"fix it, or {how}"
        how = f"{how}, or write it in Jinja2: {error.jinja or 'see docs/templates.md'}"
    what = f"{error.what} (column {places.column(offset)})"
    return Problem(what, how, file=context.file, line=places.line(offset))
