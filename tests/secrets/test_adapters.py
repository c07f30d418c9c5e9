"""What all adapters have in common."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError
from kamalpy.secrets.adapters import adapter_names, lookup

COMMANDS = {
    "1password": ("1Password", "op --version"),
    "aws_secrets_manager": ("AWS Secrets Manager", "aws --version"),
    "bitwarden": ("Bitwarden", "bw --version"),
    "bitwarden-sm": ("Bitwarden Secrets Manager", "bws --version"),
    "doppler": ("Doppler", "doppler --version"),
    "enpass": ("Enpass", "enpass-cli version"),
    "gcp": ("Google Secret Manager", "gcloud --version"),
    "lastpass": ("LastPass", "lpass --version"),
    "passbolt": ("Passbolt", "passbolt --version"),
    "sops": ("sops", "sops --version"),
    "vault": ("Vault", "vault --version"),
}


def test_every_adapter_is_in_the_table():
    assert tuple(COMMANDS) == adapter_names()


@pytest.mark.parametrize(("adapter", "title", "command"), [(a, *c) for a, c in COMMANDS.items()])
def test_a_tool_that_is_missing_is_named(ask, project, tools, adapter, title, command):
    project.environ["PATH"] = str(tools.folder)

    with pytest.raises(SecretError) as error:
        ask(adapter, "x", account="me", source="x/y")
    assert str(error.value) == (
        f"{title} is read with the command {command.split()[0]}, which is not installed or does "
        f'not work; install it so that "{command}" succeeds'
    )


@pytest.mark.parametrize(("adapter", "command"), [(a, c[1]) for a, c in COMMANDS.items()])
def test_an_answer_that_is_not_understood_is_not_shown(ask, tools, adapter, command):
    tool = tools.folder / command.split()[0]
    tool.write_text("#!/bin/sh\necho '{\"hunter2\": [hunter2'\n")
    tool.chmod(0o755)

    with pytest.raises(SecretError) as error:
        ask(adapter, "x", account="me", source="x/y")
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("spelled", "adapter"),
    [
        ("1Password", "1password"),
        ("one_password", "1password"),
        ("LastPass", "lastpass"),
        ("GCP", "gcp"),
        ("gcp_secret_manager", "gcp"),
        ("Bitwarden-SM", "bitwarden-sm"),
        ("bitwarden_secrets_manager", "bitwarden-sm"),
        ("aws-secrets-manager", "aws_secrets_manager"),
    ],
)
def test_spellings(spelled, adapter):
    assert lookup(spelled) is lookup(adapter)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("1passwort", "did you mean 1password?"),
        ("keychain", f"use {', '.join(COMMANDS)}"),
    ],
)
def test_an_unknown_adapter(name, hint):
    with pytest.raises(SecretError) as error:
        lookup(name)
    assert str(error.value) == f"--adapter: {name} is not known; {hint}"


def test_the_test_adapter_reverses_names(ask):
    found = ask("test", "foo", "LPARENbarRPAREN", account="me", source="a")

    assert found == {"a/foo": "oof/a", "a/LPARENbarRPAREN": ")rab(/a"}
