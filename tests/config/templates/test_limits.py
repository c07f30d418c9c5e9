"""Templates that would run away: each ends soon, with a message."""

import re
import time

import pytest

MANY = f"<% M = %w[{'x ' * 100}] %>"
NESTED = f"{MANY}<% a = [1]; M.each {{ a = [a, a] }} %>"
RUNAWAYS = [
    MANY + "<% M.each { M.each { M.each { M.each { } } } } %>",
    "<%= 'a' + 1" + "0" * 100 + " %>",
    MANY + '<% s = "ab"; M.each { s = s + s } %>',
    MANY + '<% s = "ab"; M.each { s = "#{s}#{s}" } %>',
    MANY + '<% s = "aaaa"; M.each { s = s.gsub("a", s) } %>',
    MANY + '<% s = "a" + M.join; M.each { s = M.join(s) } %>',
    MANY + "<% a = [1]; M.each { a += a } %>",
    MANY + "<% s = '" + "a" * 90_000 + "'; M.each { M.each { M.each { s.upcase } } } %>",
    MANY + "<% s = '" + "a" * 90_000 + "'; M.each { M.each { s =~ /a*b/ } } %>",
    NESTED + "<%= a %>",
    NESTED + "<%= a.to_json %>",
    NESTED + "<%= a.flatten.size %>",
    NESTED + "<%= a.join.size %>",
    NESTED + "<% b = [1]; M.each { b = [b, b] } %><%= a == b %>",
    NESTED + "<%= [a, a].sort %>",
    MANY + "<% x = 3; M.each { x = x * x } %>",
    '<%= YAML.load("' + "[" * 5000 + '") %>',
    '<%= JSON.parse("' + "[" * 5000 + "]" * 5000 + '") %>',
    '<%= "' + "a" * 100000 + '" =~ /(a|a)*(a|a)*(a|a)*b/ %>',
    '<%= "' + "a" * 100000 + '" =~ /a*a*a*b/ %>',
    '<%= "a" =~ /((((a{500}){500}){500}){500})/ %>',
    MANY + "<% M.each { M.each { M.each { %>a line that is written again and again\n<% } } } %>",
    "<% @t = '<' + '%= ERB.new(@t).result %%>' %><%= ERB.new(@t).result %>",
    "<%= " + "(" * 5000 + ")" * 5000 + " %>",
    "<%= " + "[" * 5000 + "]" * 5000 + " %>",
    "<%= " + "!" * 5000 + "1 %>",
    "<%= " + "-" * 5000 + "1 %>",
    "<%= " + "!(" * 5000 + "1 %>",
    "<%= 1" + " + 1" * 5000 + " %>",
    "<%= 1" + ".abs" * 5000 + " %>",
    "<%= x" + " = x" * 5000 + " %>",
    "<%= 1" + " ? 1 : 1" * 5000 + " %>",
    '<%= "' + '#{"' * 3000 + " %>",
    "<% " + "if 1\n" * 3000 + "end\n" * 3000 + " %>",
    "<% " + "[1].each { |x| " * 500 + "}" * 500 + " %>",
    "<%= " + "9" * 100_000 + " %>",
    "<%= '" + "9" * 5000 + "'.to_i %>",
    "<%= /" + "(" * 500 + ")" * 500 + "/ %>",
    "<%= /" + "a|" * 50_000 + "/ %>",
]


@pytest.mark.parametrize("text", RUNAWAYS, ids=lambda text: text[:40])
def test_no_template_runs_away(project, text):
    before = time.process_time()
    assert re.match(r"config/deploy\.yml:\d+: [^\n]+ \(column \d+\)", project.error(text))
    assert time.process_time() - before < 10


HARMLESS = [
    ("LONG =~ /a*b/", "nil"),
    ("COMMAS =~ /(a|b),$/", "3998"),
    ('COMMAS.split(",").size', "2000"),
    ('COMMAS.split(",").map { |a| a + "b" }.uniq.size', "1"),
]


@pytest.mark.parametrize(("expression", "expected"), HARMLESS)
def test_what_is_only_long_is_rendered(project, expression, expected):
    names = f"<% LONG = '{'a' * 2000}'; COMMAS = '{'a,' * 2000}' %>"
    assert expected == project.render(f"{names}<%= ({expression}).inspect %>")


def test_long_files_are_rendered_in_time_that_grows_with_them(project):
    project.environ = {"A": "x"}
    line = '  KEY: "<%= ENV["A"] || ENV.fetch("B", "none") %>"\n'
    text = "service: blog\n" + "  plain: line\n" * 9_000 + line * 1_000
    before = time.process_time()
    rendered, lines = project.lines(text)
    assert time.process_time() - before < 5
    assert rendered.endswith('  KEY: "x"\n')
    assert lines == [*range(1, 10_003)]
