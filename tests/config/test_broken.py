"""Broken files, and all that is said of each: the file's name is the mistake."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kamalpy.config import load
from kamalpy.errors import ConfigurationError

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.txt"))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_reports_what_is_wrong_and_how_to_fix_it(path: Path, tmp_path: Path) -> None:
    base, *rest = re.split(r"^# --- (.+)\n", path.read_text(), flags=re.MULTILINE)
    parts = dict(zip(rest[::2], rest[1::2], strict=True))
    expected = parts.pop("answer")
    for name, text in {"config/deploy.yml": base, **parts}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    with pytest.raises(ConfigurationError) as caught:
        load(root=tmp_path, destination="staging" if parts else None, environ={})

    assert expected == f"{caught.value}\n"


def test_there_are_many_of_them() -> None:
    assert len(BROKEN) >= 60


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_line_has_a_place_and_a_remedy(path: Path) -> None:
    answer = path.read_text().partition("# --- answer\n")[2]
    for line in answer.splitlines():
        assert line.startswith("    ") or re.match(
            r"config/deploy(\.staging)?\.yml:\d+: .+; .+", line
        )
