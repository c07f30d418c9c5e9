"""Requests to a registry: https://distribution.github.io/distribution/spec/api/."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import Request, urlopen

from kamalpy.errors import KamalpyError
from kamalpy.registry.manifest import TYPES, ImageConfig, Manifest
from kamalpy.registry.reference import Reference

_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
_LOCAL = ("http://localhost:", "http://127.0.0.1:")
_BUSY = (429, 500, 502, 503, 504)


class RegistryError(KamalpyError):
    """A registry that does not answer, or not according to the API."""


class RegistryDeniedError(RegistryError):
    """A registry that refuses an account, or access to an image."""


class RegistryTLSError(RegistryError):
    """A registry that has no HTTPS, or none that this machine trusts."""


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
    marks it as one that uses HTTP, as ``insecure-registries`` does for Docker.
    """

    host: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    insecure: bool = False
    timeout: float = 10
    retry_after: float = 1
    _authorization: dict[str, str] = field(default_factory=dict, repr=False)

    def manifest(self, image: Reference) -> Manifest | None:
        """Return the manifest of a tag or digest; None if the registry has no such image."""
        answer = self._get(image, f"manifests/{image.version}", ", ".join(TYPES))
        if answer is None:
            return None
        computed = f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
        digest = answer.headers.get("docker-content-digest") or computed
        if digest.startswith("sha256:") and digest != computed:
            raise RegistryError(f"{self.host}: the manifest of {image.repository} is damaged")
        return Manifest.parse(digest, _json(self.host, answer.body))

    def config(self, image: Reference, manifest: Manifest, platform: str) -> ImageConfig | None:
        """Return the config of the image of a platform; None if there is none."""
        if manifest.platforms:
            digest = manifest.platforms.get(platform)
            found = self.manifest(_at(image, digest)) if digest else None
            manifest = found or Manifest(manifest.digest)
        if manifest.config is None:
            return None
        answer = self._get(image, f"blobs/{manifest.config}", "*/*")
        if answer is None:
            return None
        return ImageConfig.parse(_json(self.host, answer.body), manifest.size)

    def platforms(self, image: Reference, manifest: Manifest) -> tuple[str, ...]:
        """List the platforms of an image."""
        if manifest.platforms:
            return tuple(manifest.platforms)
        config = self.config(image, manifest, "")
        return (config.platform,) if config else ()

    def log_in(self, image: Reference) -> None:
        """Raise RegistryDeniedError unless the registry accepts the account."""
        self._checked(self._request("GET", image, "/v2/"), image)

    def has(self, image: Reference) -> bool:
        """Return whether a tag or digest exists, without the download that a registry may count."""
        path = f"/v2/{image.repository}/manifests/{image.version}"
        answer = self._request("HEAD", image, path, accept=", ".join(TYPES))
        return self._checked(answer, image).status == 200

    def may_push(self, image: Reference) -> bool:
        """Return whether the account may push, by an upload that is cancelled at once."""
        path = f"/v2/{image.repository}/blobs/uploads/"
        try:
            upload = self._request("POST", image, path, actions="pull,push")
        except RegistryDeniedError:
            return False
        if upload.status == 202 and "location" in upload.headers:
            place = urlsplit(urljoin(path, upload.headers["location"]))
            self._request("DELETE", image, f"{place.path}?{place.query}", actions="pull,push")
        return upload.status == 202

    def _get(self, image: Reference, path: str, accept: str) -> _Answer | None:
        """Get something of an image; None where it is not there."""
        answer = self._request("GET", image, f"/v2/{image.repository}/{path}", accept=accept)
        return answer if self._checked(answer, image).status == 200 else None

    def _request(
        self,
        method: str,
        image: Reference,
        path: str,
        *,
        accept: str = "*/*",
        actions: str = "pull",
    ) -> _Answer:
        """Send a request about an image, after the registry's challenge."""
        scheme = "http" if self.insecure or image.is_local else "https"
        scope = f"repository:{image.repository}:{actions}"
        request = Request(  # noqa: S310 - one of two schemes
            f"{scheme}://{self.host}{path}", headers={"Accept": accept}, method=method
        )
        answer = self._open(request, self._authorization.get(scope))
        challenge = answer.headers.get("www-authenticate")
        if answer.status == 401 and challenge and scope not in self._authorization:
            self._authorization[scope] = self._authorize(challenge, scope)
            answer = self._open(request, self._authorization[scope])
        return answer

    def _checked(self, answer: _Answer, image: Reference) -> _Answer:
        """Return an answer of status 200 or 404; raises RegistryError for others."""
        if answer.status in (200, 404):
            return answer
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
        parameters = dict(_PARAMETER.findall(rest))
        realm = parameters.get("realm", "")
        if not realm.startswith(("https://", *(("http://",) if self.insecure else _LOCAL))):
            raise RegistryError(f"{self.host}: its token server {realm} does not use HTTPS")
        query = {
            "service": parameters.get("service", ""),
            "scope": parameters.get("scope") or scope,
        }
        basic = self._basic() if self.username is not None else None
        answer = self._open(Request(f"{realm}?{urlencode(query)}"), basic)  # noqa: S310
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

    def _open(self, request: Request, authorization: str | None) -> _Answer:
        """Send a request, once more where the registry is busy for a moment."""
        if authorization is not None:
            # not sent to the target of a redirect, which may be somebody else's storage
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
            if isinstance(reason, ssl.SSLError):
                what = f"{self.host}: has no HTTPS that this machine trusts ({reason})"
                raise RegistryTLSError(what) from None
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
