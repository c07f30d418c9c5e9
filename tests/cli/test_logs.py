"""Lines of a container's log, with the times by which those of several are put into one order."""

from __future__ import annotations

import heapq
from operator import attrgetter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kamalpy.cli.queries.logs import Entry, Source, entries
from kamalpy.commands.execution import Where
from kamalpy.connectors.stream import OUT, Line

SOURCE = Source("h1", Where("blog-web"), "web")
T1, T2 = "2026-01-02T13:23:37.000000001Z", "2026-01-02T13:23:38.100000000Z"


class Written:
    """Stands for a stream that has ended."""

    def __init__(self, *lines: str) -> None:
        self.said = lines

    def lines(self) -> Any:
        """Give all that was written."""
        return (Line(OUT, text) for text in self.said)


def read(*lines: str) -> list[tuple[str, str, str | None]]:
    """Read lines; return the text, the time for sorting and the written time of each."""
    found = entries(SOURCE, Written(*lines))  # type: ignore[arg-type]
    return [(each.text, each.time, each.written) for each in found]


def test_lines_with_and_without_times() -> None:
    assert read(f"{T1} one  two", "--", f"{T2} ", f"{T1} late", "2026-01-02 no time") == [
        ("one  two", T1, T1),
        ("--", T1, None),
        ("", T2, T2),
        ("late", T2, T1),
        ("2026-01-02 no time", T2, None),
    ]


@given(st.lists(st.lists(st.sampled_from([f"{T1} a", f"{T2} b", "c"]), max_size=5), max_size=4))
def test_merging_keeps_the_order_of_each(logs: list[list[str]]) -> None:
    sources = [Source(f"h{number}", Where("blog-web")) for number, _ in enumerate(logs)]
    streams = [
        entries(source, Written(*lines))  # type: ignore[arg-type]
        for source, lines in zip(sources, logs, strict=True)
    ]
    merged: list[Entry] = list(heapq.merge(*streams, key=attrgetter("time")))
    assert [each.time for each in merged] == sorted(each.time for each in merged)
    for source, lines in zip(sources, logs, strict=True):
        texts = [each.text for each in merged if each.source == source]
        assert texts == [line.rpartition(" ")[2] for line in lines]
