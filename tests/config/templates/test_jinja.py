"""Jinja2: what it sees, what it cannot reach, and what it says."""

import time

import pytest

from kamalpy.config.templates import render_accessory

TEMPLATES = [
    ("host: {{ env.HOST }}\n", "host: example.com\n"),
    ('host: {{ env["HOST"] }}', "host: example.com"),
    ('host: {{ env.get("UNSET", "none") }}', "host: none"),
    ('host: {{ env.UNSET | default("none") }}', "host: none"),
    ("{% if env.UNSET is defined %}a{% else %}b{% endif %}", "b"),
    ("{{ destination }}", "staging"),
    ('{{ read_file(".ruby-version") | trim }}', "3.4.4"),
    ('{{ run("git --version")[:3] }}', "git"),
    ("{% for h in env.HOSTS.split(',') %}- {{ h | trim }}\n{% endfor %}", "- a\n- b\n"),
    ("{% macro port(n) %}{{ n + 8000 }}{% endmacro %}{{ port(80) }}", "8080"),
    (
        "{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + i %}{% endfor %}"
        "{{ ns.n }}",
        "3",
    ),
    (
        "{{ [1, 2] | join('-') ~ '!' }} {{ {'a': 1} | tojson }} {{ '%03d' | format(7) }}",
        '1-2! {"a": 1} 007',
    ),
    ("a {# note #}b", "a b"),
    ("{% raw %}{{ as it is }}{% endraw %}", "{{ as it is }}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TEMPLATES)
def test_templates(project, text, expected):
    project.write(".ruby-version", "3.4.4\n")
    project.environ = {"HOST": "example.com", "HOSTS": "a, b", "KAMAL_DESTINATION": "staging"}
    assert expected == project.render(text, "config/deploy.yml.j2")


ERRORS = [
    (
        "a: 1\nhost: {{ env.HOST }}",
        "deploy.yml.j2:2: env.HOST needs a variable that is not set;"
        ' export HOST=..., or give it a default: env.get("HOST", "...")',
    ),
    (
        "{{ destination }}",
        "deploy.yml.j2:1: 'destination' is undefined; see docs/templates.md for what can be named",
    ),
    (
        "{{ 'a'.foo() }}",
        "deploy.yml.j2:1: 'str object' has no attribute 'foo';"
        " see docs/templates.md for what can be named",
    ),
    (
        "\n{% if %}",
        "deploy.yml.j2:2: this is no Jinja2: Expected an expression, got 'end of statement block';"
        " fix it, or see docs/templates.md",
    ),
    (
        "{{ read_file('VERSION') }}",
        "deploy.yml.j2:1: there is no file VERSION;"
        " create it; paths are relative to the project's folder",
    ),
    (
        "{{ run('make version') }}",
        "deploy.yml.j2:1: the command `make ...` may not run in this template;"
        " allow it with `commands: true` under x-kamalpy or with --allow-commands",
    ),
    ("{{ fail('set HOST first') }}", "deploy.yml.j2:1: set HOST first"),
    (
        "{{ 1 / 0 }}",
        "deploy.yml.j2:1: this cannot be evaluated: ZeroDivisionError; see whether the values fit",
    ),
    (
        "{% include 'other' %}",
        "deploy.yml.j2:1: there is nothing to include or import; read a file with read_file",
    ),
]


@pytest.mark.parametrize(("text", "expected"), ERRORS)
def test_errors(project, text, expected):
    assert expected == project.error(text, "deploy.yml.j2")


def test_the_line_is_that_of_the_template(project):
    text = "{% for i in [1, 0] %}\n- a\n- {{ 1 // i }}\n{% endfor %}\n"
    assert project.error(text, "deploy.yml.j2").startswith("deploy.yml.j2:3: ")
    rendered, lines = project.lines(text.replace("[1, 0]", "[1, 2]"), "deploy.yml.j2")
    assert rendered == "\n- a\n- 1\n\n- a\n- 0\n\n"
    assert lines == [1, 2, 3, 1, 2, 3, 3, 4]


OUT_OF_REACH = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ env.__class__ }}",
    "{{ read_file.__globals__ }}",
    "{{ run.__closure__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '{0.__class__}'.format_map({}) }}",
    "{{ (1).__class__ }}",
    "{% set x = [] %}{{ x.append(1) }}",
    "{{ env.update({'A': 'b'}) }}",
    "{{ '' | attr('__class__') }}",
]


@pytest.mark.parametrize("text", OUT_OF_REACH)
def test_nothing_else_can_be_reached(project, text):
    what = project.error(text, "x.j2")
    assert any(word in what for word in ("unsafe", "undefined", "not set"))


RUNAWAYS = [
    "{{ 'x' * 10**9 }}",
    "{{ [1] * 10**9 }}",
    "{{ 10**(10**10) }}",
    "{{ 2**99999 }}",
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{% for i in range(99999) %}some text that is written again and again\n{% endfor %}" * 3,
    "{% macro f(n) %}{{ f(n) }}{% endmacro %}{{ f(1) }}",
    "{% macro f(n) %}{{ f(n - 1) }}{{ f(n - 1) }}{% endmacro %}{{ f(99) }}",
    "{{ '%999999999d' % 1 }}",
    "{{ '%999999999d' | format(1) }}",
    "{{ '%*d' | format(999999999, 1) }}",
    "{{ 'x' | center(999999999) }}",
    "{{ 'x'.ljust(999999999) }}",
    "{{ 'x\n' | indent(999999999) }}",
    "{{ ('a' * 1000000) | replace('a', 'b' * 1000) }}",
    "{{ ('a' * 1000000).replace('a', 'b' * 1000) }}",
    "{{ ('b' * 10000).join(['a'] * 100000) }}",
    "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}"
    "{% endfor %}",
    "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x %}{{ ns.x }}{{ ns.x }}"
    "{% endset %}{% endfor %}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}"
    "{% endfor %}{{ ns.x }}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}"
    "{% endfor %}",
    "{% set ns = namespace(x={}) %}{% for i in range(99) %}{% set ns.x = {1: ns.x, 2: ns.x} %}"
    "{% endfor %}{{ ns.x }}",
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{% if 1 %}" * 500 + "{% endif %}" * 500,
    "{% for i in [1] %}" * 50 + "{% endfor %}" * 50,
    "{{ " + "9" * 5000 + " }}",
    "{{ lipsum(n=999999) }}",
]  # fmt: skip


@pytest.mark.parametrize("text", RUNAWAYS, ids=lambda text: text[:40])
def test_no_template_runs_away(project, text):
    before = time.process_time()
    assert project.error(text, "x.j2").startswith("x.j2:")
    assert time.process_time() - before < 10


def test_no_message_holds_the_value_of_a_variable(project):
    project.environ = {"TOKEN": "s3cret"}
    assert "s3cret" not in project.error("{{ env.TOKEN + 1 }}", "x.j2")
    assert "s3cret" not in project.error("{{ env.TOKEN.nope }}", "x.j2")
    assert "s3cret" not in project.error("{{ [1][env.TOKEN] }}", "x.j2")
    assert "s3cret" not in project.error("{{ env[env.TOKEN] }}", "x.j2")
    assert "s3cret" not in project.error("{{ env.TOKEN | int + [] }}", "x.j2")


def test_files_of_accessories():
    values = {"PASSWORD": "s3cret"}
    erb = "password = <%= ENV['PASSWORD'] %>\n"
    assert render_accessory(erb, file="my.cnf.erb", values=values) == "password = s3cret\n"
    jinja = "password = {{ env.PASSWORD }}\n"
    assert render_accessory(jinja, file="my.cnf.j2", values=values) == "password = s3cret\n"
    assert render_accessory(erb + jinja, file="my.cnf", values=values) == erb + jinja
