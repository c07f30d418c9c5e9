"""``minimum_version``: versions as RubyGems orders them."""

from __future__ import annotations

import re
from itertools import zip_longest

KAMAL = "2.12.0"
"""The version of Kamal whose deploy.yml is read here."""
VERSION = re.compile(r"\s*([0-9]+(\.[0-9a-zA-Z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?)?\s*")


def is_version(text: str) -> bool:
    """Tell whether RubyGems would take a text for a version."""
    return VERSION.fullmatch(text) is not None


def newer(one: str, other: str) -> bool:
    """Tell whether one version is newer than another; letters make a version older."""
    for mine, yours in zip_longest(_segments(one), _segments(other), fillvalue=(1, 0, "")):
        if mine != yours:
            return mine > yours
    return False


def _segments(version: str) -> list[tuple[int, int, str]]:
    parts = re.findall(r"[0-9]+|[a-zA-Z]+", version.replace("-", ".pre."))
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts]
