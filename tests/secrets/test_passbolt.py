"""Passbolt; ``passbolt`` is a stand-in."""

from __future__ import annotations

import shlex

import pytest

from kamalpy.errors import SecretError


@pytest.fixture(autouse=True)
def _passbolt(tools):
    tools.install("passbolt")


def folders(condition):
    return shlex.join(["passbolt", "list", "folders", "--filter", condition, "--json"])


def resources(condition, *ids):
    inside = [word for id in ids for word in ("--folder", id)]
    columns = ["--column", "name", "--column", "password", "--json"]
    return shlex.join(["passbolt", "list", "resources", "--filter", condition, *inside, *columns])


def within(name, folder):
    return f'(Name == "{name}" && FolderParentID == "{folder}")'


MULTILINE_SUFFIX = "it's"
SHOP, EU = 'Name == "Shop"', 'Name == "EU" && FolderParentID == "f-shop"'


@pytest.mark.parametrize(
    ("source", "names", "found", "calls"),
    [
        (None, ["KEY"], {"KEY": "eu key"}, [resources('Name == "KEY"')]),
        (
            None,
            ["Shop/DB"],
            {"DB": "shop db"},
            [folders(SHOP), resources(within("DB", "f-shop"), "f-shop")],
        ),
        (
            "Shop/EU",
            ["KEY"],
            {"KEY": "eu key"},
            [folders(SHOP), folders(EU), resources(within("KEY", "f-eu"), "f-shop", "f-eu")],
        ),
        (
            None,
            ["Shop/DB", "o\"dd name/it's"],
            {"DB": "shop db", "it's": "odd"},
            [
                folders('Name == "Shop" || Name == "o\\"dd name"'),
                resources(
                    f"{within('DB', 'f-shop')} || {within(MULTILINE_SUFFIX, 'f-odd')}",
                    "f-shop",
                    "f-odd",
                ),
            ],
        ),
    ],
)
def test_folders_are_found_before_what_is_in_them(ask, tools, source, names, found, calls):
    assert ask("passbolt", *names, source=source) == found
    assert tools.calls == ["passbolt --version", "passbolt verify", *calls]


@pytest.mark.parametrize(
    ("state", "names", "message"),
    [
        (
            "refused",
            ["KEY"],
            "cannot log in to Passbolt: exit code 1: Error: Verifying Server: failed; "
            'try "passbolt configure" and "passbolt verify"',
        ),
        ("", ["Shop/NO/KEY"], "Passbolt does not know the folder Shop/NO; check the names"),
        ("", ["Shop/NOPE"], "Passbolt does not know Shop/NOPE; check the names"),
        (
            "",
            ["KEY", "Shop/EU/KEY"],
            "KEY would come from several folders of Passbolt; "
            "fetch each folder in a line of its own",
        ),
        ("", [], "nothing to fetch from Passbolt; add the names of secrets"),
    ],
)
def test_refuses(ask, tools, state, names, message):
    tools.simulate(state)

    with pytest.raises(SecretError) as error:
        ask("passbolt", *names)
    assert str(error.value) == message
