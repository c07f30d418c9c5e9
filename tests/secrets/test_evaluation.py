"""From lines to values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.dotenv import quote
from kamalpy.errors import SecretError

BYTES = st.binary(max_size=40).map(
    lambda b: b.replace(b"\0", b"").decode("utf-8", "surrogateescape")
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("A=ABC", "ABC"),
        ("A=$(echo ABC)", "ABC"),
        ("B=ABC\nA=${B}DEF", "ABCDEF"),
        ("A=$OUTSIDE", "from outside"),
        ("OUTSIDE=DEF\nA=$OUTSIDE", "DEF"),
        ("A=DEF\nA=$A/x", "DEF/x"),
        ("A=$A", "a outside"),
        ("A=${NOT_SET:-fallback}", "fallback"),
        ("B=b\nA=${NOT_SET:-${B}/$OUTSIDE}", "b/from outside"),
        ("A=${OUTSIDE:-fallback}", "from outside"),
        ("A=${EMPTY:-fallback}", "fallback"),
        (r"A=\$OUTSIDE", "$OUTSIDE"),
        ("A='$OUTSIDE $(echo x)'", "$OUTSIDE $(echo x)"),
        ('A="$(echo "x")"', "x"),
        (r'A="$(printf "%s" \"x y\")"', "x y"),
        ("A=$(echo a b | tr ab xy)", "x y"),
        ("A=$(echo $(echo $(echo deep)))", "deep"),
        ("A=$(test -e nothing && echo yes || echo no)", "no"),
        ("A=a$(echo b)c$(echo d)", "abcd"),
        ('A=$(cat nothing 2>/dev/null || echo "$NOT_SET$OUTSIDE")', "from outside"),
    ],
)
def test_values(project, content, expected):
    project.environ |= {"OUTSIDE": "from outside", "A": "a outside", "EMPTY": ""}

    assert project.value(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (r"A=$(printf %s 'pa\$word')", "pa$word"),
        ("B='pa$word'\nA=$B", "pa$word"),
        ("B='pa$word'\nA=$(printf %s $B)", "pa$word"),
        ("B='pa$word'\nA=$(printf %s '$B')", "pa$word"),
        ('B=\'`id` $(id); id # "\'\nA=$(printf %s "$B")', '`id` $(id); id # "'),
        ("A=$(echo 'a # b') # c", "a # b"),
        ("A=$(echo ')')", ")"),
        ("A=\"$(printf 'a\\nb')\"", "a\nb"),
        ("A=$(printf '%s\\\\n' a b '')", "a\nb\n"),
        ("A=' a\n b '", " a\n b "),
        ('A="a\nb"', "a\nb"),
        ("A='{\"a\":$B}'", '{"a":$B}'),
        ('B=1\nA={"a":$B}', '{"a":1}'),
        (r'A="\$(not a command"', "$(not a command"),
        ('A="C:\\\\"\nB=""', "C:\\"),
        ("B=x\nA=$B$(echo y)", "xy"),
    ],
)
def test_values_that_kamal_damages(project, content, expected):
    assert project.value(content) == expected


def test_commands_run_in_the_project_and_know_the_destination(project):
    project.write("keys/staging.key", "k\n")
    project.write(
        ".kamal/secrets.staging", "A=$(cat keys/$KAMAL_DESTINATION.key)$KAMAL_DESTINATION"
    )

    assert project.secrets(destination="staging").value("A") == "kstaging"


def test_without_a_destination_nobody_else_gives_one(project):
    project.environ["KAMAL_DESTINATION"] = "production"

    assert project.value("A=x${KAMAL_DESTINATION:-}") == "x"


def test_commands_do_not_inherit_what_the_file_defines(project):
    project.environ["AWS_PROFILE"] = "mine"

    assert (
        project.value("AWS_PROFILE=app\nA=$(echo $(printenv AWS_PROFILE) $AWS_PROFILE)")
        == "mine app"
    )


def test_values_are_in_no_process_list(project):
    content = r"""
CANARY='c4nary value'
FETCHED=$(kamal secrets fetch --adapter test --account me yran4c)
A="$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'; : $CANARY '$FETCHED')"
B="$(sh -c 'cat /proc/$$/environ' | tr '\\0' '\\n'; : $CANARY '$FETCHED')"
C=$(printf %s $CANARY)
"""
    found = project.secrets(content).items()

    assert found["C"] == "c4naryvalue"
    assert "cat" in found["A"]
    assert "PATH=" in found["B"]
    assert "c4nary" not in found["A"] + found["B"]


def test_legacy_newlines(project):
    assert project.value('DOTENV_LINEBREAK_MODE=legacy\nA="a\\nb"') == "a\nb"
    assert project.value('A="a\\nb"') == r"a\nb"
    project.environ["DOTENV_LINEBREAK_MODE"] = "legacy"
    assert project.value('A="a\\nb"') == "a\nb"


NAMES = "needs B, but .kamal/secrets:1: B: "
NOT_SET = (
    "${0} is not set; export {0}=..., define it above this line, or write \\${0} for a dollar sign"
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("A=$NOT_SET", f":1: A: {NOT_SET.format('NOT_SET')}"),
        ("\n# x\nA=pa$5word", f":3: A: {NOT_SET.format('5word')}"),
        ("A=${B}\nB=1", f":1: A: {NOT_SET.format('B')}"),
        ("B=$C\nA=$B", f":2: A: {NAMES}{NOT_SET.format('C')}"),
        ("B=$C\nA=$(echo $B)", f":2: A: {NAMES}{NOT_SET.format('C')}"),
        ("A=$(exit 3)", ':1: A: the command "exit 3" failed with exit code 3'),
        (
            "A=$(echo hunter2; echo no >&2; false)",
            ':1: A: the command "echo hunter2; echo no >&2; false" failed with exit code 1: no',
        ),
        (
            "B=hunter2\nA=$(echo no $B >&2; false)",
            ':2: A: the command "echo no $B >&2; false" failed with exit code 1: no ***',
        ),
        (
            f"A=$({'true; ' * 20} false)",
            f':1: A: the command "{"true; " * 10}..." failed with exit code 1',
        ),
        (
            "A=$(a\n  b)",
            ":1: A: $( is never closed; close it, with double quotes around a value of several "
            "lines, or write single quotes around a value that is no command",
        ),
        ("export A", ":1: A: is exported without a value; write export A=value"),
        ("A='a\0b'", ":1: A: holds what no environment can: a NUL byte, or half a character"),
        ("A=", ':1: A: comes out empty; write A="" if it may be empty'),
        ("A", ':1: A: comes out empty; write A="" if it may be empty'),
        ("A=$EMPTY", ':1: A: comes out empty; write A="" if it may be empty'),
        ('A="$EMPTY"', ':1: A: comes out empty; write A="" if it may be empty'),
        ("A=$(true)", ':1: A: comes out empty; write A="" if it may be empty'),
        ("B=\nA=$B", ':2: A: comes out empty; write A="" if it may be empty'),
        (
            "A=$(kamal secrets fetch --adapter test foo)",
            ":1: A: the test adapter needs an account; add --account",
        ),
        ("A=$(kamal secrets extract x $S)", f":1: A: {NOT_SET.format('S')}"),
        (
            "A=$(kamal secrets print)",
            ":1: A: kamal secrets print gives no secret; use fetch or extract",
        ),
    ],
)
def test_mistakes(project, content, message):
    project.environ["EMPTY"] = ""

    with pytest.raises(SecretError) as error:
        project.value(content)
    assert str(error.value) == f".kamal/secrets{message}"


@pytest.mark.parametrize(
    "content", ['A=""', "A=''", "A=${NOT_SET:-}", "A=${EMPTY:-}", "B=''\nA=$B", 'B=""\nA="$B"']
)
def test_empty_on_purpose(project, content):
    project.environ["EMPTY"] = ""

    assert project.value(content) == ""


FETCH = "kamal secrets fetch --adapter test --account me"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (f"A=$({FETCH} foo 'b r')", '{"foo":"oof","b r":"r b"}'),
        (f"S=$({FETCH} foo bar)\nA=$(kamal secrets extract bar $S)", "rab"),
        (f"S=$({FETCH} foo bar)\nA=$(kamal secrets extract bar ${{S}})", "rab"),
        (f'S=$({FETCH} foo bar)\nA=$(kamal secrets extract bar "$S")', "rab"),
        (f'S="$({FETCH} foo \n  bar)"\nA="$(kamal secrets extract bar $S)"', "rab"),
        (f"S=$({FETCH} --from a foo)\nA=$(kamal secrets extract foo $S)", "oof/a"),
        (f"S=$(kamalpy {FETCH[6:]} foo)\nA=$(kamalpy secrets extract foo $S)", "oof"),
        (f"S=$(bin/{FETCH} foo)\nA=$(bundle exec kamal secrets extract foo $S)", "oof"),
        (f"S=$({FETCH} 'a)b(')\nA=$(kamal secrets extract 'a)b(' $S)", "(b)a"),
        (f"S=$({FETCH} 'a $HOME  b')\nA=$(printf %s $S)", '{"a /root  b":"b  toor/ a"}'),
        (f"A=$({FETCH} foo | tr a-z A-Z)", '{"FOO":"OOF"}'),
        (f"S=$({FETCH} x)\nA=$(kamal secrets extract y $S 2>/dev/null || echo none)", "none"),
        (f'S=$({FETCH} x)\nA=$(kamal secrets extract x "$S" | tr x y)', "y"),
        ("ACCOUNT=me\nA=$(kamal secrets fetch -a test --account $ACCOUNT foo)", '{"foo":"oof"}'),
        ("A=$(kamal secrets fetch -a test --account $(echo me) foo)", '{"foo":"oof"}'),
        ('A=$(kamal secrets extract a \'{"b/a":"1\\n"}\')', r"1n"),
        (
            'A=$(kamal secrets extract KEY1 \\\\{\\\\"KEY1\\\\":\\\\"pass\\\\)word\\\\"\\\\})',
            "pass)word",
        ),
    ],
)
def test_fetch_and_extract_need_no_process(project, content, expected):
    project.environ["HOME"] = "/root"

    assert project.value(content) == expected


@pytest.mark.parametrize(
    "value", ["pa$word", "a b", "a  *  b", "#", "'", '"', "\\", "é\n\n.", "{}"]
)
def test_fetched_values_are_untouched(project, value):
    content = f'N={quote(value[::-1])}\nS=$({FETCH} "$N")\nA=$(kamal secrets extract "$N" $S)'

    assert project.value(content) == value


@settings(max_examples=40)
@given(BYTES)
def test_any_value_comes_out_of_a_command(project, value):
    project.write("value", value.encode("utf-8", "surrogateescape") + b"|")

    read = project.secrets(
        'B=$(cat value)\nC=x$B\nA=$(printf "%s|" $C)\nD="$(printf "%s|" \\"$C\\")"'
    )

    assert read.items()["B"] == f"{value}|"
    assert read.items()["C"] == f"x{value}|"
    assert read.items()["D"] == f"x{value}||"


@settings(max_examples=150)
@given(
    st.text(alphabet="ABab=:'\"\\${}()#\n\r -;|&<>~!*?[]%é\0\ufeff").filter(lambda t: "(" not in t)
)
def test_hostile_text_is_a_value_or_an_error_of_ours(project, text):
    secrets = project.secrets(text)

    for name in secrets.names():
        assert value_or_message(secrets, name) is not None


@settings(max_examples=80)
@given(st.text(alphabet="AS'\"\\${}()#\n |&;<>*x-=/"))
def test_hostile_commands_are_values_or_errors_of_ours(project, text):
    # No program is found, and nothing is written: the shell has only its own words.
    project.environ["PATH"] = "/nowhere"
    prefix = "kamal secrets extract "
    secrets = project.secrets(f'S=\'{{"x":"y"}}\'\nA=$({prefix}{text.replace(">", "")})')

    for name in secrets.names():
        assert value_or_message(secrets, name) is not None


def value_or_message(secrets, name):
    try:
        return secrets.value(name)
    except SecretError as error:
        return str(error)
