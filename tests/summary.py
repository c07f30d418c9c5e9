"""
Print how many tests passed, failed and were skipped in each tox environment, and why.

Each environment's pytest has written its results to ``tmp/junit.xml`` in the environment's folder.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

KINDS = ("passed", "failed", "error", "skipped")


def main(work_dir: str, *environments: str) -> int:
    """Print the summary; return 1 where an environment has left no results."""
    results = {name: Path(work_dir, name, "tmp/junit.xml") for name in environments}
    skips: Counter[str] = Counter()
    for name, file in results.items():
        if file.exists():
            suite = ElementTree.parse(file).getroot()
            print(f"{name}: {counts(suite)}")
            skips.update(skipped(suite))
        else:
            print(f"{name}: no results, because its tests did not start")
    print(f"skipped: {skips.total() or 'none'}")
    for line, count in sorted(skips.items()):
        print(f"  {line}" + (f" ({count} tests)" if count > 1 else ""))
    return 0 if all(file.exists() for file in results.values()) else 1


def counts(suite: ElementTree.Element) -> str:
    """Count the tests by their outcome."""
    found = Counter(outcome(case) for case in suite.iter("testcase"))
    shown = [f"{found[kind]} {kind}" for kind in KINDS if found[kind] or kind == "passed"]
    return ", ".join(shown)


def outcome(case: ElementTree.Element) -> str:
    """Return what became of a test."""
    if case.find("error") is not None:
        return "error"
    if case.find("failure") is not None:
        return "failed"
    return "passed" if case.find("skipped") is None else "skipped"


def skipped(suite: ElementTree.Element) -> Iterator[str]:
    """Yield `module: reason` for each test that was skipped."""
    for case in suite.iter("testcase"):
        skip = case.find("skipped")
        if skip is not None:
            module = case.get("classname") or case.get("name")
            yield f"{module}: {' '.join(reason(skip).split())}"


def reason(skip: ElementTree.Element) -> str:
    """Return why; of a whole module pytest writes it in a tuple of file, line and reason."""
    if skip.get("message") == "collection skipped":
        return str(ast.literal_eval(skip.text or "")[2]).removeprefix("Skipped: ")
    return skip.get("message", "")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
