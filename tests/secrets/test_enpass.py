"""Enpass; ``enpass-cli`` is a stand-in."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError

VAULT = "/vaults/primary"


@pytest.fixture(autouse=True)
def _enpass(tools):
    tools.install("enpass-cli")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["Shop/KEY"], {"Shop/KEY": "one"}),
        (["Shop/KEY", "Shop/DB"], {"Shop/KEY": "one", "Shop/DB": "two"}),
        (["Shop"], {"Shop/KEY": "one", "Shop/DB": "two", "Shop": "main"}),
    ],
)
def test_all_titles_come_in_one_call(ask, tools, names, found):
    assert ask("enpass", *names, source=VAULT) == found
    assert tools.calls == ["enpass-cli version", f"enpass-cli -json -vault {VAULT} show Shop"]


@pytest.mark.parametrize(
    ("source", "names", "message"),
    [
        (None, ["Shop"], "Enpass needs a vault; add --from with the folder of the vault"),
        (VAULT, ["Shop/NO", "Shop/KEY"], "Enpass does not know Shop/NO; check the names"),
        (
            VAULT,
            ["Twice"],
            "Enpass has Twice/KEY more than once; give the entries different labels",
        ),
        (
            "/elsewhere",
            ["Shop"],
            "cannot read Shop from Enpass: exit code 1: "
            "could not open vault: no such file or directory",
        ),
    ],
)
def test_refuses(ask, source, names, message):
    with pytest.raises(SecretError) as error:
        ask("enpass", *names, source=source)
    assert str(error.value) == message
