"""Doppler; ``doppler`` is a stand-in."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError

READY = ["doppler --version", "doppler me --json"]


@pytest.fixture(autouse=True)
def _doppler(tools):
    tools.install("doppler")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("shop/prd", ["KEY", "DB"]),
        (None, ["shop/prd/KEY", "shop/prd/DB"]),
        ("shop", ["prd/KEY", "prd/DB"]),
    ],
)
def test_a_config_has_one_call(ask, tools, source, names):
    assert ask("doppler", *names, source=source) == {"KEY": "one", "DB": "t$wo"}
    assert tools.calls == [*READY, "doppler secrets get KEY DB --json -p shop -c prd"]


def test_a_service_token_knows_its_config(ask, tools, project):
    project.environ["DOPPLER_TOKEN"] = "dp.st.prd.xxxx"

    assert ask("doppler", "KEY") == {"KEY": "of the token"}
    assert tools.calls == [*READY, "doppler secrets get KEY --json"]


def test_logs_in_when_nobody_is(ask, tools):
    tools.simulate("logged-out")

    assert ask("doppler", "KEY", source="shop/dev") == {"KEY": "dev"}
    assert tools.calls[:3] == [*READY, "doppler login -y"]


@pytest.mark.parametrize(
    ("state", "names", "message"),
    [
        ("", ["KEY"], "Doppler needs a project and a config; add --from PROJECT/CONFIG"),
        (
            "",
            ["shop/prd/NOPE"],
            "cannot read NOPE from Doppler: exit code 1: "
            "Doppler Error: Could not find requested secret: NOPE",
        ),
        (
            "",
            ["shop/prd/KEY", "shop/dev/KEY"],
            "KEY would come from several configs of Doppler; "
            "fetch each config in a line of its own",
        ),
        (
            "logged-out refused",
            ["shop/prd/KEY"],
            'cannot log in to Doppler: exit code 1; try "doppler login", or set DOPPLER_TOKEN',
        ),
    ],
)
def test_refuses(ask, tools, state, names, message):
    tools.simulate(state)

    with pytest.raises(SecretError) as error:
        ask("doppler", *names)
    assert str(error.value) == message
