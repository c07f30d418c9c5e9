"""
Commands in templates, each with a timeout and a limited output.

``git`` that only reads and ``date +FORMAT`` run without permission, all others with it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .context import RenderContext
from .template_errors import LimitError, PermissionRequiredError, RubyError

_MAX_OUTPUT = 1_000_000
_SECONDS = 60
_GIT_SETTINGS = "-c core.fsmonitor=false -c core.pager=cat -c log.showSignature=false"
_GIT_ENVIRON = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
}
_SILENCED = re.compile(r"\s+2>\s*(?:/dev/null|&1)\s*\Z")
_QUOTED = re.compile(r"'[^']*'|\"[^\"$`\\]*\"")
_SHELL = re.compile(r"[|&;<>()$`\\*?\[\]!\n\"']|(?:^|\s)[~#]|^\s*\w+=")
# Words of git behind which it only reads, joined by null bytes, each with the options it may have.
_NAME = r"\0(?!-)[^\0]*"
_SELECT = (
    r"list|no-color|ignore-case|(?:format|sort|points-at|contains|merged|no-merged)(?:=[^\0]*)?"
)
_LISTS = r"\0--(?:list|points-at|contains|merged|no-merged)\b"
_BRANCH = rf"(?:\0--(?:show-current|all|remotes|{_SELECT})|\0-[arvl]+)"
_TAG = rf"(?:\0--(?:{_SELECT})|\0-l|\0-n\d*)"
_CONFIG = (
    r"(?:\0--(?:global|local|system|worktree|null|includes|bool|int|path|name-only|show-origin"
    r"|(?:type|default)(?:=[^\0]*)?|get|get-all|get-regexp|list)|\0-[lz])"
)
_READS = re.compile(
    rf"""
    (?:\0--no-pager|\0-C\0[^\0]*)* \0(?:
        (?:describe|for-each-ref|log|ls-files|merge-base|name-rev|rev-list|rev-parse|shortlog|show
            |show-ref|status|version|--version)
            (?:\0(?!--(?:ou|ext-|textc|exec|upload)|-O)[^\0]*)*
        | branch (?:{_BRANCH}* | (?=.*{_LISTS})(?:{_BRANCH}|{_NAME})*)
        | tag (?:{_TAG}* | (?=.*(?:{_LISTS}|\0-[ln]))(?:{_TAG}|{_NAME})*)
        | config (?:{_CONFIG}* (?:{_NAME})? {_CONFIG}*
            | (?=.*\0(?:--(?:get|list)|-l))(?:{_CONFIG}|{_NAME})*)
        | symbolic-ref (?:\0--short|\0-q|\0--quiet)* (?:{_NAME})?
        | remote (?:\0-v|\0get-url(?:\0[^\0]*)*)?
    )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Output and exit status of a program; ``late`` and ``long``: why it was killed."""

    output: str
    errors: str
    late: bool
    long: bool


def run_program(
    words: Sequence[str],
    *,
    root: Path,
    environ: Mapping[str, str],
    text: str = "",
    seconds: float = _SECONDS,
    limit: int = _MAX_OUTPUT,
) -> Outcome:
    """Run a program in a folder with this environment and this standard input."""
    passable = {
        name: value
        for name, value in environ.items()
        if name and "=" not in name and "\0" not in name + value
    }
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as errors:
        given.write(text.encode("utf-8", "surrogateescape"))
        given.seek(0)
        with subprocess.Popen(
            words,
            cwd=root,
            env=passable,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        ) as process:
            output, late = _read(process, seconds, limit)
        errors.seek(0)
        stderr = errors.read(limit).decode("utf-8", "replace")
    return Outcome(output[:limit].decode("utf-8", "replace"), stderr, late, len(output) > limit)


def _read(process: subprocess.Popen[bytes], seconds: float, limit: int) -> tuple[bytes, bool]:
    """Read its output; kill it and its children after a timeout, or after too much output."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        output = process.stdout.read(limit + 1) if process.stdout else b""
        if len(output) > limit:
            _kill(process)
        process.wait()
    finally:
        timer.cancel()
    return output, late.is_set()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def read_only_words(command: str) -> list[str] | None:
    """Return the words of a command that only reads and needs no shell, else None."""
    plain = _SILENCED.sub("", command).strip()
    if _SHELL.search(_QUOTED.sub("q", plain)):
        return None
    try:
        words = shlex.split(plain)
    except ValueError:
        return None
    if words[:1] == ["date"]:
        return words if all(re.fullmatch(r"-u|--utc|\+.*", word) for word in words[1:]) else None
    is_read = words[:1] == ["git"] and _READS.fullmatch("".join(f"\0{word}" for word in words[1:]))
    return words if is_read else None


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
    settings = _GIT_SETTINGS.split() if words[0] == "git" else ()
    environ = {**context.inherited, **_GIT_ENVIRON}
    arguments = [program, *settings, *words[1:]]
    return run_program(arguments, root=context.root, environ=environ, seconds=_SECONDS)
