"""Which operations change which hosts, from pyinfra's `--json`."""

from __future__ import annotations

import json
from typing import Any

from lab.project import Result

Changes = set[tuple[str, str]]


def predicted(dry: Result) -> Changes:
    """List the operations and hosts that a dry run predicts to change."""
    return {(each["name"], host) for each in _read(dry)["plan"] for host in _will(each)}


def changed(run: Result) -> Changes:
    """List operations and hosts that a run has changed, or tried to."""
    operations = _read(run)["results"]["operations"]
    return {(each["name"], host) for each in operations for host in _did(each)}


def _will(operation: dict[str, Any]) -> list[str]:
    return [*operation["hosts_with_change"], *operation["hosts_with_conditional_change"]]


def _did(operation: dict[str, Any]) -> list[str]:
    return [*operation["success"], *operation["error"]]


def _read(result: Result) -> Any:
    try:
        return json.loads(result.out)
    except ValueError:
        raise AssertionError(result.text) from None
