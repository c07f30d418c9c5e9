"""Every operation has a summary and an example, of which the page of operations is made."""

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
STATEMENTS = {
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


@pytest.mark.parametrize("name", OPERATIONS)
def test_has_a_summary_and_an_example_of_itself(name: str) -> None:
    text = inspect.getdoc(OPERATIONS[name]) or ""
    example = dedent(text.partition(".. code:: python\n")[2]).strip("\n")

    assert text.splitlines()[0].endswith(".")
    assert f"{name}(name=" in example.replace("(\n    name=", "(name=")


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name.startswith("app.")])
def test_the_example_of_a_deploy_has_that_of_each_operation(name: str) -> None:
    text = inspect.getdoc(OPERATIONS[name]) or ""
    example = dedent(text.partition(".. code:: python\n")[2]).strip("\n")

    assert {ast.dump(statement) for statement in ast.parse(example).body} <= STATEMENTS
