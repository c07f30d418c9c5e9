"""``kamal secrets ...`` in a command, split into words."""

from __future__ import annotations

import pytest

from kamalpy.secrets.inline import Inline, Source, read, verb

JSON = '{"A":"x y","B":"it\'s $HOME"}'


def source(text):
    values = {"S": JSON, "LIST": "one two", "ONE": "1"}

    return Source(
        variable=lambda name, default: values.get(name, default or ""),
        command=lambda text: f"<{text}>",
        is_whole=lambda name: name == "S",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kamal secrets fetch -a x A", "fetch"),
        ("  kamal  secrets\textract A", "extract"),
        ("kamalpy secrets fetch", "fetch"),
        ("bundle exec kamal secrets print", "print"),
        ("bin/kamal secrets fetch", "fetch"),
        ("./bin/kamal secrets fetch", "fetch"),
        ("/opt/my.tools/kamal secrets fetch", "fetch"),
        ("kamal", None),
        ("kamal config", None),
        ("mykamal secrets fetch", None),
        ("echo kamal secrets fetch", None),
        ("x;kamal secrets fetch", None),
    ],
)
def test_verb(text, expected):
    assert verb(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("extract A $S", ["extract", "A", JSON]),
        ("extract A ${S}", ["extract", "A", JSON]),
        ('extract A "$S"', ["extract", "A", JSON]),
        ("extract A '$S'", ["extract", "A", JSON]),
        ("extract A $LIST", ["extract", "A", "one two"]),
        ("fetch $LIST", ["fetch", "one", "two"]),
        ("fetch x$LIST.y", ["fetch", "xone", "two.y"]),
        ('fetch "$LIST"', ["fetch", "one two"]),
        ("fetch --from '${ONE}'/x", ["fetch", "--from", "1/x"]),
        ("fetch ${NONE:-x}", ["fetch", "x"]),
        ("fetch \n  A\n  B ", ["fetch", "A", "B"]),
        ("fetch \\\n  A", ["fetch", "A"]),
        ("fetch 'a  b'\"c d\"e", ["fetch", "a  bc de"]),
        ("fetch '' \"\"", ["fetch", "", ""]),
        (r"extract A \{\"A\":\"pass\)word\"\}", ["extract", "A", '{"A":"pass)word"}']),
        (r'fetch "a\"b\\c\d" \x', ["fetch", r'a"b\c\d', "x"]),
        (r"fetch \$ONE '\$ONE'", ["fetch", "$ONE", "$ONE"]),
        ("fetch My(Vault)/x", ["fetch", "My(Vault)/x"]),
        ("fetch --account $(cat account)", ["fetch", "--account", "<cat", "account>"]),
        ('fetch "$(a $(b))" c', ["fetch", "<a $(b)>", "c"]),
        ("fetch A 2>/dev/null", ["fetch", "A"]),
        ("fetch A 2>&1", ["fetch", "A"]),
        ("fetch A # a comment", ["fetch", "A"]),
    ],
)
def test_words(text, words):
    assert read(f"kamal secrets {text}", source(text)) == Inline(tuple(words))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fetch A | jq -r .A", Inline(("fetch", "A"), "|", " jq -r .A")),
        ("fetch A|jq .", Inline(("fetch", "A"), "|", "jq .")),
        ("fetch A 2>/dev/null || echo x", Inline(("fetch", "A"), "||", " echo x")),
        ("fetch 'a|b' | tr '|' x", Inline(("fetch", "a|b"), "|", " tr '|' x")),
    ],
)
def test_what_follows_is_for_the_shell(text, expected):
    assert read(f"kamal secrets {text}", source(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["fetch A; echo", "fetch A && echo", "fetch A > x", "fetch A < x", "fetch `a`", "fetch ${A%x}"],
)
def test_what_only_a_shell_can_do(text):
    assert read(f"kamal secrets {text}", source(text)) is None
