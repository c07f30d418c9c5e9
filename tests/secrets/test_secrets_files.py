"""Encrypted files beside plain ones."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError
from kamalpy.secrets.encrypted import EncryptedFile


@pytest.fixture
def encrypted(project):
    file = project.secrets().encrypted
    file.edit(lambda text: "DB: 'pa$word # 1'\nTOKEN: 't 1'\nEMPTY: ''\n")
    return file


def test_a_plain_file_uses_them_like_any_other(project, encrypted):
    project.environ |= {"DB": "from outside"}
    secrets = project.secrets(
        "URL=postgres://app:${DB}@db\n"
        "DB=$DB\n"
        "SHOWN=$(printf '<%s>' \"$TOKEN\" '$TOKEN')\n"
        "TOKEN=of the plain file\n"
    )

    assert secrets.items() == {
        "DB": "pa$word # 1",
        "TOKEN": "of the plain file",
        "EMPTY": "",
        "URL": "postgres://app:pa$word # 1@db",
        "SHOWN": "<t 1><t 1>",
    }


def test_they_are_secrets_by_themselves(project, encrypted):
    secrets = project.secrets()

    assert secrets.value("DB") == "pa$word # 1"
    assert secrets.value("EMPTY") == ""
    assert secrets.definitions() == {
        "DB": ".kamal/secrets.enc:4",
        "TOKEN": ".kamal/secrets.enc:5",
        "EMPTY": ".kamal/secrets.enc:6",
    }
    assert secrets.files == (project.root / ".kamal/secrets.enc",)


def test_a_plain_file_wins_whichever_it_is(project, encrypted):
    project.write(".kamal/secrets-common", "DB=plain")
    secrets = project.secrets()

    assert secrets.value("DB") == "plain"
    assert secrets.definitions()["DB"] == ".kamal/secrets-common:1"


def test_each_destination_has_its_own_and_all_have_the_common_one(project, encrypted):
    common = EncryptedFile(".kamal/secrets-common.enc", encrypted.keyring)
    common.edit(lambda text: "DB: common\nALL: common\n")
    staging = project.secrets(destination="staging").encrypted
    staging.set("DB", "staging")

    assert staging.name == ".kamal/secrets.staging.enc"
    assert project.secrets(destination="staging").items() == {"DB": "staging", "ALL": "common"}
    assert project.secrets(destination="other").items() == {"DB": "common", "ALL": "common"}
    assert project.secrets().value("DB") == "pa$word # 1"


def test_without_the_key_only_those_who_need_it_fail(project, encrypted):
    key = encrypted.keyring.first()
    (project.root / ".kamal/secrets.key").unlink()
    secrets = project.secrets("A=1\nURL=$DB\n")

    assert secrets.value("A") == "1"
    missing = (
        f".kamal/secrets.enc: its key is {key.id}; "
        "set KAMALPY_SECRETS_KEY, or put the key into .kamal/secrets.key"
    )
    assert {name: str(error) for name, error in secrets.problems().items()} == {
        "DB": f"DB: {missing}",
        "TOKEN": f"TOKEN: {missing}",
        "EMPTY": f"EMPTY: {missing}",
        "URL": f".kamal/secrets:2: URL: needs DB, but DB: {missing}",
    }
    project.environ["KAMALPY_SECRETS_KEY"] = key.text
    assert project.secrets().value("URL") == "pa$word # 1"


def test_an_encrypted_file_is_never_read_as_a_plain_one(project, encrypted):
    with pytest.raises(SecretError) as error:
        project.secrets(destination="enc").names()
    assert str(error.value) == ".kamal/secrets.enc: is encrypted; no destination can be called enc"


def test_a_file_that_was_tampered_with_stops_everything(project, encrypted):
    text = encrypted.path.read_text().splitlines(keepends=True)
    encrypted.path.write_text("".join(text[:3] + text[4:]))

    with pytest.raises(SecretError) as error:
        project.secrets("A=1").value("A")
    assert str(error.value) == (
        ".kamal/secrets.enc: lines were added, removed or moved, and not by kamalpy; "
        "restore the file from git; after a merge, review it and seal it again"
    )
