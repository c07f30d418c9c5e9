"""What Jinja2 makes of a template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Template, TemplateError, TemplateNotFound, TemplateSyntaxError

from kamalpy.errors import ConfigurationError, Problem

from .builtins.files import read_text
from .commands import run_command
from .evaluation.output import Output
from .sandbox import Environ, Sandbox
from .trouble import RubyError, Trouble
from .world import World

_VARIABLE = re.compile(r"env\.(\w+) asks")
_FAILURES = (
    TemplateError,
    Trouble,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


def render_jinja(
    text: str,
    *,
    file: str,
    root: Path,
    environ: Mapping[str, str],
    allow_commands: bool = False,
) -> Output:
    """Render a text in the sandbox, with ``env``, ``destination``, ``read_file`` and ``run``."""
    world = World(root, dict(environ), allow_commands)
    sandbox = Sandbox(world.meter, text)
    try:
        code = sandbox.compile(sandbox.limited(sandbox.parse(text, filename=file)), filename=file)
    except TemplateSyntaxError as error:
        what, how = f"this is no Jinja2: {error.message}", "mend it, or see docs/templates.md"
        raise _error(file, what, how, error.lineno) from None
    except (RecursionError, SyntaxError, ValueError):
        raise _error(file, "the template is nested too deeply", "take it apart", None) from None
    template = sandbox.template_class.from_code(sandbox, code, sandbox.make_globals(None))
    return _run(text, file, template, world)


def _run(text: str, file: str, template: Template, world: World) -> Output:
    output = Output()
    writer = template.root_render_func(template.new_context(_names(world)))
    try:
        for piece in writer:
            frame = getattr(writer, "gi_frame", None)
            line = template.get_corresponding_lineno(frame.f_lineno) if frame else 1
            output.write(piece, line, walks=piece in text)
    except _FAILURES as error:
        raise _error(file, *_said(error), _line(error, file, template)) from None
    return output


def _names(world: World) -> dict[str, object]:
    """What a template can name; ``destination`` is undefined without one."""

    def read_file(name: str) -> str:
        return read_text(name, world)

    def run(command: str) -> str:
        return run_command(command, world)

    def fail(message: str) -> str:
        raise RubyError("RuntimeError", message)

    names: dict[str, object] = {
        "env": Environ(world.environ),
        "read_file": read_file,
        "run": run,
        "fail": fail,
    }
    destination = world.environ.get("KAMAL_DESTINATION")
    return names if destination is None else {**names, "destination": destination}


def _said(error: Exception) -> tuple[str, str]:
    if isinstance(error, Trouble):
        return error.what, error.how
    if isinstance(error, RecursionError):
        return "the template is nested too deeply", "take it apart"
    if isinstance(error, TemplateNotFound):
        return "there is nothing to include or import", "read a file with read_file"
    if isinstance(error, TemplateError):
        return _said_by_jinja(str(error))
    return f"this cannot be evaluated: {type(error).__name__}", "see whether the values fit"


def _said_by_jinja(what: str) -> tuple[str, str]:
    variable = _VARIABLE.match(what)
    if variable:
        name = variable[1]
        return what, f'export {name}=..., or give it a default: env.get("{name}", "...")'
    return what.rstrip("."), "see docs/templates.md for what can be named"


def _line(error: BaseException, file: str, template: Template) -> int | None:
    """The line of the template that ran last."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line


def _error(file: str, what: str, how: str, line: int | None) -> ConfigurationError:
    return ConfigurationError([Problem(what, how, file=file, line=line)])
