"""Add what is missing to existing files: lines only, nothing is rewritten."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from kamalpy.cli.stubs import texts
from kamalpy.cli.stubs.detection import Detected

_SERVICE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Addition:
    """The new text of a file, and the keys or names that came; no text where it cannot be done."""

    text: str | None
    added: tuple[str, ...] = ()


def add_accessories(text: str, detected: Detected, accessories: Sequence[str]) -> Addition:
    """Add accessories that are missing, with the variables by which the app finds them."""
    before = _loaded(text)
    if before is None:
        return Addition(None)
    there = before.get("accessories") or {}
    missing = [name for name in accessories if name not in there]
    if not missing:
        return Addition(text)
    after, wanted, added = text, copy.deepcopy(before), []
    for name in missing:
        after = _with_section(after, detected, name, is_first="accessories" not in wanted)
        section = yaml.safe_load(texts.section(detected, name))
        wanted["accessories"] = {**section, **(wanted.get("accessories") or {})}
        added.append(f"accessories/{name}")
    for kind, names in _variables(detected, missing).items():
        for name, value in names.items():
            if _put(wanted, kind, name, value):
                after = _with_variable(after, kind, name, value)
                added.append(f"env/{kind}/{name}")
    return Addition(after if _loaded(after) == wanted else None, tuple(added))


def named_in(text: str, detected: Detected) -> Detected:
    """Prefer the service and the first server of a deploy.yml that exists."""
    before = _loaded(text) or {}
    service = before.get("service")
    if not (isinstance(service, str) and _SERVICE.fullmatch(service)):
        service = detected.service
    host = _first_host(before.get("servers")) or detected.host
    return replace(detected, service=service, host=host)


def _first_host(servers: Any) -> str | None:
    """Find the first server, whose role has hosts of its own or is a list of them."""
    while isinstance(servers, dict) and servers:
        servers = servers.get("hosts") or next(iter(servers.values()))
    first = servers[0] if isinstance(servers, list) and servers else None
    host = next(iter(first), None) if isinstance(first, dict) else first
    return None if host is None else str(host)


def add_secrets(text: str, detected: Detected, accessories: Sequence[str]) -> Addition:
    """Add lines of names that ``.kamal/secrets`` does not define."""
    lines = texts.secret_lines(detected, accessories)
    missing = {n: line for n, line in lines.items() if not _defines(text, n)}
    start = text if not text or text.endswith("\n") else text + "\n"
    return Addition(start + "".join(f"\n{each}\n" for each in missing.values()), tuple(missing))


def _defines(text: str, name: str) -> bool:
    return re.search(rf"(?m)^\s*(export\s+)?{re.escape(name)}\s*[=:]", text) is not None


def _loaded(text: str) -> dict[str, Any] | None:
    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError:
        return None
    return read if isinstance(read, dict) else None


def _variables(detected: Detected, accessories: Sequence[str]) -> dict[str, dict[str, str]]:
    own = texts.clear_variables(detected, ())
    clear = texts.clear_variables(detected, accessories)
    database = [detected.framework.database] if "postgres" in accessories else []
    return {
        "clear": {name: value for name, value in clear.items() if name not in own},
        "secret": dict.fromkeys(database, ""),
    }


def _with_section(text: str, detected: Detected, name: str, *, is_first: bool) -> str:
    if is_first:
        return text.rstrip("\n") + "\n\n" + texts.accessories_section(detected, [name])
    section = texts.section(detected, name)
    return re.sub(r"(?m)^accessories:.*\n", lambda line: line[0] + section, text, count=1)


def _with_variable(text: str, kind: str, name: str, value: str) -> str:
    item = f"    {name}: {value}\n" if kind == "clear" else f"    - {name}\n"
    env = re.search(r"(?m)^env:.*\n((?:[ \t]+.*\n|[ \t]*#.*\n|\n)*)", text)
    if env is None:
        return text.rstrip("\n") + f"\n\nenv:\n  {kind}:\n{item}"
    head = re.search(rf"(?m)^  {kind}:[ \t]*(#.*)?\n", env[1])
    if head is None:
        at = env.start(1)
        return text[:at] + f"  {kind}:\n{item}" + text[at:]
    at = env.start(1) + head.end()
    return text[:at] + item + text[at:]


def _put(wanted: dict[str, Any], kind: str, name: str, value: str) -> bool:
    env = wanted.setdefault("env", {})
    if not isinstance(env, dict) or (env and not {"clear", "secret", "tags"} & set(env)):
        wanted["env"] = None  # a form that no line can be added to
        return False
    if kind == "clear":
        names = env.setdefault("clear", {})
        is_new = name not in names
        env["clear"] = {name: yaml.safe_load(value), **names} if is_new else names
    else:
        items = env.setdefault("secret", [])
        is_new = name not in items
        env["secret"] = [name, *items] if is_new else items
    return is_new
