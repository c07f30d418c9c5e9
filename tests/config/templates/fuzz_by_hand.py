"""
Templates by the million, led by the code they reach: ``python fuzz_by_hand.py [FOLDER] [-runs=N]``.

Needs ``pip install atheris``; FOLDER keeps what was found worth trying again. Ends with a traceback
for any exception that is not ours, for a template that takes more than ten seconds, and for one
that takes more than a gigabyte.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["kamalpy.config.templates"]):
    from kamalpy.config.templates import render_accessory, render_with_lines
    from kamalpy.errors import ConfigurationError

SEEDS = [
    '<%= ENV["A"] || ENV.fetch("B", "c").strip %>',
    '<% require "dotenv"; Dotenv.load(".env") -%>\n<%= %w[a b].map { |x| "- #{x}" }.join("\\n") %>',
    "<% if 1 == 1 && !nil %>a<% elsif x %>b<% else %>c<% end %>",
    '<%= case "a" when /(a|b)c+/ then $1 else [1, {a: 2}] end %>',
    "<% a, b = [1, 2]; begin; raise KeyError, 'x'; rescue => e; raise e; ensure; 1; end %>",
    "{% for i in range(3) %}{{ env.A | default('x') ~ i }}{% endfor %}",
]
ROOT = Path(tempfile.mkdtemp())
ENVIRON = {"A": "a,b", "PATH": "/usr/bin:/bin"}


def one(data: bytes) -> None:
    """Render one input in each of the three ways."""
    text = data.decode("utf-8", "replace")
    for file in ("deploy.yml", "deploy.yml.j2"):
        try:
            result, lines = render_with_lines(text, file=file, root=ROOT, environ=ENVIRON)
        except ConfigurationError:
            continue
        if len(lines) != result.count("\n") + 1:
            raise AssertionError(text)
    try:
        render_accessory(text, file="a.erb", values=ENVIRON, root=ROOT)
    except ConfigurationError:
        return


def main() -> None:
    """Give the seeds to the fuzzer and let it run."""
    folder = Path(tempfile.mkdtemp())
    for number, seed in enumerate(SEEDS):
        (folder / str(number)).write_text(seed)
    limits = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=400"]
    atheris.Setup([*sys.argv, str(folder), *limits], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
