"""Bitwarden; ``bw`` is a stand-in."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError

ME = "me@example.com"
READY = ["bw --version", "bw status", "bw sync"]


@pytest.fixture(autouse=True)
def _bw(tools):
    tools.install("bw")


@pytest.mark.parametrize(
    ("source", "names", "found", "items"),
    [
        (None, ["login"], {"login": "pass word"}, ["login"]),
        (None, ["api/KEY", "api/a/b"], {"api/KEY": "k3y", "api/a/b": "slash"}, ["api"]),
        ("api", ["KEY"], {"api/KEY": "k3y"}, ["api"]),
        (None, ["api"], {"api/KEY": "k3y", "api/a/b": "slash"}, ["api"]),
        (None, ["both", "both/EXTRA"], {"both": "main", "both/EXTRA": "more"}, ["both"]),
        (None, ["api/KEY", "login"], {"api/KEY": "k3y", "login": "pass word"}, ["api", "login"]),
    ],
)
def test_every_item_has_its_call(ask, tools, source, names, found, items):
    assert ask("bitwarden", *names, account=ME, source=source) == found
    assert tools.calls == [*READY, *(f"bw get item {item}" for item in items)]


@pytest.mark.parametrize(
    ("state", "before"),
    [
        (
            "unauthenticated",
            ["bw status", "bw login me@example.com", "bw status", "bw unlock --raw"],
        ),
        ("locked", ["bw status", "bw unlock --raw"]),
        ("locked session", ["bw status", "bw unlock --raw"]),
    ],
)
def test_logs_in_and_unlocks_as_far_as_needed(ask, tools, state, before):
    tools.simulate(state)

    assert ask("bitwarden", "login", account=ME) == {"login": "pass word"}
    assert tools.calls == [
        "bw --version",
        *before,
        "bw status",
        "bw sync",
        "bw get item login",
    ]
    session = {"BW_SESSION": "s3ssion"} if "session" in state else {}
    assert [call["environ"] for call in tools.log[-3:]] == [session] * 3


@pytest.mark.parametrize(
    ("state", "names", "message"),
    [
        (
            "locked wrong-password",
            ["login"],
            'Bitwarden is locked for me@example.com; try "bw login" and "bw unlock", '
            "and set BW_SESSION as it says",
        ),
        (
            "",
            ["note"],
            "the item note has neither a password nor fields in Bitwarden; "
            "make it a login, or give it custom fields",
        ),
        ("", ["api/EMPTY"], "the item api has no field EMPTY in Bitwarden, or an empty one"),
        ("", ["nothing"], "cannot read nothing from Bitwarden: exit code 1: Not found."),
        ("", [], "nothing to fetch from Bitwarden; add the names of secrets"),
    ],
)
def test_refuses(ask, tools, state, names, message):
    tools.simulate(state)

    with pytest.raises(SecretError) as error:
        ask("bitwarden", *names, account=ME)
    assert str(error.value) == message
