"""
Conversations in a file: what is said to a proxy, and what it must answer.

    $ kamal-proxy ...      a command; what it prints follows, two spaces in, errors after "!"
    > GET host/path ...    a request; status, some headers and the text follow, two spaces in
    * one falls ill        something happens, or is looked at
"""

from __future__ import annotations

import json
import re
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kamal_proxy.contract.app import App
from kamal_proxy.contract.proxy import Proxy, Reply

SHOWN = ("Location", "Set-Cookie", "Connection", "Content-Type", "X-Content-Type-Options")
USUAL = "Content-Type: text/plain; charset=utf-8"


@dataclass
class Scene:
    """Who takes part: the proxy, the apps by name, and a folder for files."""

    proxy: Proxy
    apps: dict[str, App]
    folder: Path
    heard: dict[str, int] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """What scripts write for what differs from run to run."""
        names = {f"{{{name}}}": app.address for name, app in self.apps.items()}
        folders = {"{home}": str(self.proxy.home), "{folder}": str(self.folder)}
        return {**names, **folders, "{http}": str(self.proxy.http)}

    def fill(self, text: str) -> str:
        """The text with values in the place of names."""
        for name, value in self.names.items():
            text = text.replace(name, value)
        return text

    def empty(self, text: str) -> str:
        """The text with names in the place of values."""
        for name, value in self.names.items():
            text = text.replace(value, name)
        return text

    def news(self, message: str) -> list[dict[str, Any]]:
        """What the log says under this message since the last time."""
        since = self.heard.get(message, 0)
        until = time.monotonic() + 2
        while len(self.proxy.log(message)) == since and time.monotonic() < until:
            time.sleep(0.02)
        self.heard[message] = len(self.proxy.log(message))
        return self.proxy.log(message)[since:]


def play(script: str, scene: Scene) -> str:
    """The script again, with the answers that were really given."""
    kinds: dict[str, Callable[[str, Scene], list[str]]] = {"$": _run, ">": _ask, "*": _happen}
    lines: list[str] = []
    for line in script.splitlines():
        if line.startswith(("  ", "!")):
            continue
        lines.append(line)
        if line[:1] in kinds:
            answers = kinds[line[0]](scene.fill(line[2:]), scene)
            lines += [scene.empty(answer) for answer in answers]
    return "\n".join(lines) + "\n"


def _run(line: str, scene: Scene) -> list[str]:
    answer = scene.proxy(*shlex.split(line)[1:])
    if answer.status != (1 if answer.err else 0):
        raise RuntimeError(f"{line}: {answer}")
    out = re.sub(r"\x1b\[[0-9;]*m", "", answer.out)
    return _indented(out.splitlines()) + [f"! {line}" for line in answer.err.splitlines()]


def _ask(line: str, scene: Scene) -> list[str]:
    """``GET host/path Header=value body=...``"""
    method, url, *fields = shlex.split(line)
    reply = scene.proxy.get(url, method, **dict(field.split("=", 1) for field in fields))
    return _indented([*_head(reply), *_body(reply.text)])


def _head(reply: Reply) -> list[str]:
    fields = [f"{name}: {value}" for name in SHOWN for value in reply.headers.get_all(name, [])]
    return [f"{reply.status} {reply.reason}", *(f for f in fields if f != USUAL)]


def _body(text: str) -> list[str]:
    page = re.search(r"<title>(\d.*?)</title>", text)
    return [f"page: {page[1]}"] if page else [line for line in text.splitlines() if line]


def _happen(line: str, scene: Scene) -> list[str]:
    name, _, event = line.partition(" ")
    if line == "the proxy is restarted":
        scene.proxy.stop()
        scene.proxy.start()
    elif line == "the state is kept":
        state = json.loads(scene.proxy.state.read_text("utf-8"))
        return _indented(json.dumps(state, indent=2).splitlines())
    elif line.startswith("the log says "):
        entries = scene.news(line.removeprefix("the log says "))
        return _indented(sorted({scene.empty(json.dumps(entry)) for entry in entries}))
    elif event in ("falls ill", "recovers"):
        scene.apps[name].healthy = event == "recovers"
    elif event == "dies":
        scene.apps[name].die()
    else:
        raise ValueError(f"what is this: {line}")
    return []


def _indented(lines: list[str]) -> list[str]:
    return [f"  {_steady(line)}".rstrip() for line in lines]


def _steady(text: str) -> str:
    """The text without what differs from run to run."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID", text)
    text = re.sub(r"t=\d{13}", "t=NOW", text)
    text = re.sub(r"BaseHTTP\S+ Python/[\d.]+", "Python", text)
    return re.sub(r"=\d{13}; Path=/; Expires=[^;]*", "=SOON; Path=/; Expires=SOON", text)
