"""
Every operation, case by case: the file's name is the sentence.

How a case is written stands in conftest.py; what a good host has, in good.yaml.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kamalpy import operations

CASES = sorted(Path(__file__).parent.glob("*.*/*.yaml"))
KEYS = {
    *("kwargs", "facts", "local_files", "before"),
    *("commands", "noop_description", "exception", "queries", "diff"),
}
ENDS = {
    "acts": "commands",
    "quotes": "commands",
    "does": "noop_description",
    "refuses": "exception",
}


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", CASES, ids=named)
def test_operation(path: Path, play: Any) -> None:
    case, found = play(path)

    assert set(case) <= KEYS
    assert [ENDS[path.stem.split("_")[0]]] == [key for key in case if key in ENDS.values()]
    assert case.get("exception") == found.exception
    assert case.get("commands", []) == found.commands
    assert case.get("noop_description") == found.noop_description
    assert case.get("diff", []) == found.diff
    if "queries" in case:
        assert [case["queries"]] == found.queries


def exported() -> Iterator[tuple[str, Any]]:
    """List the operations that users import."""
    for module in pkgutil.iter_modules(operations.__path__):
        known = importlib.import_module(f"kamalpy.operations.{module.name}")
        for name, value in vars(known).items():
            ours = module.ispkg or getattr(value, "__module__", "") == known.__name__
            if ours and hasattr(value, "_inner"):
                yield f"{module.name}.{name}", value


OPERATIONS = dict(exported())


def test_all_operations_are_known() -> None:
    assert len(OPERATIONS) >= 29
    assert {path.parent.name for path in CASES} <= set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_has_its_cases(name: str) -> None:
    """
    Four at least: acts, does nothing, quotes, refuses.

    What always acts has no second one; what takes nothing but names, which need no quotes, refuses
    what a shell would run.
    """
    stems = [path.stem for path in CASES if path.parent.name == name]
    wanted = ["acts_", "refuses_"]
    wanted += ["does_nothing_"] if OPERATIONS[name].is_idempotent else []

    missing = [prefix for prefix in wanted if not any(each.startswith(prefix) for each in stems)]
    quotes = [s for s in stems if s.startswith("quotes_") or s == "refuses_what_a_shell_would_run"]
    assert (missing, bool(quotes), len(stems) >= 4) == ([], True, True)


@pytest.mark.parametrize("name", OPERATIONS)
def test_has_few_parameters_or_a_reason(name: str) -> None:
    count = len(inspect.signature(OPERATIONS[name]._inner).parameters)

    assert count <= 12 or "one argument for each key" in " ".join(OPERATIONS[name].__doc__.split())
