"""Templates that would run away: each ends soon, with a message."""

import re
import time

import pytest

RUNAWAYS = [
    "<% (1..1000000000).each { } %>",
    "<% (100000000).times { } %>",
    "<% 1000000000.times { |i| } %>",
    "<% (1..1000).each { |a| (1..1000).each { |b| (1..1000).each { |c| } } } %>",
    '<%= "a" * 1000000000 %>',
    "<%= 'a' * 1" + "0" * 100 + " %>",
    '<% s = "ab"; 64.times { s = s + s } %>',
    '<% s = "ab"; 64.times { s = "#{s}#{s}" } %>',
    '<% s = "a" * 1000; 64.times { s = s.gsub("a", s) } %>',
    '<% s = "a" * 900000; 100000.times { s.upcase } %>',
    '<%= "a".ljust(1000000000) %>',
    '<%= "%1000000000d" % 1 %>',
    "<%= [0] * 1000000000 %>",
    "<% a = [1]; 64.times { a += a } %>",
    "<% a = [1]; 64.times { a = [a, a] } %><%= a %>",
    "<% a = [1]; 64.times { a = [a, a] } %><%= a.flatten.size %>",
    "<% a = [1]; 64.times { a = [a, a] } %><%= a.join.size %>",
    "<% a = [1]; 64.times { a = [a, a] } %><%= a == [a] %><%= { a => 1 } %>",
    "<% a = []; a << a %><%= a %>",
    "<% a = []; a << a %><%= a == [a] %>",
    "<% h = {}; h[:h] = h %><%= h %>",
    "<% x = 3; 100.times { x = x * x } %>",
    '<% s = "a" * 900000; 100000.times { s =~ /a*b/ } %>',
    '<% s = "a" * 1000; 100000.times { s =~ /a*b/ } %>',
    '<% @t = "<%%= YAML.load(%q([[[)) %%>"; 90000.times { ERB.new(@t).result } %>',
    '<%= YAML.load("[" * 5000) %>',
    '<%= JSON.parse("[" * 5000 + "]" * 5000) %>',
    '<%= ("a" * 100000) =~ /(a|a)*(a|a)*(a|a)*b/ %>',
    '<%= "a" =~ /((((a{500}){500}){500}){500})/ %>',
    "<% 100000.times { %>a line of text that is written again and again\n<% } %>",
    "<% @t = '<' + '%= ERB.new(@t).result %%>' %><%= ERB.new(@t).result %>",
    "<%= " + "(" * 5000 + ")" * 5000 + " %>",
    "<%= " + "[" * 5000 + "]" * 5000 + " %>",
    "<%= " + "!" * 5000 + "1 %>",
    "<%= " + "-" * 5000 + "1 %>",
    "<%= " + "not " * 5000 + "1 %>",
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
    ('("a" * 2000) =~ /a*b/', "nil"),
    ('("a," * 2000) =~ /(a|b),$/', "3998"),
    ('("a," * 2000).split(",").size', "2000"),
    ("(1..5000).map { |n| n * 2 }.sum", "25005000"),
    ("(1..300).to_a.sort_by { |n| -n }.first", "300"),
]


@pytest.mark.parametrize(("expression", "expected"), HARMLESS)
def test_what_is_only_long_is_rendered(project, expression, expected):
    assert expected == project.render(f"<%= ({expression}).inspect %>")


def test_long_files_are_rendered_in_time_that_grows_with_them(project):
    project.environ = {"A": "x"}
    line = '  KEY: "<%= ENV["A"] || ENV.fetch("B", "none") %>"\n'
    text = "service: blog\n" + "  plain: line\n" * 9_000 + line * 1_000
    before = time.process_time()
    rendered, lines = project.lines(text)
    assert time.process_time() - before < 5
    assert rendered.endswith('  KEY: "x"\n')
    assert lines == [*range(1, 10_003)]
