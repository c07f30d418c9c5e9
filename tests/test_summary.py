"""The last words of ``./test``: what passed, what was skipped, and why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SUMMARY = Path(__file__).with_name("summary.py")
OUTCOMES = """
import pytest

def test_passes(): pass

def test_fails(): assert False

@pytest.fixture
def broken(): raise OSError

def test_has_an_error(broken): pass

@pytest.mark.parametrize("number", [1, 2])
def test_is_skipped(number): pytest.skip("no zsh,\\nnowhere")
"""
WHOLE_FILE = "import pytest\npytest.importorskip('no_such_module')\n"


def summary(work_dir: Path) -> tuple[int, list[str]]:
    words = [sys.executable, str(SUMMARY), str(work_dir), "unit", "e2e"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def play(work_dir: Path, environment: str, source: str) -> None:
    """Run pytest on one file, with the results where tox has them."""
    file = work_dir / f"test_{environment}.py"
    file.write_text(source)
    results = work_dir / environment / "tmp/junit.xml"
    words = ["pytest", "--quiet", f"--rootdir={work_dir}", f"--junitxml={results}", str(file)]
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # none is needed, and they are slow
    command = [sys.executable, "-m", *words]
    subprocess.run(command, cwd=work_dir, env=env, capture_output=True, check=False)


def test_each_reason_is_shown(tmp_path: Path) -> None:
    play(tmp_path, "unit", OUTCOMES)
    play(tmp_path, "e2e", WHOLE_FILE)

    assert summary(tmp_path) == (
        0,
        [
            "unit: 1 passed, 1 failed, 1 error, 2 skipped",
            "e2e: 0 passed, 1 skipped",
            "skipped: 3",
            "  test_e2e: could not import 'no_such_module': No module named 'no_such_module'",
            "  test_unit: no zsh, nowhere (2 tests)",
        ],
    )


def test_nothing_is_claimed_without_results(tmp_path: Path) -> None:
    play(tmp_path, "unit", "def test_passes(): pass")

    assert summary(tmp_path) == (
        1,
        [
            "unit: 1 passed",
            "e2e: no results, because its tests did not start",
            "skipped: none",
        ],
    )
