"""Fill in what the pages of the site take from the code: ``<!-- generated: NAME -->``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import api
import commands
import keys

ROOT = Path(__file__).parents[2]
GENERATED = {
    "keys": keys.markdown,
    "commands": commands.markdown,
    "operations": api.operations,
    "deploys": api.deploys,
    "facts": api.facts,
    "changelog": lambda: (ROOT / "CHANGELOG.md").read_text().partition("\n")[2],
}
_MARK = re.compile(r"^<!-- generated: (\w+) -->$", re.MULTILINE)


def on_config(config: Any) -> Any:
    """Add the decisions to the navigation, and pages that it does not list."""
    docs = Path(config.docs_dir)
    about = config.nav[-1]["About"]
    listed = {page for section in config.nav for pages in section.values() for page in pages}
    about += sorted({page.name for page in docs.glob("*.md")} - listed)
    decisions = sorted((docs / "decisions").glob("*.md"))
    about.append({"Decisions": [f"decisions/{page.name}" for page in decisions]})
    return config


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put what is generated in the place of its mark."""
    return _MARK.sub(lambda mark: GENERATED[mark[1]](), markdown)
