"""What ``docker inspect`` shows of a container that was run with some words."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

_BARE = {"--detach"}


def container_of(words: Sequence[str], files: dict[str, Any]) -> dict[str, Any]:
    """Make a container of the words behind ``docker run``."""
    flags, image, command = _parsed(list(words))
    name = flags["--name"][0]
    env = list(flags.get("--env", []))
    for file in flags.get("--env-file", []):
        env += [line for line in files[file]["content"].splitlines() if "=" in line]
    options = dict(option.split("=", 1) for option in flags.get("--log-opt", []))
    policy, _, count = flags["--restart"][0].partition(":")
    inspect = {
        "Id": hashlib.sha256(" ".join(words).encode()).hexdigest(),
        "Image": f"sha256:{image}",
        "Name": f"/{name}",
        "Created": "2026-01-01T00:00:00Z",
        "State": {"Status": "running"},
        "Health": None,
        "HostConfig": {
            "Binds": [each.replace("$PWD", "/root") for each in flags.get("--volume", [])],
            "LogConfig": {"Type": "json-file", "Config": options},
            "NetworkMode": flags["--network"][0],
            "PortBindings": dict(_binding(each) for each in flags.get("--publish", [])),
            "RestartPolicy": {"Name": policy, "MaximumRetryCount": int(count or 0)},
            "ShmSize": 67108864,
        },
        "Config": {
            "Image": image,
            "Hostname": flags.get("--hostname", ["x"])[0],
            "Labels": dict(label.split("=", 1) for label in flags.get("--label", [])),
            "Cmd": command or None,
            "Volumes": None,
        },
    }
    return {"inspect": inspect, "env": env}


def _parsed(words: list[str]) -> tuple[dict[str, list[str]], str, list[str]]:
    flags: dict[str, list[str]] = {}
    while words[0].startswith("--"):
        flag, separator, value = words.pop(0).partition("=")
        if flag not in _BARE and not separator:
            value = words.pop(0)
        flags.setdefault(flag, []).append(value)
    return flags, words[0], words[1:]


def _binding(published: str) -> tuple[str, list[dict[str, str]]]:
    host, _, container = published.rpartition(":")
    ip, _, port = host.rpartition(":")
    return f"{container}/tcp", [{"HostIp": ip, "HostPort": port}]
