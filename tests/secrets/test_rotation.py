"""A new key for all encrypted files of a project."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError
from kamalpy.secrets.encrypted import EncryptedFile, Key, Keyring, rotate_key

FILES = (".kamal/secrets-common.enc", ".kamal/secrets.enc", ".kamal/secrets.eu.enc")
KEY_FILE = ".kamal/secrets.key"


@pytest.fixture
def keyring(project):
    keyring = Keyring(project.root, ".kamal/secrets", project.environ)
    for name in FILES:
        EncryptedFile(name, keyring).set("NAME", name)
    return keyring


def values(keyring):
    return [EncryptedFile(name, keyring).values() for name in FILES]


EXPECTED = [{"NAME": name} for name in FILES]


def test_all_files_get_the_new_key_and_the_old_one_is_gone(project, keyring):
    old = keyring.first()

    new = rotate_key(keyring)

    assert new != old
    assert (project.root / KEY_FILE).read_text() == f"{new.text}\n"
    assert values(keyring) == EXPECTED
    (project.root / KEY_FILE).write_text(f"{old.text}\n")
    with pytest.raises(SecretError):
        values(keyring)


@pytest.mark.parametrize("done", range(len(FILES) + 1))
def test_after_a_crash_everything_can_be_read_and_doing_it_again_finishes(project, keyring, done):
    old, new = keyring.first(), Key.generate()
    keyring.write(new, old)
    for name in FILES[:done]:
        EncryptedFile(name, keyring).rotate(new)

    assert values(keyring) == EXPECTED
    last = rotate_key(keyring)
    assert (project.root / KEY_FILE).read_text() == f"{last.text}\n"
    assert values(keyring) == EXPECTED


def test_a_file_that_cannot_be_read_stops_it_before_anything_changes(project, keyring):
    key = (project.root / KEY_FILE).read_text()
    path = project.root / FILES[2]
    path.write_bytes(path.read_bytes()[:-10])
    before = [(project.root / name).read_bytes() for name in FILES]

    with pytest.raises(SecretError):
        rotate_key(keyring)
    assert [(project.root / name).read_bytes() for name in FILES] == before
    assert (project.root / KEY_FILE).read_text() == key


def test_a_key_of_the_environment_gives_way_to_one_in_the_file(project, keyring):
    path = project.root / KEY_FILE
    project.environ["KAMALPY_SECRETS_KEY"] = path.read_text()
    path.unlink()

    new = rotate_key(keyring)

    assert path.read_text() == f"{new.text}\n"
    assert values(keyring) == EXPECTED
