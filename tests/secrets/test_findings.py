"""Lines of a secrets file that do not say what their author meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamalpy.secrets.findings import findings

LINES = [
    ("A=b\n# a comment\n\nexport C=d\nE: f\n", []),
    (
        "A=b\nTOKEN canary\n",
        [".kamal/secrets:2: is skipped: it has no =; "
         "write NAME=value, or put # before a comment"],
    ),
    (
        "A='canary\nB=c\n",
        [".kamal/secrets:1: A: a quote is opened and not closed; close it, or leave both out"],
    ),
    (
        "PASSWORD=can#ary\n",
        [".kamal/secrets:1: PASSWORD: the value ends at the #, which begins a comment; "
         "put the value in single quotes"],
    ),
    ("A='can#ary'\nB=\"can#ary\"\nC=canary # a comment\nD=$(echo can#ary)\n", []),
    ("KEY='-----BEGIN\ncanary\n-----END'\nB=c\n", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_findings(text: str, expected: list[str], tmp_path: Path) -> None:
    (tmp_path / ".kamal").mkdir()
    (tmp_path / ".kamal/secrets").write_text(text)
    found = [str(each) for each in findings(tmp_path, (".kamal/secrets-common", ".kamal/secrets"))]
    assert found == expected
    assert "canary" not in repr(found)
