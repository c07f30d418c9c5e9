"""A machine that is not running yet."""

from __future__ import annotations

from pathlib import Path

from fleet.machine import Machine
from fleet.settings import Settings


def test_its_docker_does_not_answer(tmp_path: Path) -> None:
    machine = Machine(Settings(tmp_path, "10.99.0"), "h1")

    assert not machine.docker_answers()
