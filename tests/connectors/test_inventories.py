"""The files in ``inventories/``, which people run and copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FILES = Path(__file__).parents[2] / "inventories"
SEEN = {
    "kamal": {"h1.test", "h2.test", "h3.test", "h4.test"},
    "staging": {"s1.test", "h3.test", "h4.test"},
    "several": {"p1.test", "s1.test", "h3.test", "h4.test"},
    "groups": {"h1.test", "h2.test", "h3.test", "h4.test"},
}


def test_all_of_them_are_here() -> None:
    assert {path.stem for path in FILES.glob("*.py")} == set(SEEN)


@pytest.mark.parametrize("name", SEEN)
def test_runs_as_it_is(
    write: Callable[..., Path], pyinfra: Callable[..., tuple[int, str]], name: str
) -> None:
    write()
    for destination in ("staging", "production"):
        host = f"{destination[0]}1.test"
        roles = {"web": [host], "job": {"hosts": ["h3.test"], "cmd": "bin/jobs"}}
        write(f"config/deploy.{destination}.yml", servers=roles)

    status, text = pyinfra(str(FILES / f"{name}.py"), "debug-inventory")

    assert status == 0, text
    assert {host for host in SEEN[name] if f"[{host}]" in text} == SEEN[name]
    assert ("canary" in text) == (name == "groups")
