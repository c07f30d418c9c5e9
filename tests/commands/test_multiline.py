"""Values that no env file can hold reach a container's environment byte for byte."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyinfra.api.command import QuoteString, StringCommand

from kamalpy.secrets import Secret
from kamalpy.spec import env_file

TEXT = (resources.files("kamalpy.commands") / "scripts/multiline.sh").read_text()


def exported(*names: str) -> StringCommand:
    """Export what is in a file, and print some variables, each with a NUL behind it."""
    show = "".join(f'\nprintf "%s\\0" "${name}"' for name in names)
    return StringCommand("multiline=web.env.odd; ", TEXT, "\nexport_multiline", show)


def put(host: Any, values: dict[str, str]) -> None:
    _, odd = env_file.files("web.env", {name: Secret.of(name, v) for name, v in values.items()})
    (host.home / odd.path).write_bytes(odd.content or b"")


@pytest.mark.parametrize(
    "value",
    [
        "one\ntwo",
        "\n",
        "ends with lines\n\n\n",
        "\r\n",
        " two  blanks \n",
        "back\\slash \\n\n",
        "'quotes' \"and\" `more` $(touch pwned) $HOME\n",
        "ünïcödé\n🎉",
        "long " * 20_000,
    ],
    ids=lambda value: repr(value[:12]),
)
def test_a_value_arrives(host: Any, value: str) -> None:
    put(host, {"KEY": value, "NEXT": "a\nb"})

    assert host.run(exported("KEY", "NEXT")) == (0, f"{value}\0a\nb\0", "")
    assert host.names() == ["web.env.odd"]


def test_it_is_exported(host: Any) -> None:
    put(host, {"KEY": "one\ntwo"})
    child = StringCommand(*exported().bits, "\nsh -c", QuoteString('printf %s "$KEY"'))

    assert host.run(child) == (0, "one\ntwo", "")


@pytest.mark.parametrize("content", [None, ""])
def test_nothing_to_export(host: Any, content: str | None) -> None:
    if content is not None:
        (host.home / "web.env.odd").write_text(content)

    assert host.run(exported("KEY")) == (0, "\0", "")


@settings(max_examples=40)
@given(data=st.data())
def test_any_text(
    sh: Any, nasty: st.SearchStrategy[str], data: st.DataObject, tmp_path_factory: Any
) -> None:
    host = type(sh)(tmp_path_factory.mktemp("home"), sh.path)
    value = data.draw(nasty) + "\n" + data.draw(nasty)
    put(host, {"KEY": value})

    assert host.run(exported("KEY")) == (0, f"{value}\0", "")
