"""``kamalpy docs`` and ``kamalpy schema``: what may be written, without a browser."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kamalpy.cli.main import run
from kamalpy.config.schema import json_schema
from kamalpy.reference import keys


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command that goes well, and return what it prints."""

    def words(*arguments: str) -> str:
        assert run([*arguments]) == 0
        return str(capsys.readouterr().out)

    return words


def test_schema_is_the_schema(printed: Any) -> None:
    assert json.loads(printed("schema")) == json_schema()


def test_all_keys_at_the_root(printed: Any) -> None:
    first = {line.split()[0] for line in printed("docs").partition("\n\n")[0].splitlines()}
    assert first == set(json_schema()["properties"])


def test_one_key(printed: Any) -> None:
    assert printed("docs", "proxy/app_port") == (
        "proxy/app_port: integer, default 80\n"
        "\n"
        "  Port that the app listens on in its container.\n"
        "  Beware: few apps listen on 80: write the port of the Dockerfile's EXPOSE.\n"
        "\n"
        "    proxy:\n"
        "      app_port: 3000\n"
    )


SAME = [
    ("proxy/app_port", "app_port"),
    ("proxy/app_port", "proxy.app_port"),
    ("proxy/app_port", "/proxy/app_port/"),
    ("servers/ROLE/cmd", "servers/web/cmd"),
    ("servers/ROLE/cmd", "servers/cmd"),
    ("accessories", "accessory"),
    ("aliases", "alias"),
    ("servers", "role"),
    ("x-kamalpy", "kamalpy"),
]


@pytest.mark.parametrize(("path", "key_name"), SAME)
def test_a_key_has_many_names(path: str, key_name: str, printed: Any) -> None:
    assert printed("docs", key_name) == printed("docs", path)
    assert printed("docs", key_name).startswith(f"{path}: ")


@pytest.mark.parametrize("key", keys(), ids=lambda key: key.name)
def test_every_key_is_explained(key: Any, printed: Any) -> None:
    text = printed("docs", key.name)
    assert text.startswith(f"{key.name}: {key.kind}")
    assert key.description.split()[0] in text
    assert key.sample.splitlines()[-1].strip() in text


def test_as_json(printed: Any) -> None:
    assert json.loads(printed("docs", "boot/limit", "--json")) == [
        {
            "key": "boot/limit",
            "type": "integer or string",
            "default": None,
            "description": "How many hosts boot at a time: a number, or a share of all hosts.",
            "example": "boot:\n  limit: 25%",
            "pitfall": "a percentage counts all hosts, those of accessories as well",
        }
    ]
    assert len(json.loads(printed("docs", "--json"))) == len(keys())


UNKNOWN = [
    ("app_prot", "app_prot: no key of deploy.yml; did you mean app_port?"),
    ("traefik", "traefik: no key of deploy.yml;"),
    ("proxy/nothing", "proxy/nothing: no key of deploy.yml;"),
]


@pytest.mark.parametrize(("key_name", "answer"), UNKNOWN)
def test_an_unknown_key(key_name: str, answer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["docs", key_name]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert answer in err
