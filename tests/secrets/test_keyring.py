"""Where keys are found."""

from __future__ import annotations

import subprocess

import pytest

from kamalpy.errors import SecretError
from kamalpy.secrets.encrypted import EncryptedFile, Key, Keyring

ONE, TWO = Key(bytes(range(32))), Key(bytes(32))
FILE = ".kamal/secrets.key"


@pytest.fixture
def keyring(project):
    return Keyring(project.root, ".kamal/secrets", project.environ)


def test_a_new_key_is_private_and_ignored_by_git(project, keyring):
    project.write("Dockerfile", "FROM scratch")
    project.write(".dockerignore", "log")
    git = ["git", "-C", str(project.root)]
    subprocess.run([*git, "init", "-q"], check=True)

    key = keyring.generate()

    path = project.root / FILE
    assert path.read_text() == f"{key.text}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (project.root / ".gitignore").read_text() == "/.kamal/secrets.key*\n"
    assert (project.root / ".dockerignore").read_text() == "log\n.kamal/secrets.key*\n"
    added = subprocess.run([*git, "add", "-nA"], capture_output=True, text=True, check=True)
    assert "secrets.key" not in added.stdout
    assert keyring.first() == key


def test_gitignore_gets_one_line(project, keyring):
    project.write(".gitignore", "log\n")

    keyring.write(ONE)
    keyring.write(TWO)

    assert (project.root / ".gitignore").read_text() == "log\n/.kamal/secrets.key*\n"


def test_a_key_outside_of_the_project_is_ignored_where_it_is(project, tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere")

    Keyring(project.root, str(folder / "secrets"), {}).generate()

    assert (folder / ".gitignore").read_text() == "/secrets.key*\n"
    assert not (project.root / ".gitignore").exists()


def test_the_environment_comes_first_and_both_are_searched(project, keyring):
    keyring.write(ONE)
    project.environ["KAMALPY_SECRETS_KEY"] = f" {TWO.text}\n"

    assert keyring.keys() == (TWO, ONE)
    assert keyring.first() == TWO
    assert keyring.find(ONE.id) == ONE


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o610, 0o700 | 0o001])
def test_a_key_that_others_can_read_is_refused(project, keyring, mode):
    keyring.write(ONE)
    (project.root / FILE).chmod(mode)

    with pytest.raises(SecretError) as error:
        keyring.find(ONE.id)
    assert str(error.value) == (
        f"{FILE}: can be read by others, its mode is 0{mode:o}; chmod 600 {FILE}"
    )


@pytest.mark.parametrize(
    ("in_file", "in_environment", "message"),
    [
        ("hunter2", "", f"{FILE}: holds something that is no key"),
        ("", "hunter2", "KAMALPY_SECRETS_KEY: holds something that is no key"),
    ],
)
def test_something_that_is_no_key(project, keyring, in_file, in_environment, message):
    project.write(FILE, in_file).chmod(0o600)
    project.environ["KAMALPY_SECRETS_KEY"] = in_environment

    with pytest.raises(SecretError) as error:
        keyring.keys()
    assert str(error.value) == f"{message}; a key is 43 letters, digits, - and _"


def test_a_new_file_gets_the_key_of_the_others(project, keyring):
    EncryptedFile(".kamal/secrets.staging.enc", keyring).set("A", "b")
    project.environ["KAMALPY_SECRETS_KEY"] = TWO.text

    key = keyring.first()

    assert (project.root / FILE).read_text() == f"{key.text}\n"


@pytest.mark.parametrize("other", ["", ONE.text])
def test_a_key_is_not_made_where_another_is_needed(project, keyring, other):
    EncryptedFile(".kamal/secrets.staging.enc", keyring).set("A", "b")
    (project.root / FILE).unlink()
    project.environ["KAMALPY_SECRETS_KEY"] = other

    with pytest.raises(SecretError) as error:
        EncryptedFile(".kamal/secrets.enc", keyring).set("A", "b")
    assert str(error.value) == (
        "the key that .kamal/secrets.staging.enc has is not at hand; "
        f"set KAMALPY_SECRETS_KEY, or put the key into {FILE}"
    )


def test_the_files_of_a_project(project, keyring):
    for name in ("secrets.enc", "secrets-common.enc", "secrets.eu.enc", "secrets2.enc", "secrets"):
        project.write(f".kamal/{name}", "")

    assert keyring.files() == (
        ".kamal/secrets-common.enc",
        ".kamal/secrets.enc",
        ".kamal/secrets.eu.enc",
    )


def test_shows_no_key(keyring):
    assert "environ" not in repr(keyring)
