"""Files and directories of a host."""

from __future__ import annotations

import pytest

from kamalpy.spec.digest import digest
from kamalpy.spec.file import FileSpec
from kamalpy.spec.state import File, HostState

FOUND = HostState(
    key="key",
    files={
        "file": File("file", "600", "root:root 0:0", digest("key", b"content")),
        "folder": File("directory", "1755", "kamal-proxy:docker 1000:106", "-"),
        "stranger": File("file", "0", "UNKNOWN:UNKNOWN 4711:4712", digest("key", b"")),
    },
)


def said(spec: FileSpec) -> list[str]:
    return [str(change) for change in spec.drift(FOUND)]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (FileSpec(path="file", content=b"content"), []),
        (FileSpec(path="file", content=b"other"), ["content: (differs) -> (5 bytes)"]),
        (FileSpec(path="file", content=b"other", secret=True), ["content: changes (secret)"]),
        (FileSpec(path="file"), ["directory: file -> file"]),
        (FileSpec(path="none", content=b""), ["file: (none) -> none"]),
        (FileSpec(path="none", content=b"x", secret=True), ["file: (none) -> none"]),
        (FileSpec(path="none"), ["directory: (none) -> none"]),
        (FileSpec(path="folder"), []),
        (FileSpec(path="folder", content=b""), ["file: directory -> folder"]),
        (FileSpec(path="folder", mode="1755", owner="kamal-proxy"), []),
        (FileSpec(path="folder", mode="0755"), ["mode: 1755 -> 755"]),
        (FileSpec(path="stranger", content=b"", mode="000", owner="4711"), []),
        (FileSpec(path="file", content=b"content", mode="0600"), []),
        (
            FileSpec(path="file", content=b"", mode="0644", owner="ann"),
            ["content: (differs) -> (0 bytes)", "mode: 600 -> 644", "owner: root:root -> ann"],
        ),
    ],
    ids=str,
)
def test_drift(spec: FileSpec, expected: list[str]) -> None:
    assert expected == said(spec)


@pytest.mark.parametrize(
    ("owner", "is_owner"),
    [
        ("kamal-proxy", True),
        ("1000", True),
        ("kamal-proxy:docker", True),
        ("1000:106", True),
        ("kamal-proxy:106", True),
        ("1000:docker", True),
        (":docker", True),
        (":106", True),
        ("kamal-proxy:", True),
        ("root", False),
        ("0", False),
        ("kamal-proxy:root", False),
        ("root:docker", False),
        ("106:1000", False),
    ],
)
def test_an_owner_by_name_or_number(owner: str, is_owner: bool) -> None:
    expected = [] if is_owner else [f"owner: kamal-proxy:docker -> {owner}"]

    assert expected == said(FileSpec(path="folder", owner=owner))
