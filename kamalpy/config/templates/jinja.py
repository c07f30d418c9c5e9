"""Renders a template in Jinja2."""

from __future__ import annotations

import re

from jinja2 import Template, TemplateError, TemplateNotFound, TemplateSyntaxError

from .commands import run_command
from .context import RenderContext, read_text
from .sandbox import Counting, Environ, Sandbox
from .template_errors import RenderError, RubyError, failure

_VARIABLE = re.compile(r"env\.(\w+) needs")
_FAILURES = (
    TemplateError,
    RenderError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


def render_jinja(context: RenderContext) -> None:
    """Render a text in the sandbox, with ``env``, ``destination``, ``read_file`` and ``run``."""
    text, file, sandbox = context.text, context.file, Sandbox(context.meter, context.text)
    try:
        tree = Counting().visit(sandbox.parse(text, filename=file))
        code = sandbox.compile(tree, filename=file)
    except TemplateSyntaxError as error:
        what, how = f"this is no Jinja2: {error.message}", "fix it, or see docs/templates.md"
        raise failure(file, what, how, error.lineno) from None
    except (RecursionError, SyntaxError, ValueError):
        raise failure(file, "the template is nested too deeply", "split it", None) from None
    template = sandbox.template_class.from_code(sandbox, code, sandbox.make_globals(None))
    writer = template.root_render_func(template.new_context(_names(context)))
    try:
        for piece in writer:
            frame = getattr(writer, "gi_frame", None)
            line = template.get_corresponding_lineno(frame.f_lineno) if frame else 1
            context.output.write(piece, line, follows=piece in text)
    except _FAILURES as error:
        raise failure(file, *_explained(error), _line(error, file, template)) from None


def _names(context: RenderContext) -> dict[str, object]:
    """Return what a template can name; ``destination`` is undefined without one."""

    def fail(message: str) -> str:
        raise RubyError("RuntimeError", message)

    names: dict[str, object] = {
        "env": Environ(context.environ),
        "read_file": lambda name: read_text(name, context),
        "run": lambda command: run_command(command, context),
        "fail": fail,
    }
    destination = context.environ.get("KAMAL_DESTINATION")
    return names if destination is None else {**names, "destination": destination}


def _explained(error: Exception) -> tuple[str, str]:
    if isinstance(error, RenderError):
        return error.what, error.how
    if isinstance(error, RecursionError):
        return "the template is nested too deeply", "split it"
    if isinstance(error, TemplateNotFound):
        return "there is nothing to include or import", "read a file with read_file"
    if not isinstance(error, TemplateError):
        what = f"this cannot be evaluated: {type(error).__name__}"
        return what, "see whether the values fit"
    if variable := _VARIABLE.match(str(error)):
        name = variable[1]
        return str(error), f'export {name}=..., or give it a default: env.get("{name}", "...")'
    return str(error).rstrip("."), "see docs/templates.md for what can be named"


def _line(error: BaseException, file: str, template: Template) -> int | None:
    """Return the line of the template that ran last."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
