"""A new key for everything that the old one has encrypted."""

from __future__ import annotations

from .file import EncryptedFile
from .key import Key
from .keyring import Keyring


def rotate_key(keyring: Keyring) -> Key:
    """
    Encrypt all files of a project with a new key, which then stands alone in the key file.

    A crash loses nothing: until the last file is written the key file holds old and new keys,
    and doing it again finishes the job. A key in KAMALPY_SECRETS_KEY has to be changed by whoever
    set it.
    """
    with keyring.lock():
        files = [EncryptedFile(name, keyring) for name in keyring.files()]
        for file in files:
            file.values()  # nothing has been changed yet if one of them cannot be read
        key = Key.generate()
        keyring.write(key, *dict.fromkeys(keyring.keys()))
        for file in files:
            file.rotate(key)
        keyring.write(key)
    return key
