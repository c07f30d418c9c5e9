"""AWS Secrets Manager, by ``aws``."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kamalpy.errors import SecretError
from kamalpy.secrets.extract import as_text

from .base import Adapter, text

_MOST = 20  # secrets in one call of BatchGetSecretValue


class AwsSecretsManager(Adapter):
    """Names are names or ARNs of secrets; the account is a profile."""

    title = "AWS Secrets Manager"
    version = ("aws", "--version")
    is_batched = True

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Read all secrets at once; the entries of an object get keys of their own."""
        wanted = self.full_names(names, source)
        found: dict[str, str] = {}
        for start in range(0, len(wanted), _MOST):
            found |= self._batch(wanted[start : start + _MOST])
        return found

    def _batch(self, names: Sequence[str]) -> dict[str, str]:
        words = ("aws", "secretsmanager", "batch-get-secret-value", "--secret-id-list", *names)
        profile = ("--profile", self.account) if self.account else ()
        answer = self.read_json(_read, ", ".join(names), *words, *profile, "--output", "json")
        failures, values = answer
        if failures:
            raise SecretError(f"cannot read from AWS Secrets Manager: {' '.join(failures)}")
        return values


def _read(answer: Any) -> tuple[list[str], dict[str, str]]:
    errors = answer.get("Errors", [])
    failures = [f"{error.get('SecretId', '')}: {error.get('Message', '')}" for error in errors]
    secrets = answer.get("SecretValues", [])
    return failures, {key: value for secret in secrets for key, value in _values(secret)}


def _values(secret: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name, value = text(secret["Name"]), secret.get("SecretString")
    if value is None:
        content = base64.b64decode(secret.get("SecretBinary", ""))
        yield name, content.decode(errors="surrogateescape")
        return
    parsed = _parsed(text(value))
    if isinstance(parsed, dict):
        yield from ((f"{name}/{key}", as_text(each)) for key, each in parsed.items())
    else:
        # Only a quoted string loses its quotes; a number stays as it is written, 1.50 or 1e5.
        yield name, parsed if isinstance(parsed, str) else value


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
