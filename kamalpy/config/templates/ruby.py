"""Rendering by a real Ruby, where the user allows it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path

from .commands import Outcome, run_program
from .template_errors import failure

_SECONDS = 120
_MAX_OUTPUT = 8_000_000
_PROGRAM = Path(__file__).with_name("render.rb")


def find_ruby(environ: Mapping[str, str]) -> str | None:
    """Return the ``ruby`` that would run, if there is one."""
    return shutil.which("ruby", path=environ.get("PATH", os.defpath))


def render_by_ruby(
    text: str, *, file: str, root: Path, environ: Mapping[str, str], trim: bool = True
) -> tuple[str, dict[str, str]]:
    """Return what Ruby renders, and the ENV it leaves behind."""
    ruby = find_ruby(environ)
    if ruby is None:
        raise failure(file, "no ruby is installed", "install it")
    given = json.dumps({"text": text, "trim": "-" if trim else None})
    outcome = run_program(
        [ruby, "-EUTF-8", "-e", _PROGRAM.read_text()],
        root=root,
        environ=environ,
        text=given,
        seconds=_SECONDS,
        limit=_MAX_OUTPUT,
    )
    answer = _answer_of(outcome, file)
    if "text" not in answer:
        what = f"Ruby says: {str(answer.get('what', '')).strip()} ({answer.get('kind')})"
        line = answer.get("line")
        raise failure(file, what, "fix the template", line if isinstance(line, int) else None)
    environ_after = answer.get("environ")
    left = environ_after if isinstance(environ_after, dict) else {}
    return str(answer["text"]), {str(name): str(value) for name, value in left.items()}


def _answer_of(outcome: Outcome, file: str) -> dict[str, object]:
    if outcome.late:
        raise failure(file, f"Ruby took more than {_SECONDS} seconds", "make the template shorter")
    try:
        answer = json.loads(outcome.output)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        what = outcome.errors.strip().splitlines()[:1]
        raise failure(file, f"Ruby gave no answer: {''.join(what)}", "see whether ruby runs")
    return answer


def nearest_lines(source: str, result: str) -> list[int]:
    """Return a line of the source for each line of the result: what is in both matches."""
    written, lines = source.split("\n"), result.split("\n")
    blocks = SequenceMatcher(None, written, lines, autojunk=False).get_matching_blocks()
    found: list[int] = []
    for block in blocks:
        last = found[-1] if found else 0
        between = range(last + 1, last + 1 + block.b - len(found))
        found += [max(min(line, block.a), 1) for line in between]
        found += range(block.a + 1, block.a + 1 + block.size)
    return found
