"""Variables in shell commands."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.secrets.shell_text import rewrite, tokens


def holder(name):
    return {"A": "a_", "W": "w_"}.get(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo $A", "echo ${a_}"),
        ("echo ${A}", "echo ${a_}"),
        ("echo ${A:-x}", "echo ${a_:-x}"),
        ("echo ${A%%x}", "echo ${a_%%x}"),
        ("echo ${#A}", "echo ${#a_}"),
        ('echo "$A b"', 'echo "${a_} b"'),
        ("echo '$A b'", "echo ''\"${a_}\"' b'"),
        ("echo '${A}'", "echo ''\"${a_}\"''"),
        ("echo $W", 'echo "${w_}"'),
        ('echo "$W"', 'echo "${w_}"'),
        ("echo x$W", 'echo x"${w_}"'),
        ("echo $B ${B} '$B'", "echo $B ${B} '$B'"),
        ("echo $AB $1 $$ $?", "echo $AB $1 $$ $?"),
        (r"echo \$A", "echo $A"),
        (r"awk '{print \$1}'", "awk '{print $1}'"),
        (r"echo \\$A", r"echo \$A"),
        (r"echo \"$A", r"echo \"${a_}"),
        ('echo "it\'s $A"', 'echo "it\'s ${a_}"'),
        ("echo $(cat '$A')", "echo $(cat ''\"${a_}\"'')"),
        ('echo "$(echo "$W" $W)"', 'echo "$(echo "${w_}" "${w_}")"'),
        ("(echo $A)", "(echo ${a_})"),
        ("echo x # it's $A", "echo x # it's $A"),
        ('echo "a # $A"', 'echo "a # ${a_}"'),
        ("echo a#$A", "echo a#${a_}"),
    ],
)
def test_rewrite(text, expected):
    assert rewrite(text, holder, whole=lambda name: name == "W") == expected


@given(st.text(alphabet="ab$A{}()'\"\\ #\n:-"))
def test_nothing_is_lost(text):
    assert "".join(token.text for token in tokens(text)) == text
    unchanged = rewrite(text, lambda name: None, whole=lambda name: False)
    assert unchanged.count("\\") <= text.count("\\")
    assert unchanged.replace("\\", "") == text.replace("\\", "")


@settings(max_examples=60)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_value_arrives_in_every_kind_of_quotes(value):
    text = "printf '%s|' \"$A\" '$A' $W \"x${W}y\" \"$(printf %s. '$A')\""
    script = rewrite(text, holder, whole=lambda name: name == "W")
    result = subprocess.run(
        ["/bin/sh", "-c", script], env={"a_": value, "w_": value}, capture_output=True, check=True
    )
    inner = f"{value}."
    assert result.stdout.decode() == f"{value}|{value}|{value}|x{value}y|{inner}|"


@given(st.lists(st.text(st.characters(exclude_characters="\0$\\", exclude_categories=["Cs"]))))
def test_words_without_variables_stay(words):
    text = shlex.join(words)

    assert rewrite(text, holder, whole=lambda name: True) == text
