"""HashiCorp Vault; ``vault`` is a stand-in."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError

APP = {"secret/app/DB": "pass word", "secret/app/PORT": "5432", "secret/app/data": "tricky"}


@pytest.fixture(autouse=True)
def _vault(tools):
    tools.install("vault")


@pytest.mark.parametrize(
    ("source", "names", "found", "paths"),
    [
        ("secret/app", ["DB"], {"secret/app/DB": "pass word"}, ["secret/app"]),
        ("secret/app", [], APP, ["secret/app"]),
        ("kv1/app", [], {"kv1/app/DB": "old", "kv1/app/data": "x"}, ["kv1/app"]),
        (
            None,
            ["secret/app/PORT", "secret/app/DB", "secret/other/KEY"],
            {"secret/app/PORT": "5432", "secret/app/DB": "pass word", "secret/other/KEY": "k"},
            ["secret/app", "secret/other"],
        ),
    ],
)
def test_every_path_has_one_call(ask, tools, source, names, found, paths):
    assert ask("vault", *names, source=source) == found
    assert tools.calls == ["vault --version", *(f"vault kv get -format=json {p}" for p in paths)]


@pytest.mark.parametrize(
    ("state", "names", "message"),
    [
        (
            "no-token",
            ["secret/app/DB"],
            "cannot read secret/app from Vault: exit code 2: "
            "Error making API request. Code: 403. Errors: * permission denied",
        ),
        ("", ["secret/app/NOPE"], "Vault does not know secret/app/NOPE; check the names"),
        ("", ["DB"], "DB names no path of Vault; write PATH/KEY, or add --from PATH"),
        ("", [], "nothing to fetch from Vault; add the names of secrets"),
    ],
)
def test_refuses(ask, tools, state, names, message):
    tools.simulate(state)

    with pytest.raises(SecretError) as error:
        ask("vault", *names)
    assert str(error.value) == message
