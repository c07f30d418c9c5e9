"""The one fact: everything on a host that decisions depend on, in one SSH command."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from pyinfra.api.command import StringCommand
from pyinfra.api.exceptions import FactProcessError
from pyinfra.api.facts import FactBase

from kamalpy.commands.state_query import StateQuery

Answer = dict[str, Any]
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}
"""What ``uname -m`` prints, as Docker calls it."""


class HostFacts(FactBase[Answer]):
    """
    Everything on a host that decisions depend on; ``HostState.from_facts`` types it.

    + services: values of the label ``service`` whose containers are read (the proxy always is)
    + images: images to read
    + networks: Docker networks to look for; others may be listed, too
    + paths: files and directories whose mode, owner and digest are read
    + clear: variables whose values may be shown; of all others only a digest is
    + lock: folder of the deploy lock
    + releases: folders with records of releases
    + audits: audit logs, from which the last lines are read
    + variables: variables of the SSH user on the server whose values are read

    ``docker`` is ``running``, ``absent`` or ``stopped``, so that "no engine" and "nothing
    there" are different answers. The key of the digests is one line on standard input.
    """

    def command(
        self,
        services: list[str] | None = None,
        images: list[str] | None = None,
        paths: list[str] | None = None,
        clear: list[str] | None = None,
        lock: str | None = None,
        releases: list[str] | None = None,
        audits: list[str] | None = None,
        variables: list[str] | None = None,
        networks: list[str] | None = None,
    ) -> StringCommand:
        """Spell the reading command."""
        return StateQuery(
            services=tuple(services or ()),
            images=tuple(images or ()),
            paths=tuple(paths or ()),
            clear=tuple(clear or ()),
            lock=lock,
            releases=tuple(releases or ()),
            audits=tuple(audits or ()),
            variables=tuple(variables or ()),
            networks=tuple(networks or ()),
        ).state()

    @staticmethod
    def default() -> Answer:
        """Return an empty answer: even the engine is unknown."""
        return {"docker": "unknown"}

    def process(self, output: list[str]) -> Answer:
        """Read tagged lines."""
        answer: Answer = self.default()
        digests = (line.split(" ") for line in output if line.startswith("#digest "))
        try:
            answer["digests"] = {number: digest for _, digest, number in digests}
            for line in output:
                tag, _, text = line.partition(" ")
                if tag in _TEXTS:
                    answer[tag[1:]] = text
                elif tag in _LISTS:
                    answer.setdefault(_LISTS[tag], []).append(text)
                elif tag in _READERS:
                    _READERS[tag](answer, text)
        except (ValueError, KeyError, IndexError) as error:
            raise FactProcessError(f"cannot parse the state of the host: {error}") from error
        del answer["digests"]
        return answer


def _digest(answer: Answer, number: str) -> str:
    """Return the digest of a number, or the word itself if it is a digest."""
    found: str = answer["digests"].get(number, number)
    return found


def _machine(answer: Answer, text: str) -> None:
    if text:
        answer["machine"] = _ARCHITECTURES.get(text, text)


def _container(answer: Answer, text: str) -> None:
    containers = answer.setdefault("containers", [])
    containers.append({"inspect": json.loads(text), "env": {}, "hidden": {}, "brought": []})


def _env(answer: Answer, text: str) -> None:
    name, _, value = json.loads(text).partition("=")
    answer["containers"][-1]["env"][name] = value


def _hidden(answer: Answer, text: str) -> None:
    number, _, name = text.partition(" ")
    answer["containers"][-1]["hidden"][name] = _digest(answer, number)


def _secret(answer: Answer, text: str) -> None:
    number, _, name = text.partition(" ")
    answer["containers"][-1].setdefault("secrets", {})[name] = _digest(answer, number)


def _brought(answer: Answer, text: str) -> None:
    answer["containers"][-1]["brought"].append(text)


def _image(answer: Answer, text: str) -> None:
    image, images = json.loads(text), answer.setdefault("images", [])
    if image not in images:
        images.append(image)


def _routes(answer: Answer, text: str) -> None:
    answer["routes"] = json.loads(text)


def _path(answer: Answer, text: str) -> None:
    kind, number, mode, user, ids, path = text.split(" ", 5)
    digest = _digest(answer, number)
    file = {"kind": kind, "mode": mode, "owner": f"{user} {ids}", "digest": digest}
    answer.setdefault("files", {})[path] = file


def _proxy(answer: Answer, text: str) -> None:
    file, _, content = text.partition(" ")
    answer.setdefault("proxy_options", {})[file] = content.strip()


def _login(answer: Answer, text: str) -> None:
    number, _, server = text.partition(" ")
    answer.setdefault("logins", {})[server] = _digest(answer, number)


def _lock(answer: Answer, text: str) -> None:
    owner, _, details = text.partition(" ")
    try:
        text = base64.b64decode(details).decode(errors="replace").strip()
    except ValueError:  # not what Kamal or kamalpy writes: a lock all the same
        text = details
    answer["lock"] = {"details": text, "owner": owner}


def _note(answer: Answer, text: str) -> None:
    path, _, note = text.partition(" ")
    answer.setdefault("notes", {})[path] = note.strip()


def _release(answer: Answer, text: str) -> None:
    role, version, at, image, record = text.split(" ", 4)
    release = {"role": role, "version": version, "at": int(at), "image": image, "record": record}
    answer.setdefault("releases", []).append(release)


def _variable(answer: Answer, text: str) -> None:
    name, _, value = text.partition(" ")
    decoded = base64.b64decode(value).decode(errors="surrogateescape")
    answer.setdefault("variables", {})[name] = decoded


_TEXTS = ("#home", "#session", "#docker")
_LISTS = {"#network": "networks", "#app": "apps", "#audit": "audit"}
_READERS: dict[str, Callable[[Answer, str], None]] = {
    "#machine": _machine,
    "#container": _container,
    "#env": _env,
    "#hidden": _hidden,
    "#brought": _brought,
    "#secret": _secret,
    "#image": _image,
    "#routes": _routes,
    "#path": _path,
    "#proxy": _proxy,
    "#login": _login,
    "#lock": _lock,
    "#note": _note,
    "#release": _release,
    "#variable": _variable,
}
