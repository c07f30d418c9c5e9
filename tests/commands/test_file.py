"""Files are put on a host whole or not at all, and nobody sees what is in them on the way."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.commands import file
from kamalpy.commands.base import Payload
from kamalpy.spec.file import FileSpec

FILES = [
    FileSpec(path="folder", mode="0700"),
    FileSpec(path="folder/empty", content=b""),
    FileSpec(path="folder/deep/er/text", content=b"one\ntwo", mode="0600"),
    FileSpec(path="folder/binary", content=bytes(range(256)) * 300, mode="0644"),
    FileSpec(path="-rf", content=b"dash"),
    FileSpec(path="a 'b' $(touch pwned)", content=b"quotes", mode="644"),
    FileSpec(path="last", content=b"the end\n", mode="4755"),
]


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o7777)


def test_words_of_put(sh: Any) -> None:
    command = file.put([FileSpec(path="d", mode="0755"), FileSpec(path="-f", content=b"x y")])

    assert sh.words(command) == [
        "put", "--", "mode=0755", "owner=", "directory=d", "mode=", "owner=", "size=4", "file=-f",
    ]  # fmt: skip
    assert "".join(command.connector_arguments["_stdin"]) == "eCB5"


def test_directories_alone_have_nothing_on_stdin() -> None:
    assert file.put([FileSpec(path="d")]).connector_arguments == {}


def test_put(host: Any) -> None:
    assert host.run(file.put(FILES)) == (0, "", "")

    for each in FILES:
        path = host.home / each.path
        assert each.content == (None if path.is_dir() else path.read_bytes())
        if each.mode is not None:
            assert mode(path) == f"0o{int(each.mode)}"
    assert mode(host.home / "folder/empty") == "0o644"
    assert host.names() == ["-rf", "a 'b' $(touch pwned)", "folder", "last"]


def test_put_again_changes_contents_only(host: Any) -> None:
    path = host.home / "secret"
    path.write_text("old")
    path.chmod(0o600)

    assert host.run(file.put([FileSpec(path="secret", content=b"new")])) == (0, "", "")

    assert (path.read_text(), mode(path)) == ("new", "0o600")


def test_put_takes_the_place_of_a_link(host: Any) -> None:
    (host.home / "elsewhere").write_text("stays")
    (host.home / "link").symlink_to("elsewhere")

    assert host.run(file.put([FileSpec(path="link", content=b"new")])) == (0, "", "")

    assert host.files() == {"elsewhere": "stays", "link": "new"}
    assert not (host.home / "link").is_symlink()


def test_put_sets_an_owner(host: Any) -> None:
    me = f"{os.getuid()}:{os.getgid()}"
    files = [FileSpec(path="d", owner=me), FileSpec(path="d/f", content=b"x", owner=me)]

    assert host.run(file.put(files)) == (0, "", "")


@pytest.mark.parametrize(
    "wrong",
    [
        FileSpec(path="f", content=b"x", owner="nobody-of-that-name"),
        FileSpec(path="f", content=b"x", mode="999"),
        FileSpec(path="there/f", content=b"x"),
    ],
    ids=["owner", "mode", "path"],
)
def test_what_cannot_be_put_leaves_everything_as_it_was(host: Any, wrong: FileSpec) -> None:
    (host.home / "f").write_text("old")
    (host.home / "there").write_text("no folder")

    status, out, err = host.run(file.put([wrong, replace(wrong, path="g")]))

    assert (status, out) == (1, "")
    assert err
    assert host.files() == {"f": "old", "there": "no folder"}


def test_a_directory_in_the_way(host: Any) -> None:
    (host.home / "f").mkdir()

    assert host.run(file.put([FileSpec(path="f", content=b"x")])) == (
        1,
        "",
        "f is a directory on this host, not a file\n",
    )


@settings(max_examples=30)
@given(data=st.data())
def test_any_content_at_any_path(
    sh: Any, nasty: st.SearchStrategy[str], data: st.DataObject
) -> None:
    """What ``valid.path`` lets through: one line, and here a name that a file system takes."""
    names = nasty.filter(
        lambda name: (
            name not in ("", ".", "..")
            and not set(name) & set("/\n\r")
            and len(name.encode()) < 200
        )
    )
    wanted = data.draw(st.dictionaries(names, st.binary(max_size=400), min_size=1, max_size=4))
    with tempfile.TemporaryDirectory() as folder:
        there = replace(sh, home=Path(folder))

        said = there.run(file.put([FileSpec(path=n, content=c) for n, c in wanted.items()]))

        assert said == (0, "", "")
        assert {path.name: path.read_bytes() for path in Path(folder).iterdir()} == wanted


def test_remove(host: Any) -> None:
    for name in ("-rf", "a b", "c"):
        (host.home / name).mkdir()
        (host.home / name / "f").touch()

    assert host.run(file.remove("-rf", "a b", "none")) == (0, "", "")

    assert host.names() == ["c"]
    assert file.remove("a b").get_raw_value() == "rm -rf -- 'a b'"


def test_a_payload_shows_nothing() -> None:
    payload = Payload("hunter2")

    assert (repr(payload), str(payload), f"{payload}") == ("*MASKED*",) * 3
    assert payload.readlines() == list(payload) == ["hunter2"]
