"""AWS Secrets Manager; ``aws`` is a stand-in."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError

GET = "aws secretsmanager batch-get-secret-value --secret-id-list"
ARN = "arn:aws:secretsmanager:eu-north-1:000000000000:secret:plain-AbCdEf"


@pytest.fixture(autouse=True)
def _aws(tools):
    tools.install("aws")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (
            ["app"],
            {
                "app/USER": "admin",
                "app/PORT": "5432",
                "app/TLS": "true",
                "app/HOSTS": '["a","b"]',
                "app/NOTHING": "null",
            },
        ),
        (["plain"], {"plain": "just text"}),
        (["quoted"], {"quoted": "quo ted"}),
        (["number"], {"number": "1.50"}),
        (["blob"], {"blob": "\0\udcffbytes"}),
        ([ARN], {"plain": "just text"}),
        (["plain", "quoted"], {"plain": "just text", "quoted": "quo ted"}),
    ],
)
def test_objects_become_keys_and_text_stays_text(ask, tools, names, found):
    assert ask("aws_secrets_manager", *names) == found
    assert tools.calls == ["aws --version", f"{GET} {' '.join(names)} --output json"]


def test_an_account_is_a_profile_and_from_a_prefix(ask, tools):
    found = ask("aws_secrets_manager", "KEY", "DB", account="prod", source="shop")

    assert found == {"shop/KEY": "one", "shop/DB": "two"}
    assert tools.calls[1:] == [f"{GET} shop/KEY shop/DB --profile prod --output json"]


def test_more_than_aws_takes_go_in_several_calls(ask, tools):
    names = [f"many{n}" for n in range(25)]

    assert ask("aws_secrets_manager", *names) == {f"many{n}": f"value {n}" for n in range(25)}
    assert [len(call["words"]) - 6 for call in tools.log[1:]] == [20, 5]


@pytest.mark.parametrize(
    ("names", "account", "message"),
    [
        (
            ["nope", "plain", "none"],
            None,
            "cannot read from AWS Secrets Manager: nope: It is not there. none: It is not there.",
        ),
        (
            ["plain"],
            "dev",
            "cannot read plain from AWS Secrets Manager: exit code 255: "
            "The config profile (dev) could not be found",
        ),
        ([], None, "nothing to fetch from AWS Secrets Manager; add the names of secrets"),
    ],
)
def test_refuses(ask, names, account, message):
    with pytest.raises(SecretError) as error:
        ask("aws_secrets_manager", *names, account=account)
    assert str(error.value) == message
