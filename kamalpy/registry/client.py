"""Requests to a registry: https://distribution.github.io/distribution/spec/api/."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from kamalpy.errors import KamalpyError
from kamalpy.registry.manifest import TYPES, ImageConfig, Manifest
from kamalpy.registry.reference import Reference

_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
_BUSY = (429, 500, 502, 503, 504)


class RegistryError(KamalpyError):
    """A registry that does not answer, or not as the API says."""


class RegistryDeniedError(RegistryError):
    """A registry that refuses an account, or does not say whether an image exists."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Registry:
    """
    One registry host, with the account to use there.

    The password is sent over HTTPS only, unless the registry is on this machine or ``insecure``
    says that it speaks HTTP, as ``insecure-registries`` does for Docker.
    """

    host: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    insecure: bool = False
    timeout: float = 10
    retry_after: float = 1
    _authorization: dict[str, str] = field(default_factory=dict, repr=False)

    def manifest(self, image: Reference) -> Manifest | None:
        """Find what a tag or digest stands for; None where the registry has no such image."""
        answer = self._get(image, f"manifests/{image.version}", ", ".join(TYPES))
        if answer is None:
            return None
        computed = f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
        digest = answer.headers.get("docker-content-digest") or computed
        if digest.startswith("sha256:") and digest != computed:
            raise RegistryError(f"{self.host}: the manifest of {image.repository} is damaged")
        return Manifest.parse(digest, _json(self.host, answer.body))

    def config(self, image: Reference, manifest: Manifest, platform: str) -> ImageConfig | None:
        """Read what the image of a platform brings to a container; None where there is none."""
        if manifest.platforms:
            digest = manifest.platforms.get(platform)
            found = self.manifest(_at(image, digest)) if digest else None
            manifest = found or Manifest(manifest.digest)
        if manifest.config is None:
            return None
        answer = self._get(image, f"blobs/{manifest.config}", "*/*")
        return ImageConfig.parse(_json(self.host, answer.body)) if answer else None

    def platforms(self, image: Reference, manifest: Manifest) -> tuple[str, ...]:
        """List the platforms of an image."""
        if manifest.platforms:
            return tuple(manifest.platforms)
        config = self.config(image, manifest, "")
        return (config.platform,) if config else ()

    def _get(self, image: Reference, path: str, accept: str) -> _Answer | None:
        """Get something of an image, after the registry's challenge; None where it is not there."""
        scheme = "http" if self.insecure or image.is_local else "https"
        url = f"{scheme}://{self.host}/v2/{image.repository}/{path}"
        scope = f"repository:{image.repository}:pull"
        answer = self._open(url, {"Accept": accept}, self._authorization.get(scope))
        challenge = answer.headers.get("www-authenticate")
        if answer.status == 401 and challenge and scope not in self._authorization:
            self._authorization[scope] = self._authorize(challenge, scope)
            answer = self._open(url, {"Accept": accept}, self._authorization[scope])
        if answer.status in (200, 404):
            return answer if answer.status == 200 else None
        if answer.status in (401, 403):
            who = f"user {self.username}" if self.username else "somebody without an account"
            raise RegistryDeniedError(
                f"{self.host}: refuses {image.repository} to {who} (HTTP {answer.status})"
            )
        raise RegistryError(f"{self.host}: answers HTTP {answer.status} for {image.repository}")

    def _authorize(self, challenge: str, scope: str) -> str:
        """Answer a registry's challenge: with a token, or with the account itself."""
        kind, _, rest = challenge.partition(" ")
        if kind.lower() == "basic":
            if self.username is None:
                raise RegistryDeniedError(f"{self.host}: requires a user name and a password")
            return self._basic()
        given = dict(_PARAMETER.findall(rest))
        realm = given.get("realm", "")
        safe = ("https://", "http://") if self.insecure else ("https://", "http://localhost:")
        if not realm.startswith(safe):
            raise RegistryError(f"{self.host}: its token server {realm} does not use HTTPS")
        query = {"service": given.get("service", ""), "scope": given.get("scope") or scope}
        basic = self._basic() if self.username is not None else None
        answer = self._open(f"{realm}?{urlencode(query)}", {}, basic)
        if answer.status in (400, 401, 403):
            raise RegistryDeniedError(
                f"{self.host}: refuses the user name or password (HTTP {answer.status})"
            )
        if answer.status != 200:
            raise RegistryError(f"{self.host}: gives no token (HTTP {answer.status})")
        token = _json(self.host, answer.body)
        return f"Bearer {token.get('token') or token.get('access_token', '')}"

    def _basic(self) -> str:
        pair = f"{self.username}:{self.password or ''}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"

    def _open(self, url: str, headers: Mapping[str, str], authorization: str | None) -> _Answer:
        """Get an address, once more where the registry is busy for a moment."""
        request = Request(url, headers=dict(headers))  # noqa: S310 - checked by callers
        if authorization is not None:
            # not sent to where a redirect leads, which may be somebody else's storage
            request.add_unredirected_header("Authorization", authorization)
        answer = self._open_once(request)
        if answer.status in _BUSY:
            time.sleep(self.retry_after)
            answer = self._open_once(request)
        return answer

    def _open_once(self, request: Request) -> _Answer:
        try:
            try:
                answer = urlopen(request, timeout=self.timeout)  # noqa: S310
            except HTTPError as error:
                answer = error
            with answer:
                names = {name.lower(): value for name, value in answer.headers.items()}
                return _Answer(answer.status, names, answer.read())
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", error)
            raise RegistryError(f"{self.host}: does not answer ({reason})") from None


def _at(image: Reference, digest: str) -> Reference:
    return Reference(image.host, image.repository, image.tag, digest)


def _json(host: str, body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise RegistryError(f"{host}: does not answer as a registry does")
    return found
