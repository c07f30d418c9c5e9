"""Regular expressions: those that mean the same in Python are translated, others refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config.templates.context import Meter
from kamalpy.config.templates.erb.regexps import compile_regexp, matches
from kamalpy.config.templates.template_errors import LimitError, UnsupportedError


def found(pattern, text, flags=""):
    """Spans of the match and of its groups, or None."""
    match = next(matches(compile_regexp(pattern, flags, Meter()), text, Meter()), None)
    return None if match is None else spans(match)


def spans(match):
    return [match.span(number) for number in range(match.re.groups + 1)]


def pythons(pattern, text):
    match = re.search(pattern, text, re.MULTILINE | re.ASCII)
    return None if match is None else spans(match)


ATOMS = st.sampled_from(
    ["a", "b", ".", "\\d", "\\w", "\\s", "[ab]", "[^a]", "[a-c1]", "\\.", "\\-", "x", "\\b", "$"]
)
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map("|".join).map("(?:{})".format),
        inner.map("({})".format),
        st.tuples(inner, st.sampled_from(["*?", "+?", "??", "{1,2}?"])).map(
            lambda pair: f"(?:x{pair[0]}){pair[1]}"
        ),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{1,}"])).map(
            lambda pair: f"(?:{pair[0]}x){pair[1]}"
        ),
    ),
    max_leaves=8,
)


@given(PATTERNS, st.text("abx1.- \n", max_size=12))
def test_matches_are_those_of_python_unless_refused(pattern, text):
    try:
        ours = found(pattern, text)
    except (UnsupportedError, LimitError):
        return
    assert pythons(pattern, text) == ours


@given(st.text("ab(|)[]^-*+?{}1,\\dw.$<>:=!", max_size=12), st.text("ab1", max_size=6))
def test_any_text_is_a_pattern_or_is_refused(pattern, text):
    try:
        found(pattern, text)
    except (UnsupportedError, LimitError):
        return


RUBYS = [
    (r"^b$", "a\nb", "", [(2, 3)]),
    (r"\Ab", "a\nb", "", None),
    (r"a\z", "a\n", "", None),
    (r"a\Z", "a\n", "", [(0, 1)]),
    (r"a.b", "a\nb", "", None),
    (r"a.b", "a\nb", "m", [(0, 3)]),
    (r"HOST", "my host", "i", [(3, 7)]),
    (r"^", "a\n", "", [(0, 0)]),
    (r"\n^", "a\n", "", None),
    (r"\h+", "xyz0aFg", "", [(3, 6)]),
    (r"(\d+)\.", "v12.3", "", [(1, 4), (1, 3)]),
    (r"[\h&|.-]+", "x1f&|-.", "", [(1, 7)]),
    (r"a{,2}", "aaa", "", [(0, 2)]),
    (r"[a\]]+", "a]", "", [(0, 2)]),
    (r"\/", "a/b", "", [(1, 2)]),
]


@pytest.mark.parametrize(("pattern", "text", "flags", "expected"), RUBYS)
def test_what_ruby_means_differently(pattern, text, flags, expected):
    assert expected == found(pattern, text, flags)


REFUSED = [
    "(a|b)*",
    "(a+)+",
    "(?:a*)*",
    "[a--]",
    "{a",
    "(?=a)",
    "(?!a)",
    "(?<=a)",
    "(?<!a)",
    "(?i)a",
    "(?>a)",
    "a++",
    "a**",
    r"(a)\1",
    r"\p{Alpha}",
    r"\R",
    "[a&&b]",
    "[[a]b]",
    "[a",
    "[]a",
    "(a",
    "a)",
    "*a",
    "[b-a]",
    "[[:alpha:]]",
    "(?<n>a)",
    "a{3,2}",
    "a\\",
]


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_is_not_simple_is_refused(pattern):
    with pytest.raises(UnsupportedError):
        compile_regexp(pattern, "", Meter())


def test_flags_that_change_the_syntax_are_refused():
    with pytest.raises(UnsupportedError):
        compile_regexp("a b", "x", Meter())


@pytest.mark.parametrize(("pattern", "flags"), [(r"\bx", ""), ("x", "i")])
def test_what_needs_to_know_letters_is_refused_for_text_other_than_ascii(pattern, flags):
    with pytest.raises(UnsupportedError):
        found(pattern, "é x", flags)


def test_a_search_that_could_take_too_long_is_refused_before_it_begins():
    with pytest.raises(LimitError):
        found("a*a*a*b", "a" * 1_000)
    assert found("[^a]+b", "a" * 100_000) is None
