"""Real files: the same verdict as Kamal, and the same configuration (skipped without a corpus)."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest


def test_agrees_with_kamal(case: Any, run: ModuleType) -> None:
    result = run.play(case)
    if result.verdict in run.OPEN:
        pytest.skip(run.OPEN[result.verdict])
    assert result.good, f"{result.verdict}: {result.detail}"


ALIKE = [
    ("a: b", "a: b", True),
    ("a: b", "a: b ", True),
    ("a: b", "a: c", False),
    (f"a: {'0' * 40}", f"a: {'f' * 40}", True),
    (f"a: {'0' * 7}", f"a: {'f' * 7}", True),
    (f"a: {'1' * 40}", f"a: {'f' * 40}", False),
]


@pytest.mark.parametrize(("our", "their", "same"), ALIKE)
def test_lines_are_alike_but_for_the_commit(
    our: str, their: str, same: bool, run: ModuleType
) -> None:
    assert run.alike(our, their, "0" * 40) == same


REASONS = [
    ("unknown keys: a, b", ["a: unknown key", "b: unknown key"]),
    ("registry/password: is required", ["registry/password: "]),
    ("servers/web/hosts: should be an array", ["servers/web/hosts: "]),
    ("No servers specified for the web primary_role", ["servers/web: has no hosts"]),
    ("Psych::SyntaxError: ... at line 24 column 22", [":24: not valid YAML"]),
    ("nothing of this kind", []),
]


@pytest.mark.parametrize(("error", "words"), REASONS)
def test_reasons(error: str, words: list[str], run: ModuleType) -> None:
    assert run.reasons(f"ERROR (Kamal::ConfigurationError): {error}") == words
