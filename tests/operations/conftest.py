"""
The harness of the cases. Purpose: which commands one operation yields for given facts.

It stands on pyinfra-testing's host and keeps to its cases (``kwargs``, ``facts``, ``commands``,
``exception``, ``noop_description``, ``local_files``), with what ours need beside that:

* tags: ``!secret NAME=value`` and ``!hidden value`` are secret arguments, ``!audit {...}`` the
  argument of that name, ``!builder {...}`` a section of deploy.yml, ``!container {...}`` and
  ``!route {...}`` those of good.yaml with what is written there changed, ``!digest text`` and
  ``!variable NAME=value`` what a host says instead of a secret;
* in commands a script of ours is ``<its name>``, random parts are ``<hex>``, a time is ``<time>``;
* ``facts: {state.HostFacts: ...}`` are whatever is asked, ``queries`` are what must be asked;
* ``{command: ..., stdin: ...}`` compares what travels on standard input, decoded;
* ``diff`` are the lines that ``--diff`` shows, ``before`` operations that this run has executed.
"""

from __future__ import annotations

import base64
import copy
import getpass
import hashlib
import importlib
import json
import os
import re
import shlex
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyinfra.api.command import FunctionCommand, StringCommand
from pyinfra.api.hiddenvalue import HiddenValue
from pyinfra.context import ctx_host, ctx_state
from pyinfra_testing.util import FakeHost, FakeState

from kamalpy._pyinfra import run_object
from kamalpy.commands import base
from kamalpy.config import Builder
from kamalpy.facts.observe import _Readings
from kamalpy.facts.state import HostFacts
from kamalpy.secrets import Secret
from kamalpy.spec.audit import Audit

HERE = Path(__file__).parent
GOOD = yaml.safe_load((HERE / "good.yaml").read_text())
SCRIPTS = {
    shlex.quote(shlex.split(base.script(path.stem).get_raw_value())[2]): path.stem
    for path in Path(base.__file__).parent.glob("scripts/*.sh")
}
SOMEBODY = f"{getpass.getuser()}@{socket.gethostname()}, process {os.getpid()}"
RANDOM = [
    (re.compile(r"\b([0-9a-f]{64})\b"), "<digest>"),
    (re.compile(r"(?<![0-9a-f])([0-9a-f]{32}|[0-9a-f]{16}|[0-9a-f]{12})(?![0-9a-f])"), "<hex>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "<time>"),
]


class Loader(yaml.SafeLoader):
    """YAML with our tags."""


def merged(good: Any, changes: Any) -> Any:
    if not isinstance(good, dict) or not isinstance(changes, dict):
        return changes
    return {**good, **{key: merged(good.get(key), value) for key, value in changes.items()}}


def tag(name: str, make: Callable[[Any], Any]) -> None:
    def construct(loader: Loader, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return make(loader.construct_mapping(node, deep=True))
        return make(loader.construct_scalar(node))  # type: ignore[arg-type]

    Loader.add_constructor(f"!{name}", construct)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


tag("secret", lambda text: Secret.of(*text.split("=", 1)))
tag("hidden", HiddenValue)
tag("audit", lambda fields: Audit(**fields))
tag("builder", lambda keys: Builder.model_validate({"arch": "amd64", **keys}))
tag("digest", digest)
tag("variable", lambda text: digest(json.dumps(text, ensure_ascii=False)))
tag("container", lambda changes: merged(copy.deepcopy(GOOD["container"]), changes or {}))
tag("route", lambda changes: merged(copy.deepcopy(GOOD["route"]), changes or {}))


class State(FakeState):  # type: ignore[misc]
    """A run of one operation, so that nothing happens after it."""

    check_for_changes = True

    def add_callback_handler(self, handler: Any) -> None:
        """Do nothing: no other operation follows."""


class Host(FakeHost):  # type: ignore[misc]
    """A host that knows some facts, whatever is asked, and keeps what it prints."""

    def __init__(self, state: FakeState, facts: Mapping[str, Any]) -> None:
        super().__init__(state, "h1", dict(facts), {})
        self.facts_of_host = merged(GOOD["host"], facts.get("state.HostFacts", {}))
        self.queries: list[dict[str, Any]] = []
        self.lines: list[str] = []

    def get_fact(self, fact: type[Any], *args: Any, **kwargs: Any) -> Any:
        if fact is not HostFacts:
            return super().get_fact(fact, *args, **kwargs)
        query = {key: value for key, value in kwargs.items() if not key.startswith("_")}
        fact().command(**query)  # it takes these arguments
        self.queries.append(query)
        return copy.deepcopy(self.facts_of_host)

    def log(self, line: str) -> None:
        self.lines.append(line)


@dataclass
class Outcome:
    """What came of a case."""

    commands: list[Any] = field(default_factory=list)
    noop_description: str | None = None
    exception: dict[str, str] | None = None
    queries: list[dict[str, Any]] = field(default_factory=list)
    diff: list[str] = field(default_factory=list)


def shown(text: str) -> str:
    """Write a command such that it is the same in every run, and readable."""
    for script, name in SCRIPTS.items():
        text = text.replace(script, f"<{name}>")
    if text.startswith("sh -c <acquire>"):
        details = shlex.split(text)[5].removeprefix("details=")
        text = text.replace(shlex.quote(details), f"<{base64.b64decode(details).decode()}>")
    text = text.replace(shlex.quote(SOMEBODY), "<somebody>")
    for pattern, name in RANDOM:
        text = pattern.sub(name, text)
    return text


def written(command: str, payload: Any) -> str:
    """Tell what travels on standard input; contents of files are base64, one behind the other."""
    text = "".join(payload)
    if not command.startswith("sh -c <put>"):
        return text
    parts = (base64.b64decode(text[start : start + 4]) for start in range(0, len(text), 4))
    return b"".join(parts).decode()


def rendered(command: Any) -> Any:
    if isinstance(command, FunctionCommand):
        return [command.function.__name__, list(command.args), command.kwargs]
    if isinstance(command, str):  # from an operation of pyinfra's
        return command
    assert isinstance(command, StringCommand)
    assert command.get_raw_value() == command.get_masked_value()
    text = shown(command.get_raw_value())
    arguments = dict(command.connector_arguments)
    if not arguments:
        return text
    stdin = {"stdin": written(text, arguments.pop("_stdin"))} if "_stdin" in arguments else {}
    return {"command": text, **stdin, **arguments}


def operation(path: str) -> Any:
    module, name = path.rsplit(".", 1)
    return getattr(importlib.import_module(f"kamalpy.operations.{module}"), name)


def executed(host: Host, before: list[dict[str, Any]]) -> None:
    """Let operations have run, as far as this run knows."""
    host.state.is_executing = True
    for earlier in before:
        assert list(operation(earlier["operation"])._inner(**earlier["kwargs"]))
    host.state.is_executing = False
    host.queries.clear()


def outcome(path: str, case: Mapping[str, Any]) -> Outcome:
    state, found = State(), Outcome()
    state.config.DIFF = True
    host = Host(state, case.get("facts", {}))
    with ExitStack() as stack:
        stack.enter_context(ctx_state.use(state))
        stack.enter_context(ctx_host.use(host))
        run_object(_Readings).key = ""  # digests are the same in every run
        executed(host, case.get("before", []))
        try:
            commands = operation(path)._inner(**case.get("kwargs", {}))
            found.commands = [rendered(command) for command in commands]
        except Exception as error:
            if "exception" not in case:
                raise
            found.exception = {"name": type(error).__name__, "message": error.args[0]}
    found.noop_description, found.queries, found.diff = (
        host.noop_description,
        host.queries,
        host.lines,
    )
    return found


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], tuple[Any, Outcome]]:
    """Read a case, and play it in a folder with its local files."""

    def play_case(path: Path) -> tuple[Any, Outcome]:
        case = yaml.load(path.read_text(), Loader)
        for name, text in case.get("local_files", {}).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        monkeypatch.chdir(tmp_path)
        return case, outcome(path.parent.name, case)

    return play_case
