"""Bitwarden Secrets Manager; ``bws`` is a stand-in."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError

PROJECT = "82aeb5bd-6958-4a89-8197-eacab758acce"
ONE, TWO = "11111111-2222-4333-8444-555555555555", "99999999-2222-4333-8444-555555555555"
DB, KEY = {"DB_PASSWORD": 'my=weird"secret'}, {"SSH_KEY": "line 1\nline 2"}


@pytest.fixture(autouse=True)
def _bws(tools):
    tools.install("bws")


@pytest.mark.parametrize(
    ("source", "names", "found", "calls"),
    [
        (None, ["all"], DB | KEY, ["bws secret list"]),
        (PROJECT, ["all"], DB, [f"bws secret list {PROJECT}"]),
        (None, [f"{PROJECT}/all"], DB, [f"bws secret list {PROJECT}"]),
        (None, [ONE], DB, [f"bws secret get {ONE}"]),
        (None, [ONE, TWO], DB | KEY, [f"bws secret get {ONE}", f"bws secret get {TWO}"]),
    ],
)
def test_lists_projects_and_gets_secrets(ask, tools, source, names, found, calls):
    assert ask("bitwarden-sm", *names, source=source) == found
    assert tools.calls == ["bws --version", "bws project list", *calls]


@pytest.mark.parametrize(
    ("state", "names", "message"),
    [
        (
            "no-token",
            ["all"],
            "cannot log in to Bitwarden Secrets Manager: exit code 1: "
            "Error: Missing access token; set a valid BWS_ACCESS_TOKEN",
        ),
        (
            "",
            ["x"],
            "cannot read x from Bitwarden Secrets Manager: exit code 1: "
            "Error: 0: Received error message from server: [404 Not Found]",
        ),
        ("", [], "nothing to fetch from Bitwarden Secrets Manager; add the names of secrets"),
    ],
)
def test_refuses(ask, tools, state, names, message):
    tools.simulate(state)

    with pytest.raises(SecretError) as error:
        ask("bitwarden-sm", *names)
    assert str(error.value) == message
