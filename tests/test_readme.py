"""The README's table of differences has everything that may differ on servers."""

from __future__ import annotations

from pathlib import Path

from lab import differences
from lab.differences import Known

README = Path(__file__).parents[1] / "README.md"


def test_what_may_differ_on_servers_is_in_the_table() -> None:
    assert {each.row for each in known()} - set(rows()) == set()


def rows() -> list[str]:
    """List what the README's table says of Kamal."""
    table = README.read_text().partition("| Kamal 2.12 | kamalpy | Why |\n")[2]
    lines = table.partition("\n\n")[0].splitlines()[1:]
    return [line.split(" | ")[0].removeprefix("| ") for line in lines]


def known() -> list[Known]:
    """List every difference that the side-by-side tests accept."""
    lists = (value for value in vars(differences).values() if isinstance(value, tuple))
    return [each for listed in lists for each in listed if isinstance(each, Known)]
