"""Our regular expressions find what Python's find, wherever both mean the same."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.matcher import search
from kamalpy.config.templates.regexp import compile_regexp
from kamalpy.config.templates.trouble import Beyond, Exceeded


def found(pattern, text, flags=""):
    """Edges of the match and of its groups, or None."""
    slots = search(compile_regexp(pattern, flags), text, 0, Meter())
    if slots is None:
        return None
    pairs = zip(slots[::2], slots[1::2], strict=True)
    return [(low, high) if -1 not in (low, high) else (-1, -1) for low, high in pairs]


def pythons(pattern, text):
    match = re.search(pattern, text, re.MULTILINE | re.ASCII)
    return None if match is None else [match.span(number) for number in range(match.re.groups + 1)]


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
def test_matches_are_those_of_python(pattern, text):
    assert pythons(pattern, text) == found(pattern, text)


@given(st.text("ab(|)[]^-*+?{}1,\\dw.$<>:=!", max_size=12), st.text("ab1", max_size=6))
def test_any_text_is_a_pattern_or_is_refused(pattern, text):
    try:
        found(pattern, text)
    except (Beyond, Exceeded):
        return


RUBYS = [
    (r"^b$", "a\nb", "", [(2, 3)]),
    (r"\Ab", "a\nb", "", None),
    (r"a\z", "a\n", "", None),
    (r"a\Z", "a\n", "", [(0, 1)]),
    (r"a.b", "a\nb", "", None),
    (r"a.b", "a\nb", "m", [(0, 3)]),
    (r"HOST", "my host", "i", [(3, 7)]),
    (r"a b # note", "ab", "x", [(0, 2)]),
    (r"\h+", "xyz0aFg", "", [(3, 6)]),
    (r"[[:alpha:]]+", "1ab2", "", [(1, 3)]),
    (r"(?<major>\d+)\.", "v12.3", "", [(1, 4), (1, 3)]),
    (r"a{,2}", "aaa", "", [(0, 2)]),
    (r"{a", "{a", "", [(0, 2)]),
    (r"[a\]]+", "a]", "", [(0, 2)]),
    (r"\/", "a/b", "", [(1, 2)]),
]


@pytest.mark.parametrize(("pattern", "text", "flags", "expected"), RUBYS)
def test_what_ruby_means_differently(pattern, text, flags, expected):
    assert expected == found(pattern, text, flags)


REFUSED = [
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
    "[[:foo:]]",
    "a{3,2}",
    "a\\",
]


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_is_not_simple_is_refused(pattern):
    with pytest.raises(Beyond):
        compile_regexp(pattern)
