"""AWS Secrets Manager, by ``aws``."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal

from kamalpy.errors import SecretError
from kamalpy.secrets.extract import as_text

from .base import Adapter

_MOST = 20  # secrets in one call of BatchGetSecretValue


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_pascal)


class SecretValue(_Answer):
    """A secret: text, which may be a JSON object, or bytes."""

    name: str
    secret_string: str | None = Field(default=None, repr=False)
    secret_binary: str = Field(default="", repr=False)


class Failure(_Answer):
    """A secret that could not be had."""

    secret_id: str = ""
    message: str = ""


class Batch(_Answer):
    """The answer to one call."""

    secret_values: list[SecretValue] = []
    errors: list[Failure] = []


class AwsSecretsManager(Adapter):
    """Names are names or ARNs of secrets; the account is a profile."""

    title = "AWS Secrets Manager"
    version = ("aws", "--version")
    joins = True

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Ask for all secrets at once; an object's entries are keys of their own."""
        wanted = self.wanted(names, source)
        found: dict[str, str] = {}
        for start in range(0, len(wanted), _MOST):
            for secret in self._batch(wanted[start : start + _MOST]):
                found |= _values(secret)
        return found

    def _batch(self, names: Sequence[str]) -> Sequence[SecretValue]:
        words = ("aws", "secretsmanager", "batch-get-secret-value", "--secret-id-list", *names)
        profile = ("--profile", self.account) if self.account else ()
        answer = self.ask_for(Batch, ", ".join(names), *words, *profile, "--output", "json")
        if answer.errors:
            said = " ".join(f"{error.secret_id}: {error.message}" for error in answer.errors)
            raise SecretError(f"cannot read from AWS Secrets Manager: {said}")
        return answer.secret_values


def _values(secret: SecretValue) -> dict[str, str]:
    text = secret.secret_string
    if text is None:
        return {
            secret.name: base64.b64decode(secret.secret_binary).decode(errors="surrogateescape")
        }
    parsed = _parsed(text)
    if isinstance(parsed, dict):
        return {f"{secret.name}/{key}": as_text(value) for key, value in parsed.items()}
    # Only a quoted string loses its quotes; a number stays as it is written, 1.50 or 1e5.
    return {secret.name: parsed if isinstance(parsed, str) else text}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
