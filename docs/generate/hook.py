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
    """List the decisions in the navigation."""
    for section in config.nav:
        for title, pages in section.items():
            folders = [page for page in pages if not page.endswith(".md")]
            for folder in folders:
                pages.remove(folder)
                found = sorted((ROOT / "docs" / folder).glob("*.md"))
                pages.append({folder.title(): [f"{folder}/{page.name}" for page in found]})
            section[title] = pages
    return config


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put what is generated in the place of its mark."""
    return _MARK.sub(lambda mark: GENERATED[mark[1]](), markdown)
