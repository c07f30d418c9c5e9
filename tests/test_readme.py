"""The table of differences has everything that may differ on servers; links have targets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lab import differences
from lab.differences import Known

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "examples/web/README.md")
LINK = re.compile(r"\]\(([^)#:]+)(?:#([\w-]+))?\)")


def test_what_may_differ_on_servers_is_in_the_table() -> None:
    assert {each.row for each in known()} - set(rows()) == set()


@pytest.mark.parametrize("page", PAGES)
def test_links_of_pages_outside_of_the_site_have_targets(page: str) -> None:
    folder = (ROOT / page).parent
    for path, anchor in LINK.findall((ROOT / page).read_text()):
        assert (folder / path).exists(), path
        if anchor:
            assert anchor in anchors(folder / path)


def anchors(page: Path) -> set[str]:
    """List the anchors of a page's titles, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def rows() -> list[str]:
    """List what the page of differences says of Kamal."""
    lines = (ROOT / "docs/differences.md").read_text().splitlines()
    return [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ")]


def known() -> list[Known]:
    """List every difference that the side-by-side tests accept."""
    lists = (value for value in vars(differences).values() if isinstance(value, tuple))
    return [each for listed in lists for each in listed if isinstance(each, Known)]
