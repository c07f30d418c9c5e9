"""What is not rendered without Ruby: each is refused with its place and with both ways out."""

import pytest

RUBY = "let an installed Ruby render it (`ruby: true` under x-kamalpy, or --ruby)"
DOCS = "see docs/templates.md"
MACRO = "{% macro name(x) %}...{% endmacro %}"
LOOP = "{% for item in items %}...{% endfor %}"

CONSTRUCTS = [
    ("def port(n) = n + 1", 1, "a method of its own", MACRO),
    ("class Host; end", 1, "a class of its own", MACRO),
    ("module Hosts; end", 1, "a module of its own", MACRO),
    ("x = ->(n) { n }", 5, "a lambda", MACRO),
    ("true and false", 6, "`and` (&& is)", "{{ a and b or c }}"),
    ("not true", 1, "`not` (! is)", "{{ not value }}"),
    ('"\\u00e9"', 2, "the escape \\u", DOCS),
    ("lambda { 1 }", 1, "`lambda`", DOCS),
    ("for i in [1] do end", 1, "a `for` loop (list.each do |item| is)", LOOP),
    ("while true do end", 1, "a `while` loop (list.each do |item| is)", LOOP),
    ("x = 1 until x", 7, "an `until` loop (list.each do |item| is)", LOOP),
    ("loop { 1 }", 1, "`loop`", DOCS),
    ("[1].each { break }", 12, "`break`", "{% if %}...{% endif %}"),
    ("[1].each { next }", 12, "`next`", "{% if %}...{% endif %}"),
    ("defined?(x)", 1, "`defined?`", "{% if name is defined %}"),
    ("case 1 when 1 then 3 end", 1, "`case` (if ... elsif is)", "{% if %}...{% elif %}"),
    ("a, b = [1, 2]", 2, "several assignments at once", "{% set name = value %}"),
    ("[1].each { |(a, b)| a }", 13, "this parameter of a block", "{% for name in items %}"),
    ("begin; 1; rescue => e; 2; end", 1, "the error of a rescue (rescue KeyError is)", DOCS),
    ("begin; 1; ensure; 2; end", 11, "more than one rescue, or ensure,", DOCS),
    ("[*[1]]", 2, "* or & before an argument", DOCS),
    ("format('%03d', 7)", 1, "`format`", DOCS),
    ("3.times { 1 }", 3, "the method .times of an Integer", DOCS),
    ("(1..3).map { |n| n }", 8, "the method .map of a Range", DOCS),
    ("h = {}; h[:a] = 1", 15, "the method `[]=` of a Hash", DOCS),
    ("'a' * 3", 5, "the method `*` of a String", DOCS),
    ("'abc'.tr('a-c', 'x')", 7, "this set of letters", "{{ text | replace('a', 'b') }}"),
    ("[1].map { it }", 11, "`it`, a parameter without a name", "{% for name in items %}"),
    ("[1].each { |*a| a }", 13, "this parameter of a block", "{% for name in items %}"),
    ("x = <<~END", 5, "a here-document (<<~)", "{% set text %}...{% endset %}"),
    ("x = ?a", 5, "`?a`", DOCS),
    ("$stdout", 1, "`$s`", DOCS),
    ("x = 1e5", 5, "`1e5`", DOCS),
    ("x = 0755", 5, "an octal number", "{{ 493 }}"),
    ("1.5 + 1", 5, "the method `+` of a Float", DOCS),
    ("1 + 1.5", 3, "calculating with a Float", "{{ 1.5 + 1 }}"),
    ("[1, 2].group_by { |n| n }", 8, "the method .group_by of an Array",
     "{{ items | groupby('name') }}"),
    ('"a".titleize', 5, "the method .titleize of a String", "{{ text | title }}"),
    ("Gem::Specification", 1, "the constant Gem::Specification", DOCS),
    ("File.write('a', 'b')", 6, "`File.write`", DOCS),
    ("system('ls')", 1, "`system`", DOCS),
    ("eval('1')", 1, "`eval`", DOCS),
    ('"a" =~ /(?=a)/', 8, "this regular expression", "{{ text | replace('a', 'b') }}"),
    ('"a" =~ /(a+)+b/', 8, "this regular expression", "{{ text | replace('a', 'b') }}"),
    ("{ nil => 1, [1] => 2 }", 1, "an Array as the key of a hash", "{{ {'name': value} }}"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "column", "construct", "jinja"), CONSTRUCTS)
def test_what_is_refused_says_where_and_what_else_to_write(project, code, column, construct, jinja):
    told = project.error(f"service: blog\n<% {code} %>\n")
    assert told == (
        f"config/deploy.yml:2: {construct} is not rendered without Ruby (column {column + 3});"
        f" {RUBY}, or write it in Jinja2: {jinja}"
    )


IN_PLACE = [
    ("text << other", "text += other"),
    ("text.upcase!", "text = text.upcase"),
    ('text.gsub!("a", "b")', "text = text.gsub"),
]


@pytest.mark.parametrize(("code", "instead"), IN_PLACE)
def test_a_string_that_would_change_in_place_is_refused(project, code, instead):
    told = project.error(f'<% other = "b"; text = "a"; {code} %>')
    assert f"which changes a string in place ({instead} does not)" in told
    assert "is not rendered without Ruby" in told
    assert "{% set text = text ~ other %}" in told
