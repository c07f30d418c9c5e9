"""The line that shows the current step, on a terminal."""

from __future__ import annotations

import pytest

from kamalpy.cli.lines import Progress


@pytest.mark.parametrize(
    ("columns", "line"),
    [("80", "⠋ Build registry.test/blog:v1  0s"), ("20", "⠋ Build regist…  0s")],
)
def test_the_time_is_shown_whatever_the_width(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: str, line: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    progress = Progress(live=True, colors=False)
    progress._ticking = object()
    progress.begin("Build registry.test/blog:v1")
    assert capsys.readouterr().err == f"\r\x1b[K{line}"
