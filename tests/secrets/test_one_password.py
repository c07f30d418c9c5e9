"""1Password; ``op`` is a stand-in."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError

GET = "op item get {} --vault Shop --format json --account acme"
KEY = 'quo"te\\back $HOME #1'
PEM = "-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n"


@pytest.fixture(autouse=True)
def _op(tools):
    tools.install("op")


def test_fields_of_an_item_come_in_one_call(ask, tools):
    found = ask("1password", "keys/PEM", "password", account="acme", source="op://Shop/web")

    assert found == {"Shop/web/keys/PEM": PEM, "Shop/web": "s3cret password"}
    assert tools.calls == [
        "op --version",
        "op account get --account acme",
        GET.format("web") + " --fields label=keys.PEM,label=password",
    ]


def test_every_item_has_its_call(ask, tools):
    found = ask("1password", "web/keys/RAILS_MASTER_KEY", "db", account="acme", source="Shop")

    assert found == {"Shop/web/keys/RAILS_MASTER_KEY": KEY, "Shop/db": "db password"}
    assert tools.calls[2:] == [
        GET.format("web") + " --fields label=keys.RAILS_MASTER_KEY",
        GET.format("db") + " --fields label=password",
    ]


def test_no_names_are_all_fields_that_have_a_value(ask, tools):
    found = ask("1password", account="acme", source="op://Shop/web")

    assert found == {
        "Shop/web": "s3cret password",
        "Shop/web/username": "admin",
        "Shop/web/keys/RAILS_MASTER_KEY": KEY,
        "Shop/web/keys/PEM": PEM,
    }
    assert tools.calls[2:] == [GET.format("web")]


@pytest.mark.parametrize(
    ("state", "session"),
    [("signed-out", ""), ("signed-out session", " --session tok3n")],
)
def test_signs_in_when_nobody_is(ask, tools, state, session):
    tools.simulate(state)

    assert ask("1password", "Shop/db/url", account="acme") == {"Shop/db/url": "postgres://db"}
    assert tools.calls == [
        "op --version",
        "op account get --account acme",
        "op signin --account acme --force --raw",
        f"{GET.format('db')}{session} --fields label=url",
    ]


@pytest.mark.parametrize(
    ("state", "names", "message"),
    [
        (
            "signed-out wrong-password",
            ["Shop/db/url"],
            'cannot log in to 1Password as acme: exit code 1; try "op signin --account acme"',
        ),
        (
            "",
            ["Shop/nothing/url"],
            "cannot read nothing in the vault Shop from 1Password: exit code 1: [ERROR] 2025/01/01 "
            '10:00:00 "nothing" isn\'t an item in the "Shop" vault.',
        ),
        ("", ["Shop/web/notesPlain"], "Shop/web: notesPlain has no value in 1Password"),
        (
            "",
            ["PASSWORD"],
            "PASSWORD names no item of 1Password; write VAULT/ITEM/FIELD, or add --from VAULT/ITEM",
        ),
        ("", [], "nothing to fetch from 1Password; add the names of secrets"),
    ],
)
def test_refuses(ask, tools, state, names, message):
    tools.simulate(state)

    with pytest.raises(SecretError) as error:
        ask("1password", *names, account="acme")
    assert str(error.value) == message


def test_needs_an_account(ask, tools):
    with pytest.raises(SecretError) as error:
        ask("1password", "Shop/db/url")
    assert str(error.value) == "1Password needs an account; add --account"
    assert tools.calls == []
