"""One call for what belongs together."""

from __future__ import annotations

import json

import pytest

from kamalpy.errors import SecretError
from kamalpy.secrets.fetching import Fetcher, Request, fetch

SHOW = "lpass show {} --json"


def lastpass(*names):
    return Request("lastpass", "me@example.com", None, names)


def test_the_same_request_is_sent_once(tools):
    tools.install("lpass")
    fetcher = Fetcher(tools.shell)

    assert fetcher.fetch(lastpass("SECRET")) == fetcher.fetch(lastpass("SECRET"))
    assert tools.calls[2:] == [SHOW.format("SECRET")]


def test_what_is_expected_comes_in_the_first_call(tools):
    tools.install("lpass")
    fetcher = Fetcher(tools.shell)
    fetcher.expect([lastpass("SECRET"), lastpass("Shop/DB", "SECRET"), lastpass("Shop/KEY")])

    assert fetcher.fetch(lastpass("Shop/DB", "SECRET")) == {"Shop/DB": "two", "SECRET": "one"}
    assert fetcher.fetch(lastpass("SECRET")) == {"SECRET": "one"}
    assert fetcher.fetch(lastpass("Shop/KEY")) == {"Shop/KEY": "th$ree #3"}
    assert tools.calls[2:] == [SHOW.format("SECRET Shop/DB Shop/KEY")]


def test_a_name_that_is_missing_spoils_its_own_request_only(tools):
    tools.install("lpass")
    fetcher = Fetcher(tools.shell)
    fetcher.expect([lastpass("SECRET"), lastpass("NOPE")])

    assert fetcher.fetch(lastpass("SECRET")) == {"SECRET": "one"}
    with pytest.raises(SecretError):
        fetcher.fetch(lastpass("NOPE"))
    assert tools.calls[2:] == [SHOW.format(names) for names in ("SECRET NOPE", "SECRET", "NOPE")]


def test_accounts_and_sources_are_not_mixed(tools):
    tools.install("aws")
    fetcher = Fetcher(tools.shell)
    requests = [
        Request("aws_secrets_manager", None, None, ("plain",)),
        Request("aws_secrets_manager", "prod", None, ("plain",)),
        Request("aws_secrets_manager", None, "shop", ("KEY",)),
        Request("aws_secrets_manager", None, "shop", ("DB",)),
    ]
    fetcher.expect(requests)

    found = [fetcher.fetch(request) for request in requests]

    assert found == [
        {"plain": "just text"},
        {"plain": "just text"},
        {"shop/KEY": "one"},
        {"shop/DB": "two"},
    ]
    asked = [call["words"][4:-2] for call in tools.log if call["words"][1] == "secretsmanager"]
    assert asked == [["plain"], ["plain", "--profile", "prod"], ["shop/KEY", "shop/DB"]]


def test_an_answer_that_cannot_be_shared_is_requested_again(tools):
    tools.install("aws")
    arn = "arn:aws:secretsmanager:eu-north-1:000000000000:secret:plain-AbCdEf"
    by_arn = Request("aws_secrets_manager", None, None, (arn,))
    by_name = Request("aws_secrets_manager", None, None, ("quoted",))
    fetcher = Fetcher(tools.shell)
    fetcher.expect([by_arn, by_name])

    assert fetcher.fetch(by_arn) == {"plain": "just text"}
    assert fetcher.fetch(by_name) == {"quoted": "quo ted"}
    assert len(tools.calls) == 3


def test_nobody_is_prompted_for_a_password_twice(tools):
    tools.install("bw")
    tools.simulate("locked wrong-password")
    fetcher = Fetcher(tools.shell)

    for name in ("login", "api"):
        with pytest.raises(SecretError):
            fetcher.fetch(Request("bitwarden", "me@example.com", None, (name,)))
    assert tools.calls.count("bw unlock --raw") == 1


def test_a_session_serves_the_whole_run(tools):
    tools.install("op")
    tools.simulate("signed-out session")
    fetcher = Fetcher(tools.shell)

    for name in ("Shop/db", "Shop/web"):
        fetcher.fetch(Request("1password", "acme", None, (name,)))
    assert tools.calls.count("op signin --account acme --force --raw") == 1
    assert [call for call in tools.calls if "item" in call and "--session tok3n" not in call] == []


def test_a_fetch_uses_this_process_environment_by_default(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    tool = tmp_path / "vault"
    answer = json.dumps({"data": {"A": "b"}})
    tool.write_text(f"#!/bin/sh\necho '{answer}'\n")
    tool.chmod(0o755)

    assert fetch("vault", None, "kv", ["A"]) == {"kv/A": "b"}
