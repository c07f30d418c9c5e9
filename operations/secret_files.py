"""``secrets_as``: where the secrets of a container are."""

from __future__ import annotations

from kamalpy.config.secret_place import PLACES
from kamalpy.errors import ArgumentError
from kamalpy.operations.base import SecretValues
from kamalpy.spec import secret_files


def are_files(secrets_as: str) -> bool:
    """Tell whether secrets are to be files."""
    if secrets_as not in PLACES:
        known = ", ".join(PLACES)
        raise ArgumentError(f"secrets_as: {secrets_as!r} is no place for secrets; use {known}")
    return secrets_as != "env"


def file_variables(secrets_as: str, secrets: SecretValues | None) -> dict[str, str]:
    """Name the files in variables, where that is asked for."""
    return secret_files.variables(secrets or {}) if secrets_as == "file_variables" else {}
