"""Rendering by a real Ruby, where the user allows it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from kamalpy.errors import ConfigurationError, Problem

from .process import Outcome, run_program

_SECONDS = 120
_MAX_OUTPUT = 8_000_000
# Kamal brings ActiveSupport; without that gem, what templates use of it is put in its place.
_PROGRAM = r"""
require "erb"
require "json"
require "uri"
begin
  require "active_support"
  require "active_support/core_ext/object"
  require "active_support/core_ext/hash"
  require "active_support/core_ext/enumerable"
  require "active_support/core_ext/string/inflections"
rescue LoadError
  class Object
    def blank? = respond_to?(:empty?) ? !!empty? : !self
    def present? = !blank?
    def presence = (self if present?)
  end
  class String
    def blank? = strip.empty?
  end
end
answer = $stdout.dup
$stdout.reopen($stderr)
given = JSON.parse($stdin.read)
begin
  template = ERB.new(given["text"], trim_mode: given["trim"])
  template.filename = "(template)"
  said = { text: template.result.force_encoding("UTF-8").scrub, environ: ENV.to_h }
rescue SystemExit, StandardError, ScriptError => error
  places = [error.message, *error.backtrace]
  line = places.filter_map { |place| place[/\(template\):(\d+)/, 1] }.first
  said = { kind: error.class.name, what: error.message.lines.first.to_s.scrub, line: line&.to_i }
end
answer.write(JSON.generate(said))
answer.flush
exit! 0
"""


def find_ruby(environ: Mapping[str, str]) -> str | None:
    """The ``ruby`` that would run, if there is one."""
    return shutil.which("ruby", path=environ.get("PATH", os.defpath))


def render_by_ruby(
    text: str, *, file: str, root: Path, environ: Mapping[str, str], trim: bool = True
) -> tuple[str, dict[str, str]]:
    """What Ruby makes of a template, and the ENV it leaves behind."""
    ruby = find_ruby(environ)
    if ruby is None:
        raise _error(file, "no ruby is installed", "install it")
    given = json.dumps({"text": text, "trim": "-" if trim else None})
    outcome = run_program(
        [ruby, "-EUTF-8", "-e", _PROGRAM],
        root=root,
        environ=environ,
        text=given,
        seconds=_SECONDS,
        limit=_MAX_OUTPUT,
    )
    said = _said(outcome, file)
    if "text" not in said:
        what = f"Ruby says: {str(said.get('what', '')).strip()} ({said.get('kind')})"
        line = said.get("line")
        raise _error(file, what, "fix the template", line if isinstance(line, int) else None)
    environ_after = said.get("environ")
    kept = environ_after if isinstance(environ_after, dict) else {}
    return str(said["text"]), {str(name): str(value) for name, value in kept.items()}


def _said(outcome: Outcome, file: str) -> dict[str, object]:
    if outcome.late:
        raise _error(file, f"Ruby took more than {_SECONDS} seconds", "make the template shorter")
    try:
        said = json.loads(outcome.output)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        what = outcome.errors.strip().splitlines()[:1]
        raise _error(file, f"Ruby gave no answer: {''.join(what)}", "see whether ruby runs")
    return said


def _error(file: str, what: str, how: str, line: int | None = None) -> ConfigurationError:
    return ConfigurationError([Problem(what, how, file=file, line=line)])
