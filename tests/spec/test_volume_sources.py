"""Volumes below the SSH user's home, or with variables of the server."""

from __future__ import annotations

import pytest

from kamalpy.spec.volumes import absolute, below_home, expand, variables


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ("~/a:/b", "/a:/b"),
        ("~:/b", ":/b"),
        ("$HOME/a:/b", "/a:/b"),
        ("${HOME}:/b", ":/b"),
        ("$PWD/a:/b:ro", "/a:/b:ro"),
        ("${PWD}/a:/b", "/a:/b"),
        ("./a:/b", "/a:/b"),
        ("../a:/b", "/../a:/b"),
        ("a/b:/c", "/a/b:/c"),
        ("a:/b", None),
        ("/a:/b", None),
        ("/a", None),
        ("a", None),
        ("", None),
    ],
)
def test_below_home(volume: str, expected: str | None) -> None:
    assert below_home(volume) == expected
    assert absolute(volume, "/root") == (volume if expected is None else f"/root{expected}")


VALUES = {"BASE": "/srv", "HOME": "/home/ann"}


@pytest.mark.parametrize(
    ("volume", "names", "expected"),
    [
        ("${BASE}/x:/y", ("BASE",), "/srv/x:/y"),
        ("$BASE/x:/y:ro", ("BASE",), "/srv/x:/y:ro"),
        ("${NONE:-data}:/y", ("NONE",), "data:/y"),
        ("${HOME}/${BASE}:/y", ("BASE",), "${HOME}//srv:/y"),
        ("$PWD/x:/y", (), "$PWD/x:/y"),
        ("/x:$HOME", ("HOME",), "/x:/home/ann"),
        ("data:/y", (), "data:/y"),
    ],
)
def test_variables_of_the_server(volume: str, names: tuple[str, ...], expected: str) -> None:
    assert (variables(volume), expand(volume, VALUES)) == (names, expected)
