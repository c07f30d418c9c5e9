"""LastPass; ``lpass`` is a stand-in."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError

ME = "me@example.com"


@pytest.fixture(autouse=True)
def _lpass(tools):
    tools.install("lpass")


def test_all_items_come_in_one_call(ask, tools):
    found = ask("lastpass", "SECRET", "Shop/DB", account=ME)

    assert found == {"SECRET": "one", "Shop/DB": "two"}
    assert tools.calls == [
        "lpass --version",
        "lpass status --color never",
        "lpass show SECRET Shop/DB --json",
    ]


def test_from_is_a_folder(ask, tools):
    found = ask("lastpass", "DB", "KEY", account=ME, source="Shop")

    assert found == {"Shop/DB": "two", "Shop/KEY": "th$ree #3"}
    assert tools.calls[-1] == "lpass show Shop/DB Shop/KEY --json"


def test_logs_in_when_nobody_is(ask, tools):
    tools.simulate("logged-out")

    assert ask("lastpass", "SECRET", account=ME) == {"SECRET": "one"}
    assert tools.calls == [
        "lpass --version",
        "lpass status --color never",
        "lpass login me@example.com",
        "lpass show SECRET --json",
    ]


@pytest.mark.parametrize(
    ("state", "names", "message"),
    [
        (
            "logged-out wrong-password",
            ["SECRET"],
            "cannot log in to LastPass as me@example.com: exit code 1; "
            'try "lpass login me@example.com"',
        ),
        (
            "",
            ["SECRET", "NOTHING"],
            "cannot read SECRET, NOTHING from LastPass: exit code 1: "
            "Error: Could not find specified account 'NOTHING'.",
        ),
        ("", [], "nothing to fetch from LastPass; add the names of secrets"),
    ],
)
def test_refuses(ask, tools, state, names, message):
    tools.simulate(state)

    with pytest.raises(SecretError) as error:
        ask("lastpass", *names, account=ME)
    assert str(error.value) == message
