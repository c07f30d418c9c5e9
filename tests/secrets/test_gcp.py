"""Google Secret Manager; ``gcloud`` is a stand-in."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError

READY = ["gcloud --version", "gcloud auth list --format=json"]
GET = "gcloud secrets versions access"
ROBOTS = "a@example.com,b@example.com"


@pytest.fixture(autouse=True)
def _gcloud(tools):
    tools.install("gcloud")


@pytest.mark.parametrize(
    ("source", "name", "found", "call"),
    [
        (None, "KEY", {"default/KEY": "plain"}, "latest --secret=KEY"),
        (None, "default/KEY/1", {"default/KEY": "plain"}, "1 --secret=KEY"),
        (None, "shop/KEY", {"shop/KEY": "pass wörd ÿ?>"}, "latest --secret=KEY --project=shop"),
        ("shop", "KEY/1", {"shop/KEY": "pass wörd ÿ?>"}, "1 --secret=KEY --project=shop"),
        (
            "shop",
            "BYTES",
            {"shop/BYTES": "\udcfb\udcff\udcfe"},
            "latest --secret=BYTES --project=shop",
        ),
    ],
)
def test_every_version_has_its_call(ask, tools, source, name, found, call):
    assert ask("gcp", name, account="default", source=source) == found
    assert tools.calls == [*READY, f"{GET} {call} --format=json"]


@pytest.mark.parametrize(
    ("account", "flags"),
    [
        ("me@example.com", "--account=me@example.com"),
        ("default|a@example.com", "--impersonate-service-account=a@example.com"),
        (
            f"me@example.com|{ROBOTS}",
            f"--account=me@example.com --impersonate-service-account={ROBOTS}",
        ),
    ],
)
def test_an_account_is_a_user_and_those_to_impersonate(ask, tools, account, flags):
    ask("gcp", "shop/KEY", account=account)

    assert tools.calls[-1] == f"{GET} latest --secret=KEY --project=shop {flags} --format=json"


def test_logs_in_when_nobody_is(ask, tools):
    tools.simulate("logged-out")

    assert ask("gcp", "KEY", account="default") == {"default/KEY": "plain"}
    assert tools.calls[1:4] == [READY[1], "gcloud auth login", READY[1]]


@pytest.mark.parametrize(
    ("state", "name", "message"),
    [
        (
            "logged-out refused",
            "KEY",
            "cannot log in to Google Secret Manager as default: exit code 1; "
            'try "gcloud auth login"',
        ),
        (
            "",
            "NOTHING/7",
            "cannot read NOTHING/7 from Google Secret Manager: exit code 1: "
            "ERROR: (gcloud.secrets.versions.access) NOT_FOUND: 7 version latest",
        ),
    ],
)
def test_refuses(ask, tools, state, name, message):
    tools.simulate(state)

    with pytest.raises(SecretError) as error:
        ask("gcp", name, account="default")
    assert str(error.value) == message
