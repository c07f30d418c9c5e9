"""Commands in templates: ``git`` and ``date`` that only read always, others with permission."""

from __future__ import annotations

import os
import shutil

from .context import RenderContext
from .process import Outcome, run_program
from .read_only_commands import read_only_words
from .template_errors import LimitError, PermissionRequiredError, RubyError

_SECONDS = 60
_GIT_SETTINGS = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.pager=cat",
    "-c",
    "log.showSignature=false",
)
_GIT_ENVIRON = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
}


def run_command(command: str, context: RenderContext) -> str:
    """Return what a command prints, whatever its exit status, as Ruby's back-ticks do."""
    context.require_no_problems()
    context.meter.spend(1_000)
    if "\0" in command:
        raise RubyError("ArgumentError", "a command holds a null byte")
    try:
        outcome = _run(command, context)
    except OSError as error:
        raise RubyError("SystemCallError", f"a command cannot be run: {error.strerror}") from None
    program = (command.split() or [""])[0]
    if outcome.late:
        raise LimitError(f"the command `{program} ...` took more than {_SECONDS} seconds")
    if outcome.long:
        raise LimitError(f"the command `{program} ...` printed too much")
    return outcome.output


def _run(command: str, context: RenderContext) -> Outcome:
    words = read_only_words(command)
    if words is not None:
        return _run_read_only(words, context)
    if not context.allow_commands:
        program = (command.split() or ["nothing"])[0]
        raise PermissionRequiredError(
            f"the command `{program} ...` may not run in this template",
            "allow it with `commands: true` under x-kamalpy or with --allow-commands",
        )
    shell = ["/bin/sh", "-c", command]
    return run_program(shell, root=context.root, environ=context.environ, seconds=_SECONDS)


def _run_read_only(words: list[str], context: RenderContext) -> Outcome:
    """Run a program of the user's, in the user's environment: a template may change neither."""
    program = shutil.which(words[0], path=context.inherited.get("PATH", os.defpath))
    if program is None:
        raise RubyError("Errno::ENOENT", f"{words[0]} is not installed here", "install it")
    settings = _GIT_SETTINGS if words[0] == "git" else ()
    environ = {**context.inherited, **_GIT_ENVIRON}
    arguments = [program, *settings, *words[1:]]
    return run_program(arguments, root=context.root, environ=environ, seconds=_SECONDS)
