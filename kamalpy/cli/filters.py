"""``-h`` and ``-r``: names with wildcards, several with commas, as Kamal matches them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kamalpy.errors import DeployError

_TOKEN = re.compile(
    r"\\(?P<escaped>.?)|(?P<wildcard>[*?])"
    r"|\[(?P<negated>[!^]?)(?P<set>(?:\\.|[^\]\\])*)\]|(?P<letter>.)",
    re.DOTALL,
)
_RANGE = re.compile(r"\\?(.)(?:-\\?(.))?", re.DOTALL)
_WILDCARDS = {"*": ".*", "?": "."}
_NO_DOT_IN_FRONT = r"(?!\A\.)"
_NEVER = "(?!)"


def select_names(patterns: str | None, names: Sequence[str], what: str) -> Sequence[str]:
    """
    List the names that the patterns select, in the order of the patterns; no patterns select none.

    Each pattern has to match something; Kamal accepts them if one of them does.
    """
    found: dict[str, None] = {}
    for pattern in split_list(patterns or ""):
        matches = [name for name in names if matches_glob(pattern, name)]
        if not matches:
            raise DeployError(
                f"--{what}s {pattern}: matches no {what}; deploy.yml has {', '.join(names)}"
            )
        found.update(dict.fromkeys(matches))
    return list(found)


def split_list(text: str) -> list[str]:
    """Split a list at its commas, but not at those between braces; Kamal splits there as well."""
    items, depth = [""], 0
    for letter in text:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "," and depth <= 0:
            items.append("")
            depth = 0
        else:
            items[-1] += letter
    return [each.strip() for each in items if each.strip()]


def matches_glob(pattern: str, name: str) -> bool:
    r"""
    Return whether a pattern matches a name: ``*``, ``?``, ``[set]``, ``{a,b}``, ``\`` before any.

    As Ruby's ``File.fnmatch`` with ``FNM_EXTGLOB``: a wildcard at the beginning matches no dot.
    """
    return any(
        re.fullmatch(_expression(each), name, re.DOTALL) for each in _without_braces(pattern)
    )


def _without_braces(pattern: str) -> list[str]:
    """Expand braces; a brace that is never closed matches nothing."""
    groups = [[[""]]]
    for part in re.findall(r"\\?.", pattern, re.DOTALL):
        if part == "{":
            groups.append([[""]])
        elif part == "," and len(groups) > 1:
            groups[-1].append([""])
        elif part == "}" and len(groups) > 1:
            choices = [text for alternative in groups.pop() for text in alternative]
            groups[-1][-1] = [begin + end for begin in groups[-1][-1] for end in choices]
        else:
            groups[-1][-1] = [text + part for text in groups[-1][-1]]
    return groups[0][0] if len(groups) == 1 else []


def _expression(pattern: str) -> str:
    """Translate a pattern without braces; a set that is never closed matches nothing."""
    parts = []
    for token in _TOKEN.finditer(pattern):
        if token["wildcard"]:
            parts.append(_NO_DOT_IN_FRONT + _WILDCARDS[token["wildcard"]])
        elif token["set"] is not None:
            parts.append(_NO_DOT_IN_FRONT + _set(token["set"], token["negated"]))
        elif token["letter"] == "[":
            return _NEVER
        else:
            parts.append(re.escape(token["escaped"] or token["letter"] or ""))
    return "".join(parts)


def _set(text: str, negated: str) -> str:
    """Translate the text between the brackets of ``[a-z]``, ``[^a]``, ``[!a]``."""
    pairs = ((first, last or first) for first, last in _RANGE.findall(text))
    ranges = [f"{re.escape(a)}-{re.escape(b)}" for a, b in pairs if a <= b]
    if not ranges:
        return r"[\s\S]" if negated else _NEVER
    return f"[{'^' if negated else ''}{''.join(ranges)}]"
