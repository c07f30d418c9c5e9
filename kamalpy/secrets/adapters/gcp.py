"""Google Secret Manager, by ``gcloud``."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from kamalpy.errors import SecretError

from .base import Adapter, text

_DEFAULT = "default"


class GcpSecretManager(Adapter):
    """
    Names are ``[project/]secret[/version]``, accounts ``user[|service-account,...]``.

    ``default`` as a project or user is what gcloud is set to.
    """

    title = "Google Secret Manager"
    version = ("gcloud", "--version")
    needs_account = True

    def login(self) -> None:
        """Log in, unless there is a session."""
        if self._is_logged_in():
            return
        result = self.shell.tool("gcloud", "auth", "login", interactive=True)
        if not self._is_logged_in():
            raise self.refused(result, 'try "gcloud auth login"')

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Read one version after the other: gcloud has no other way."""
        return dict(self._secret(name) for name in self.full_names(names, source))

    def _secret(self, name: str) -> tuple[str, str]:
        parts = name.split("/")
        project, secret, *version = parts if len(parts) > 1 else [_DEFAULT, *parts]
        key = f"{project}/{secret}"
        access = ("gcloud", "secrets", "versions", "access", (version or ["latest"])[0])
        words = (*access, f"--secret={secret}", *self._flags(project))
        data = self.read_json(lambda answer: text(answer["payload"].get("data", "")), key, *words)
        # gcloud sends the alphabet for URLs, the API the ordinary one.
        data = data.replace("-", "+").replace("_", "/")
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
        return bool(self.read_json(list, "the accounts", *words))
