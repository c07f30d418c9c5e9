"""What our scripts do on a host, with a dictionary in the host's place."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from simulated.docker_run import container_of

Message = list[str] | None  # nothing at all: it has failed
Given = dict[str, str]


class Failed(list[str]):
    """What a command that fails says."""


class SimulatedHost:
    """One host: its containers, routes, files, markers of deploys under way, and the lock."""

    def __init__(self, name: str, has: dict[str, Any]) -> None:
        self.name, self.has = name, has
        for key in ("containers", "routes", "files", "markers", "releases"):
            has.setdefault(key, {})

    def do(self, words: list[str], stdin: str) -> Message:
        """Do one command."""
        if words[:3] == ["docker", "network", "create"]:
            self.has["networks"] = [*self.has.get("networks", []), words[3]]
            return []
        name, end = words[0], words.index("--") if "--" in words else len(words)
        if name == "state":
            return self.state(words[1:], stdin)
        if not hasattr(self, name):
            return []
        given = dict(word.split("=", 1) for word in words[1:end])
        made: Message = getattr(self, name)(given, words[end + 1 :], stdin)
        return made

    def state(self, words: list[str], key: str) -> list[str]:
        """Tell everything, as state.sh does."""
        clear = [word.partition("=")[2] for word in words if word.startswith("clear=")]
        lines = ["#home /root", "#docker 28.2.2"]
        lines += [f"#image {json.dumps(image)}" for image in self.has.get("images", [])]
        for container in self.has["containers"].values():
            lines.append(f"#container {json.dumps(container['inspect'])}")
            for entry in container["env"]:
                shown = json.dumps(entry, ensure_ascii=False)
                variable = entry.partition("=")[0]
                hidden = f"#hidden {_digest(key, shown.encode())} {variable}"
                lines.append(f"#env {shown}" if variable in clear else hidden)
        lines += [f"#network {network}" for network in self.has.get("networks", [])]
        if self.has["routes"]:
            lines.append(f"#routes {json.dumps(list(self.has['routes'].values()))}")
        for path, file in self.has["files"].items():
            digest = _digest(key, file["content"].encode()) if file["kind"] == "file" else "-"
            lines.append(f"#path {file['kind']} {digest} {file['mode']} root:root 0:0 {path}")
        lines += [f"#note {path} {note}" for path, note in self.has.get("notes", {}).items()]
        for kept, record in self.has["releases"].items():
            *_, role, version = kept.split("/")
            lines.append(f"#release {role} {version} 1767225600 - {record}")
        if "lock" in self.has:
            lines.append("#lock alive " + self.has["lock"]["details"].replace("\n", ""))
        return lines

    def put(self, _: Given, words: list[str], stdin: str) -> Message:
        """Write files, as put.sh does."""
        given: Given = {}
        for kind, value in (word.split("=", 1) for word in words):
            given[kind] = value
            if kind in ("file", "directory"):
                size = int(given["size"]) if kind == "file" else 0
                content, stdin = base64.b64decode(stdin[:size]).decode(), stdin[size:]
                default = "644" if kind == "file" else "755"
                mode = given["mode"].lstrip("0") or default
                self.has["files"][value] = {"kind": kind, "mode": mode, "content": content}
        return []

    def pull(self, given: Given, words: list[str], stdin: str) -> Message:
        """Have an image."""
        image = given["image"]
        self.has.setdefault("images", []).append({"id": f"sha256:{image}", "tags": [image]})
        return []

    def acquire(self, given: Given, words: list[str], stdin: str) -> Message:
        """Take the lock, if it is free."""
        if "lock" in self.has:
            held = base64.b64decode(self.has["lock"]["details"]).decode().splitlines()
            return Failed(["The deploy lock is held:", *held])
        self.has["lock"] = {name: given[name] for name in ("lock", "details", "token")}
        return []

    def release(self, given: Given, words: list[str], stdin: str) -> Message:
        """Give the lock back."""
        if given["token"] in ("", self.has.get("lock", {}).get("token")):
            self.has.pop("lock", None)
        return []

    def run(self, given: Given, words: list[str], stdin: str) -> Message:
        """Put a container in the place of another."""
        start = words.index("docker")
        container = container_of(words[start + 2 :], self.has["files"])
        self.has["containers"][given["name"]] = container
        return []

    def boot(self, given: Given, words: list[str], stdin: str) -> Message:
        """Start a container beside the one that serves."""
        name, aside, count = given["name"], given["aside"], int(given["count"])
        if name in self.has["containers"]:
            self._rename(name, aside)
        container = container_of(words[2:count], self.has["files"])
        self.has["containers"][name] = container
        mark = {"token": given["token"], "stage": "healthy", "back": words[count:]}
        self.has["markers"][given["marker"]] = mark
        return []

    def switch(self, given: Given, words: list[str], stdin: str) -> Message:
        """Point the proxy at a container."""
        name, service = given["name"], given["service"]
        if name not in self.has["containers"]:
            return None
        mark = self.has["markers"].get(given["marker"], {})
        if mark.get("token") == given["token"]:
            mark["stage"] = "switched"
        target = self.has["containers"][name]["inspect"]["Id"][:12]
        targets = [f"{target}:{given['port']}"]
        self.has["routes"][service] = {"name": service, "active_targets": targets}
        return []

    def revert(self, given: Given, words: list[str], stdin: str) -> Message:
        """Take back what is not committed."""
        name, aside, marker = given["name"], given["aside"], given["marker"]
        pending = self.has["markers"].get(marker)
        if pending is None or pending["token"] != given["token"]:
            return []
        if pending["stage"] == "switched" and pending["back"]:
            self._route(pending["back"])
        del self.has["containers"][name], self.has["markers"][marker]
        if aside in self.has["containers"]:
            self._rename(aside, name)
        return []

    def commit(self, given: Given, words: list[str], stdin: str) -> Message:
        """Let nobody take a deploy back any more, and record it."""
        for marker in given["markers"].split():
            self.has["markers"].pop(marker, None)
        if given["how"] == "new":
            self.has["releases"][given["release"]] = stdin.splitlines()[0]
            self.has["files"][f"{given['release']}/env"] = self.has["files"].get(given["env"])
        return []

    def start(self, given: Given, words: list[str], stdin: str) -> Message:
        """Start a container, and have the proxy send requests to it."""
        self.has["containers"][given["name"]]["inspect"]["State"]["Status"] = "running"
        return self.switch({**given, "marker": "", "token": ""}, [], "") if given["service"] else []

    def stop(self, given: Given, words: list[str], stdin: str) -> Message:
        """Stop containers, after the proxy has forgotten them."""
        self.has["routes"].pop(given["service"], None)
        for name in words:
            self.has["containers"][name]["inspect"]["State"]["Status"] = "exited"
        return []

    def remove(self, given: Given, words: list[str], stdin: str) -> Message:
        """Remove containers."""
        for name in words:
            del self.has["containers"][name]
        return []

    def retire(self, given: Given, words: list[str], stdin: str) -> Message:
        """Stop what else runs of this role, and call its image the latest."""
        wanted = dict(word.split("=", 2)[1:] for word in words if word.startswith("label="))
        for container in self.has["containers"].values():
            labels = container["inspect"]["Config"]["Labels"]
            of_role = all(labels.get(label) == value for label, value in wanted.items())
            if of_role and container["inspect"]["Name"] != f"/{given['name']}":
                container["inspect"]["State"]["Status"] = "exited"
        image, latest = given["image"], given["latest"]
        images = self.has.get("images", [])
        for known in images:
            known["tags"] = [each for each in known["tags"] if each != latest]
            known["tags"] += [latest] if latest and image in known["tags"] else []
        return []

    def _rename(self, old: str, new: str) -> None:
        container = self.has["containers"].pop(old)
        container["inspect"]["Name"] = f"/{new}"
        self.has["containers"][new] = container

    def _route(self, words: list[str]) -> None:
        _, _, _, _, command, service, *options = words
        targets = [word.partition("=")[2] for word in options if word.startswith("--target=")]
        self.has["routes"].pop(service, None)
        if command == "deploy":
            self.has["routes"][service] = {"name": service, "active_targets": targets}


def _digest(key: str, content: bytes) -> str:
    return hashlib.sha256(key.encode() + content).hexdigest()
