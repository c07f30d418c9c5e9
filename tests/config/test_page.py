"""``docs/configuration.md`` tells what ``kamalpy docs`` does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "configuration.md").read_text()


def test_is_what_the_schema_says() -> None:
    """After a change: ``python tests/config/page.py``."""
    spec = importlib.util.spec_from_file_location("kamalpy_page", Path(__file__).parent / "page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.page() == PAGE


def test_every_link_leads_somewhere() -> None:
    titles = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9_ -]", "", each.lower()).replace(" ", "-") for each in titles}
    for link in re.findall(r"\]\(([^)]+)\)", PAGE):
        if link.startswith("#"):
            assert link[1:] in anchors
        else:
            assert (DOCS / link).exists()
