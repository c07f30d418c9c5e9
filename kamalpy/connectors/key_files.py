"""What is wrong with a file that should hold a private key."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from paramiko import PasswordRequiredException, PKey, SSHException
from paramiko.pkey import UnknownKeyType

PRIVATE = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")


def key_problem(files: Iterable[str]) -> tuple[str, str] | None:
    """Find the first file that no login can use: what is wrong with it, and how to fix it."""
    return next((found for file in files if (found := _problem(file))), None)


def _problem(file: str) -> tuple[str, str] | None:
    path = Path(file)
    if not path.exists():
        return f"there is no key file {file}", "correct ssh/keys in deploy.yml"
    if path.is_dir() or not os.access(path, os.R_OK):
        return f"the key file {file} cannot be read", f"chmod 600 {file}, and own it"
    if not PRIVATE.search(path.read_bytes()):
        public = file.removesuffix(".pub") if file.endswith(".pub") else ""
        how = f"write {public}, without .pub" if public else "write the private key's file"
        return f"{file} holds no private key", f"{how} under ssh/keys in deploy.yml"
    try:
        PKey.from_path(path)
    except (PasswordRequiredException, TypeError):
        return f"the key {file} has a passphrase, and no agent knows it", f"ssh-add {file}"
    except (SSHException, UnknownKeyType, ValueError, IndexError):
        how = "make a new one with ssh-keygen -t ed25519, or restore the file"
        return f"the key in {file} is damaged", how
    return None
