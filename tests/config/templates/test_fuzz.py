"""
Whatever stands in a template: it is rendered, or refused with our own error.

``fuzz_by_hand.py`` does the same for hours, led by the code that is reached.
"""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.config.templates import render_accessory, render_with_lines
from kamalpy.config.templates.erb.methods import METHODS, MODULES, OBJECT
from kamalpy.errors import ConfigurationError

# fmt: off
WORDS = [
    "ENV", 'ENV["A"]', 'ENV.fetch("Q")', '.split(",")', ".map { |x| x }", "do |x|",
    "{ |a, (b, *c)|",
    "end", "if", "unless", "else", "elsif", "while", "until", "case", "when", "then", "begin",
    "rescue => e", "ensure", 'raise "x"', "x", "y", "@z", "$1", "$~", "=", "==", "===", "=~", "+=",
    "||=", "&&", "||", "!", "not", "and", "?", ":", "::", ".", "&.", ",", ";", "(", ")", "[", "]",
    "{", "}", "1", "0", "-1", "1.5", "1e9", '"a"', "'b'", '"#{x}"', '"#{', ":sym", "%w[a b]",
    "/a+/",
    "/(a|b)*c/", "/[", "nil", "true", "[1, 2]", "{a: 1}", "1..5", "1..", ".first", ".join",
    ".map(&:to_s)", ".each_slice(2)", ".sort", ".sum", ".flatten", ".to_s", ".to_i", ".inspect",
    '.gsub(/a/, "b")', '.gsub("a", "bb")', '.tr("a-z", "b")', ".scan(/./)", "*", "**", "+", "-",
    "/", "%", "<<", ">>", "&", "|", "^", "~", "<", "<=>", "->", "lambda", "loop",
    "def f(a, b = 1, *c, k: 2)", "yield", "return", "break", "next", "puts", 'format("%5d", 3)',
    'Integer("3")', "Array(1)", 'File.join("a", "b")', 'File.read("x")', 'require "dotenv"',
    "Dotenv.load", "Time.now", '.strftime("%Y")', 'ERB.new("<%%= 1 %%>").result', "URI", "defined?",
    "`git rev-parse HEAD`", "`ls`", "<<~X", "#", "\n", "it", "_1", ".then", "[0]", "[0] = 1", "&b",
    "self", "class", "3.times", ".each_with_index", ".with_index(1)", ".reduce(:+)", ".zip([1])",
    ".group_by", ".to_h", ".dig(:a)", ".fetch(0)", ".merge({b: 2})", ".presence", ".ljust(9)",
    ".round(2)", ".digits", ".lines", ".match(/(?<n>a)/)", "[:n]", ".to_a", ".push(1)", ".pop",
    ".rotate", ".transpose", ".partition", ".clamp(1, 2)", ".divmod(3)", ".floor(-1)", ".to_f",
    ".is_a?(String)", ".class", '.new("m")', "KeyError", "Hash.new(0)", ".call(1)", ".(2)",
]
# fmt: on
CODE = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
TEMPLATES = st.lists(
    st.one_of(
        CODE.map("<%= {} %>".format),
        CODE.map("<% {} -%>\n".format),
        CODE.map("<% {}\n%>".format),
        CODE,
        st.sampled_from(["<%", "%>", "<%#", "<%%", "%%>", "<%-", "-%>", "text\n", "# ", "\n"]),
        st.text(max_size=5),
    ),
    max_size=5,
).map("".join)
# fmt: off
MARKS = [
    "{{", "}}", "{%", "%}", "{#", "#}", "env", ".A", "['A']", "|", "join", "default('x')", "for",
    "in", "if", "else", "endif", "endfor", "set", "x", "=", "macro", "f()", "endmacro", "call",
    "endcall", "filter", "endfilter", "upper", "raw", "endraw", "1", "'a'", "+", "*", "**", "~",
    "(", ")", "[", "]", "{", "}", ",", ":", ".", "range(9)", "loop.index", "not", "is", "defined",
    "namespace(a=1)", "read_file('x')", "block",
]
# fmt: on
JINJA = st.lists(st.one_of(st.sampled_from(MARKS), st.text(max_size=3)), max_size=12).map(" ".join)
EXAMPLES = int(os.environ.get("KAMALPY_FUZZ", "150"))
patient = settings(
    max_examples=EXAMPLES,
)


def problems(root, text, file):
    """What is wrong with a template; any other end is a failure."""
    environ = {"A": "a,b", "B": "", "PATH": os.environ["PATH"]}
    try:
        result, lines = render_with_lines(text, file=file, root=root, environ=environ)
    except ConfigurationError as error:
        return error.problems
    assert len(lines) == result.count("\n") + 1
    return ()


@patient
@given(text=TEMPLATES)
def test_erb(tmp_path, text):
    for problem in problems(tmp_path, text, "config/deploy.yml"):
        assert problem.what
        assert problem.line


@patient
@given(text=TEMPLATES)
def test_erb_of_accessories(tmp_path, text):
    try:
        render_accessory(text, file="motd.erb", values={"A": "a,b"}, root=tmp_path)
    except ConfigurationError:
        return


@patient
@given(text=JINJA)
def test_jinja(tmp_path, text):
    assert all(problem.what for problem in problems(tmp_path, text, "deploy.yml.j2"))


@patient
@given(text=st.text())
def test_text_without_tags_comes_back_as_it_is(tmp_path, text):
    if "<%" in text or "{{" in text or "{%" in text:
        return
    result, lines = render_with_lines(text, file="deploy.yml", root=tmp_path, environ={})
    assert result == text
    assert lines == list(range(1, text.count("\n") + 2))


VALUES = [
    "nil", "true", "0", "-3", "2.5", '""', '"abc"', '"é\\n"', ":a", "[]", "[3, 1, 2]", '["a", nil]',
    "[[1, 2]]", "{}", "{a: 1}", '{"a" => [1]}', "1..3", '"a".."c"', "1..", "/a/", "/(b)/", "String",
    "Time.now", 'URI("http://a/b")', "ENV", "KeyError", '"a".match(/a/)', '"x" * 30', "JSON",
]  # fmt: skip


def methods():
    """Every method of every table that is called by a word."""
    tables = [*METHODS.values(), *MODULES.values(), OBJECT]
    names = {name for table in tables for name in table}
    return sorted(name for name in names if name[0].isalpha() and not name.endswith("="))


ARGUMENTS = st.lists(st.sampled_from(VALUES), max_size=2).map(", ".join).map("({})".format)
BLOCKS = st.sampled_from(["{ |x| x }", "{ |x, y| [x, y] }", "{ 1 }", "(&:to_s)"])
CALLS = st.tuples(st.sampled_from(VALUES), st.sampled_from(methods()), st.one_of(ARGUMENTS, BLOCKS))


@settings(patient, max_examples=20 * EXAMPLES)
@given(call=CALLS)
def test_every_method_takes_or_refuses_every_value(tmp_path, call):
    value, name, arguments = call
    problems(tmp_path, f"<%= (({value}).{name}{arguments}).inspect %>", "deploy.yml")
