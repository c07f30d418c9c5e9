"""
Operations, deploys and facts, from their docstrings.

Docstrings are in pyinfra's form (``+ argument: meaning``), and many deploys are made by a function,
so that pages are written from the objects themselves instead of from the source.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from pyinfra.api.facts import FactBase

import kamalpy.deploys
import kamalpy.facts
import kamalpy.operations
from kamalpy.deploys.options import DeployOptions

_OPTIONS = "see `kamalpy.deploys.options.DeployOptions`"
_CODE = re.compile(r"^\.\. code:: python\n\n((?:(?: {4}.*)?\n)+)", re.MULTILINE)


def operations() -> str:
    """Write a section for each module of operations."""
    lines: list[str] = []
    for module in _modules(kamalpy.operations):
        found = {
            name: value
            for name, value in vars(module).items()
            if hasattr(value, "_inner")
            and (hasattr(module, "__path__") or value.__module__ == module.__name__)
        }
        if found:
            noun = module.__name__.rpartition(".")[2]
            lines += [f"## {noun}", "", inspect.getdoc(module) or "", ""]
            for name, value in found.items():
                lines += _entry(f"{noun}.{name}", value)
    return "\n".join(lines)


def deploys() -> str:
    """Write a section for each deploy."""
    lines = ["## options", "", _markdown(inspect.getdoc(DeployOptions) or ""), ""]
    for name, value in sorted(vars(kamalpy.deploys).items()):
        if callable(value):
            lines += _entry(f"deploys.{name}", value, "##")
    return "\n".join(lines).replace(_OPTIONS, "[the options above](#options)")


def facts() -> str:
    """Write a section for each fact."""
    lines: list[str] = []
    for module in _modules(kamalpy.facts):
        for name, value in vars(module).items():
            if _is_fact(value) and value.__module__ == module.__name__:
                lines += [f"## {name}", "", f"`from {module.__name__} import {name}`", ""]
                lines += [_markdown(inspect.getdoc(value) or ""), ""]
    return "\n".join(lines)


def _is_fact(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, FactBase)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for each in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{each.name}")


def _entry(name: str, value: Callable[..., Any], depth: str = "###") -> list[str]:
    words = [_parameter(each) for each in inspect.signature(value).parameters.values()]
    signature = f"{name}({', '.join(words)})"
    if len(signature) > 80:
        signature = f"{name}(\n" + "".join(f"    {word},\n" for word in words) + ")"
    text = _markdown(inspect.getdoc(value) or "")
    return [f"{depth} {name}", "", "```python", signature, "```", "", text, ""]


def _parameter(parameter: inspect.Parameter) -> str:
    if parameter.kind is inspect.Parameter.VAR_KEYWORD:
        return f"**{parameter.name}"
    default = f" = {parameter.default!r}" if parameter.default is not parameter.empty else ""
    return f"{parameter.name}: {parameter.annotation}{default.replace(chr(39), chr(34))}"


def _markdown(text: str) -> str:
    """Turn a docstring into Markdown."""
    text = _CODE.sub(lambda found: f"```python\n{inspect.cleandoc(found[1])}\n```\n", f"{text}\n")
    text = re.sub(r"^\+ (\w+):", r"- `\1`:", text, flags=re.MULTILINE)
    return re.sub(r"^  (?=\S)", "    ", text, flags=re.MULTILINE)
