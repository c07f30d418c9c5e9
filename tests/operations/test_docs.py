"""docs/operations.md tells of every operation what its own text does, with its example."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from kamalpy import operations

PAGE = (Path(__file__).parents[2] / "docs/operations.md").read_text()
EXAMPLES = {
    ast.dump(statement)
    for block in re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for statement in ast.parse(block).body
}


def exported() -> Iterator[tuple[str, Any]]:
    for module in pkgutil.iter_modules(operations.__path__):
        known = importlib.import_module(f"kamalpy.operations.{module.name}")
        for name, value in vars(known).items():
            if hasattr(value, "_inner") and (module.ispkg or value.__module__ == known.__name__):
                yield f"{module.name}.{name}", value


OPERATIONS = dict(exported())


def test_all_are_there_and_no_other_one() -> None:
    assert sorted(re.findall(r"^\| `(\w+\.\w+)` \|", PAGE, re.MULTILINE)) == sorted(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_its_line_and_its_example(name: str) -> None:
    text = inspect.getdoc(OPERATIONS[name]) or ""
    line = text.splitlines()[0].replace("``", "`")
    example = dedent(text.partition(".. code:: python\n")[2]).strip("\n")

    assert f"| `{name}` | {line} |\n" in PAGE
    assert example
    assert {ast.dump(statement) for statement in ast.parse(example).body} <= EXAMPLES
