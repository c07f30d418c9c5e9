"""Google Secret Manager, by ``gcloud``."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kamalpy.errors import SecretError

from .base import Adapter

_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Payload:
    """The value, in base64."""

    data: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a secret."""

    payload: Payload


class GcpSecretManager(Adapter):
    """
    Names are ``[project/]secret[/version]``, accounts ``user[|service-account,...]``.

    ``default`` as a project or user is what gcloud is set to.
    """

    title = "Google Secret Manager"
    version = ("gcloud", "--version")
    needs_account = True

    def login(self) -> None:
        """Log in, unless somebody is."""
        if self._is_logged_in():
            return
        result = self.shell.tool("gcloud", "auth", "login", interactive=True)
        if not self._is_logged_in():
            raise self.refused(result, 'try "gcloud auth login"')

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Ask for one version after the other: gcloud has no other way."""
        return dict(self._secret(name) for name in self.wanted(names, source))

    def _secret(self, name: str) -> tuple[str, str]:
        parts = name.split("/")
        project, secret, *version = parts if len(parts) > 1 else [_DEFAULT, *parts]
        key = f"{project}/{secret}"
        words = ("gcloud", "secrets", "versions", "access", (version or ["latest"])[0])
        answer = self.ask_for(Version, key, *words, f"--secret={secret}", *self._flags(project))
        # gcloud sends the alphabet for URLs, the API the ordinary one.
        data = answer.payload.data.replace("-", "+").replace("_", "/")
        try:
            return key, base64.b64decode(data).decode(errors="surrogateescape")
        except ValueError:
            raise SecretError(f"Google Secret Manager gave no base64 for {key}") from None

    def _flags(self, project: str) -> tuple[str, ...]:
        user, _, service_accounts = self.account.partition("|")
        return (
            *([f"--project={project}"] if project != _DEFAULT else []),
            *([f"--account={user}"] if user != _DEFAULT else []),
            *([f"--impersonate-service-account={service_accounts}"] if service_accounts else []),
            "--format=json",
        )

    def _is_logged_in(self) -> bool:
        words = ("gcloud", "auth", "list", "--format=json")
        return bool(self.ask_for(list[Any], "the accounts", *words))
