"""Everything that a tool has left on a server, as text by name, to compare two tools."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from lab.host import Host

#: What Docker says of a container that is no choice of whoever ran it.
_CHANCE = {
    "Config": {"Env", "Labels"},
    "HostConfig": {"Binds", "ContainerIDFile"},
}
_FILES = "find .kamal .docker -printf '%y %m %U:%G %p\\n' 2>/dev/null | sort -k 4"
_FOLDERS = "find . -mindepth 1 -maxdepth 2 -not -path './.*' -printf '%y %m %U:%G %P\\n' | sort"
_ROUTES = (
    "docker cp kamal-proxy:/home/kamal-proxy/.config/kamal-proxy/kamal-proxy.state - 2>/dev/null"
    " | tar -xO 2>/dev/null || :"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
_REPLACED = re.compile(r"_replaced_[0-9a-f]{16}")
_ANONYMOUS = re.compile(r"(?<!sha256:)\b[0-9a-f]{64}\b")

State = Mapping[str, str]
"""`container test-web-v1: env PHX_HOST` and the like, with what it is."""


@dataclass(frozen=True, order=True)
class Difference:
    """A difference between two servers; `-` stands for what is missing."""

    name: str
    kamal: str
    kamalpy: str

    def __str__(self) -> str:
        return f"{self.name}\n      kamal:   {self.kamal}\n      kamalpy: {self.kamalpy}"


def difference(kamal: State, kamalpy: State) -> list[Difference]:
    """List the differences; of something that is missing, its parts are not listed."""
    names = sorted({*kamal, *kamalpy})
    pairs = (Difference(name, kamal.get(name, "-"), kamalpy.get(name, "-")) for name in names)
    found = [pair for pair in pairs if pair.kamal != pair.kamalpy]
    missing = {pair.name for pair in found if "-" in (pair.kamal, pair.kamalpy)}
    return [pair for pair in found if not missing.intersection(_wholes(pair.name))]


def _wholes(name: str) -> Iterator[str]:
    """List the parents of something: its container, its file, its folders."""
    kind, _, rest = name.partition(" ")
    if kind == "container" and ": " in rest:
        yield f"container {rest.partition(':')[0]}"
    if kind in ("content", "file", "audit"):
        path = rest.partition(": ")[0]
        yield from (f"file {parent}" for parent in PurePosixPath(path).parents)
        if kind != "file":
            yield f"file {path}"


def snapshot(host: Host, secrets: Iterable[str], heard: Counter[str]) -> State:
    """
    Look at everything on a server; a secret shows as its digest.

    Of each audit log only those lines are told that were not heard before.
    """
    containers = _containers(host)
    normal = _Normal(host, containers, list(secrets))
    found = [
        *(pair for each in containers for pair in _container(each)),
        *_images(host),
        *_networks(host),
        *(("volume", name) for name in host.sh("docker volume ls --quiet").split()),
        *_proxy(host),
        *_files(host, heard),
        *(("folder", line) for line in host.sh(_FOLDERS).splitlines()),
    ]
    return dict(_numbered((normal(name), normal(value)) for name, value in found))


def _numbered(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Make lists comparable: each item is named by itself and its count."""
    seen: Counter[tuple[str, str]] = Counter()
    for name, value in pairs:
        if name in ("volume", "folder") or name.startswith("audit "):
            seen[name, value] += 1
            count = f" ({seen[name, value]})" if seen[name, value] > 1 else ""
            yield f"{name}: {value}{count}", "there"
        else:
            yield name, value


@dataclass(frozen=True)
class _Normal:
    """Removes from a text what differs between servers, and secrets."""

    host: Host
    containers: list[dict[str, Any]]
    secrets: list[str]

    def __call__(self, text: str) -> str:
        for secret in self.secrets:
            digest = hashlib.sha256(secret.encode()).hexdigest()[:12]
            text = text.replace(secret, f"(sha256:{digest})")
        for each in self.containers:
            for id_ in (each["Id"], each["Id"][:12]):
                text = text.replace(id_, f"(id of {each['Name'].lstrip('/')})")
        text = _ANONYMOUS.sub("(anonymous)", _TIME.sub("(time)", text))
        text = re.sub(rf"{re.escape(self.host.address)}-[0-9a-f]{{12}}", "(host)-(random)", text)
        return _REPLACED.sub("_replaced_(random)", text.replace(self.host.address, "(host)"))


def _containers(host: Host) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        host.sh("ids=$(docker ps -aq); [ -z \"$ids\" ] && echo '[]' || docker inspect $ids")
    )
    return found


def _container(of: dict[str, Any]) -> Iterator[tuple[str, str]]:
    name = f"container {of['Name'].lstrip('/')}"
    yield name, of["State"]["Status"]
    name += ":"
    for variable in of["Config"]["Env"] or ():
        key, is_set, value = variable.partition("=")
        yield f"{name} env {key}", value if is_set else "(not set)"
    for key, value in (of["Config"]["Labels"] or {}).items():
        yield f"{name} label {key}", value
    yield f"{name} image", of["Image"]
    for mount in of["Mounts"]:
        source = mount.get("Name") or mount["Source"]
        yield f"{name} mount {mount['Destination']}", f"{mount['Type']} {source} rw={mount['RW']}"
    for key, network in of["NetworkSettings"]["Networks"].items():
        own = {of["Id"][:12], of["Config"]["Hostname"]}
        yield f"{name} network {key}", " ".join(sorted({*(network["Aliases"] or ())} - own))
    yield f"{name} health", of["State"].get("Health", {}).get("Status", "none")
    for section, left_out in _CHANCE.items():
        kept = {key: value for key, value in of[section].items() if key not in left_out}
        yield from _leaves(f"{name} {section}", kept)


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Name each thing in a tree that is not empty."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(f"{name}.{key}", below)
    elif value not in (None, "", [], 0, False):
        yield name, value if isinstance(value, str) else json.dumps(value)


def _images(host: Host) -> Iterator[tuple[str, str]]:
    for line in host.sh("docker image ls --no-trunc --format '{{json .}}'").splitlines():
        image = json.loads(line)
        tag = f"{image['Repository']}:{image['Tag']}"
        yield (f"image {image['ID']}" if tag == "<none>:<none>" else f"image {tag}"), image["ID"]


def _networks(host: Host) -> Iterator[tuple[str, str]]:
    for network in json.loads(host.sh("docker network inspect $(docker network ls --quiet)")):
        kept = {key: network[key] for key in ("Driver", "Scope", "Options", "Labels", "Internal")}
        yield from _leaves(f"network {network['Name']}", kept)


def _proxy(host: Host) -> Iterator[tuple[str, str]]:
    state = host.sh(_ROUTES)
    services = json.loads(state) if state.strip() else []
    for each in services if isinstance(services, list) else [services]:
        yield from _leaves(f"route {each.get('name', '')}", each)
    listed = host.sh("docker exec kamal-proxy kamal-proxy list 2>/dev/null || :")
    for line in re.sub(r"\x1b\[[0-9;]*m", "", listed).splitlines()[1:]:
        service, *rest = line.split()
        yield f"proxy list {service}", " ".join(rest)


def _files(host: Host, heard: Counter[str]) -> Iterator[tuple[str, str]]:
    for line in host.sh(f"cd /root; {_FILES}").splitlines():
        kind, mode, owner, path = line.split(" ", 3)
        if path.endswith("-audit.log"):
            lines = host.sh(f"cat '/root/{path}'").splitlines()
            yield from ((f"audit {path}", line) for line in lines[heard[path] :])
            heard[path] = len(lines)
        elif kind == "f":
            yield f"content {path}", _content(path, host.sh(f"cat '/root/{path}'"))
        yield f"file {path}", f"{kind} {mode} {owner}"


def _content(path: str, text: str) -> str:
    """Read what is encoded: who has the lock, and logins."""
    if re.fullmatch(r"\.kamal/lock-[^/]+/details", path):
        return base64.b64decode(text).decode()
    if path == ".docker/config.json":
        return re.sub(r'"auth":\s*"([^"]*)"', lambda found: _decoded(found.group(1)), text)
    return text if len(text) < 500 else f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
