"""Generated configurations go through the real Kamal and through ours, and agree."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from kamalpy.config import load
from kamalpy.config.dump import dump
from kamalpy.errors import KamalpyError

COUNT = int(os.environ.get("KAMALPY_REFEREE_EXAMPLES", "300"))
"""How many configurations to try: ``KAMALPY_REFEREE_EXAMPLES=5000`` for a long night."""


def ours(question: Any, folder: Path) -> tuple[str | None, str]:
    """What we print, and what we say otherwise."""
    question.write(folder)
    destination = None if question.other is None else "other"
    try:
        config = load(root=folder, destination=destination, version="v1", environ={})
    except KamalpyError as error:
        return None, str(error)
    return dump(config), ""


def alike(one: str | None, other: str | None) -> bool:
    """Compare two print-outs; libyaml's releases differ in blanks at the end of a line."""
    if one is None or other is None:
        return one is other
    return [line.rstrip() for line in one.splitlines()] == [
        line.rstrip() for line in other.splitlines()
    ]


def test_agrees_with_the_real_kamal(
    referee: ModuleType, configurations: ModuleType, tmp_path: Path
) -> None:
    questions: list[Any] = []

    @settings(
        max_examples=COUNT,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(configurations.FILES)
    def collect(files: tuple[str, str | None]) -> None:
        questions.append(referee.Question(*files))

    collect()
    differences = []
    accepted = 0
    for number, (question, answer) in enumerate(
        zip(questions, referee.ask(questions), strict=True)
    ):
        printed, error = ours(question, tmp_path / str(number))
        accepted += answer.printed is not None
        if not alike(answer.printed, printed):
            differences.append((question, answer, printed or error))
    assert differences == []
    assert 0.1 < accepted / len(questions) < 0.9, "neither all good nor all broken"
