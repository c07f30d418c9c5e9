"""The registry: whether we may log in, fetch the image, and push it; by HTTP, without Docker."""

from __future__ import annotations

import base64
import http.client
import json
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from kamalpy.config import Configuration
from kamalpy.config.registry import SecretName
from kamalpy.doctor.finding import Finding, ok, problem, warning
from kamalpy.errors import KamalpyError, SecretError
from kamalpy.secrets import Secrets

HUB = "registry-1.docker.io"
SECONDS = 10
TYPES = ", ".join(
    f"application/vnd.{kind}+json"
    for kind in (
        "oci.image.index.v1",
        "oci.image.manifest.v1",
        "docker.distribution.manifest.list.v2",
        "docker.distribution.manifest.v2",
    )
)
PARAMETER = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of the registry."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Client:
    """Speaks to one registry as one user; neither password nor token is ever shown."""

    server: str
    user: str
    password: str = field(repr=False)

    def request(self, method: str, path: str, scope: str) -> Response:
        """Send a request, with the token or password that the registry asks for."""
        url = f"{self._scheme}://{self.server}{path}"
        first = _send(method, url, {"Accept": TYPES})
        challenge = first.headers.get("www-authenticate", "")
        if first.status != 401 or not challenge:
            return first
        return _send(
            method, url, {"Accept": TYPES, "Authorization": self._answer(challenge, scope)}
        )

    def _answer(self, challenge: str, scope: str) -> str:
        basic = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        kind, _, rest = challenge.partition(" ")
        if kind.lower() == "basic":
            return f"Basic {basic}"
        wanted = dict(PARAMETER.findall(rest))
        query = {"service": wanted.get("service", ""), "scope": scope}
        url = f"{wanted.get('realm', '')}?{urlencode(query)}"
        found = _send("GET", url, {"Authorization": f"Basic {basic}"})
        if found.status != 200:
            return f"Basic {basic}"
        read = json.loads(found.body)
        return f"Bearer {read.get('token') or read.get('access_token')}"

    @property
    def _scheme(self) -> str:
        return "http" if self.server.partition(":")[0] in ("localhost", "127.0.0.1") else "https"


def check(config: Configuration) -> Iterator[Finding]:
    """Report whether login, fetching and pushing work."""
    registry = config.registry
    name = registry.server or "Docker Hub"
    if registry.local:
        yield ok(name, "a registry of this machine, which knows no password")
        return
    try:
        client = _client(config)
        yield from _access(client, config, name)
    except SecretError as error:
        yield problem(name, f"is not checked: {error}", "see the secrets above")
    except ssl.SSLError:
        how = "the password would travel in the clear: give the registry a certificate"
        yield warning(name, "speaks no HTTPS and is not checked", how)
    except (OSError, http.client.HTTPException, ValueError) as error:
        yield problem(name, f"does not answer ({error})", "check registry/server")


def _access(client: Client, config: Configuration, name: str) -> Iterator[Finding]:
    path = f"/v2/{_repository(config)}"
    pull = f"repository:{_repository(config)}:pull"
    login = client.request("GET", "/v2/", pull)
    if login.status == 401:
        how = "check registry/username and the password's secret; a token may have expired"
        yield problem(name, f"refuses the login of {client.user}", how)
        return
    yield ok(name, f"login as {client.user} works")
    yield from _image(client, config, path, pull)
    if config.builder is not None:
        upload = client.request("POST", f"{path}/blobs/uploads/", f"{pull},push")
        if upload.status == 202:
            begun = urlsplit(upload.headers.get("location", path))
            client.request("DELETE", f"{begun.path}?{begun.query}", f"{pull},push")
            yield ok(name, "pushing is allowed")
        else:
            how = "give the token the right to write, or create the repository"
            yield problem(name, f"refuses a push to {_repository(config)}", how)


def _image(client: Client, config: Configuration, path: str, pull: str) -> Iterator[Finding]:
    try:
        tag = config.version
    except KamalpyError as error:
        yield warning(config.repository, f"no version: {error}", "commit, or give --version")
        return
    found = client.request("HEAD", f"{path}/manifests/{tag}", pull)
    if found.status == 200:
        yield ok(config.absolute_image, "is there")
    elif config.builder is not None:
        yield warning(config.absolute_image, "is not there yet", "kamalpy build push")
    else:
        yield problem(config.absolute_image, "is not there", "check image and its tag")


def _client(config: Configuration) -> Client:
    secrets = Secrets(
        config.secrets_path,
        destination=config.destination,
        root=config.root,
        environ=config.environ,
    )
    words = (config.registry.username, config.registry.password)
    user, password = (
        secrets.value(each.name) if isinstance(each, SecretName) else str(each) for each in words
    )
    server = config.registry.server or HUB
    return Client(HUB if server in ("docker.io", "index.docker.io") else server, user, password)


def _repository(config: Configuration) -> str:
    name = config.repository.removeprefix(f"{config.registry.server}/")
    is_hub = config.registry.server in (None, "docker.io")
    return f"library/{name}" if is_hub and "/" not in name else name


def _send(method: str, url: str, headers: Mapping[str, str]) -> Response:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request(
            method, f"{parts.path}{'?' if parts.query else ''}{parts.query}", headers=dict(headers)
        )
        answer = connection.getresponse()
        named = {key.lower(): value for key, value in answer.getheaders()}
        return Response(answer.status, named, answer.read())
    finally:
        connection.close()
