"""
What servers have really said, and what is made of it.

Each file of ``<module>.<Fact>/`` is a case: ``arg``, the ``command`` they make (a script of ours
stands there as ``<its name>``), the ``output`` of a server, the ``fact``. Whatever that has from a
line as it is stands there as ``<json of line 3>``.
"""

from __future__ import annotations

import json
import re
import shlex
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyinfra.api.exceptions import FactProcessError

from kamalpy.commands.base import script
from kamalpy.facts.state import HostFacts
from kamalpy.spec.state import HostState

CASES = sorted(Path(__file__).parent.glob("*.*/*.yaml"))


def shown(command: str, name: str) -> str:
    text = shlex.split(script(name).get_raw_value())[2]
    return command.replace(shlex.quote(text), f"<{name}>")


def complete(fact: Any, lines: list[str]) -> Any:
    """Put what a line says in the place of its mention."""
    if isinstance(fact, dict):
        return {key: complete(value, lines) for key, value in fact.items()}
    if isinstance(fact, list):
        return [complete(each, lines) for each in fact]
    found = re.fullmatch(r"<json of line (\d+)>", str(fact))
    return json.loads(lines[int(found[1]) - 1].partition(" ")[2]) if found else fact


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_fact(path: Path) -> None:
    case = yaml.safe_load(path.read_text())
    module, name = path.parent.name.split(".")
    fact = getattr(import_module(f"kamalpy.facts.{module}"), name)()
    lines = case["output"].split("\n")[:-1]

    command = fact.command(**case.get("arg", {})).get_raw_value()

    assert shown(command, module) == case["command"]
    assert fact.process(lines) == complete(case["fact"], lines)


def test_there_are_cases() -> None:
    assert len(CASES) > 20


def test_nothing_is_known_of_a_host_that_says_nothing() -> None:
    assert HostFacts.default() == {"docker": "unknown"}
    assert HostState.from_facts(HostFacts.default()) == HostState("unknown")


def test_lines_of_nobody_are_left_out() -> None:
    said = ["Welcome to Debian!", "#docker 28.2.2", "#unknown thing", ""]

    assert HostFacts().process(said) == {"docker": "28.2.2"}


@pytest.mark.parametrize(
    "line",
    ["#container {", '#env "A=1"', "#hidden abc A", "#brought A", "#routes no", "#path file"],
)
def test_a_line_that_makes_no_sense_fails_that_host_only(line: str) -> None:
    with pytest.raises(FactProcessError, match="cannot parse the state of the host"):
        HostFacts().process([line])


@pytest.mark.parametrize(
    ("case", "name"),
    [
        ("values_that_nobody_asked_for", "blog"),
        ("secret_that_is_asked_for", "blog-web-v1"),
    ],
)
def test_no_hidden_value_is_read(case: str, name: str) -> None:
    path = Path(__file__).parent / f"state.HostFacts/{case}.yaml"
    output = yaml.safe_load(path.read_text())["output"]

    found = HostState.from_facts(HostFacts().process(output.split("\n")[:-1])).container(name)

    assert found is not None
    assert found.hidden
    assert not set(found.hidden) & set(found.env)
    assert "hunter2" not in output
    assert "$HOME" not in output
