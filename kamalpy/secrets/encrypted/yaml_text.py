"""Names and values as YAML to edit, in which every value is text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

import yaml

from kamalpy.dotenv import is_name
from kamalpy.errors import SecretError

# Anything else would be a line end or an escape to YAML, and goes into double quotes.
_ORDINARY = re.compile("[^\0-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff]*")


def _text(dumper: yaml.representer.BaseRepresenter, value: str) -> yaml.Node:
    lines = value.split("\n")
    style = "|" if len(lines) > 1 else None
    if not all(_ORDINARY.fullmatch(line) for line in lines):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


class _Dumper(yaml.SafeDumper):
    """Keys and certificates as blocks, everything else as short as it goes."""

    yaml_representers: ClassVar = {**yaml.SafeDumper.yaml_representers, str: _text}


def write(values: Mapping[str, str]) -> str:
    """Write the text for an editor."""
    head = "# NAME: value. Values are text; quote those that begin with a sign or hold ` #`.\n"
    if not values:
        return head
    return head + yaml.dump(
        dict(values), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=2**31
    )


def read(text: str) -> dict[str, str]:
    """Read an edited text; raises SecretError, without showing any value."""
    text = text.removeprefix("\ufeff")
    values: dict[str, str] = {}
    for key, value in _pairs(text):
        name, line = _name(key), key.start_mark.line + 1
        if name in values:
            raise _refused(f"{name} is there twice", "remove one of them", line)
        if not _is_text(value, text):
            raise _refused(f"the value of {name} is no plain text", "put it in quotes", line)
        values[name] = str(value.value)
    return values


def _pairs(text: str) -> list[tuple[yaml.Node, yaml.Node]]:
    try:
        tree = yaml.compose(text, yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise _refused("is no YAML", "quote values that begin with a sign", line) from None
    except (yaml.YAMLError, RecursionError):
        raise _refused("is no YAML", "remove control characters", None) from None
    if tree is None:
        return []
    if not isinstance(tree, yaml.MappingNode):
        raise _refused("is no list of names and values", "write NAME: value in every line", 1)
    return list(tree.value)


def _name(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode) and is_name(node.value):
        return str(node.value)
    how = "names have letters, digits, _ and . only"
    raise _refused("is no name of a secret", how, node.start_mark.line + 1)


def _is_text(node: yaml.Node, text: str) -> bool:
    """Return whether YAML read the value as written: no anchor, tag, comment or folded line."""
    if not isinstance(node, yaml.ScalarNode):
        return False
    start, end = node.start_mark, node.end_mark
    if text.startswith(("&", "!", "*"), start.index):
        return False
    rest = text[end.index :].partition("\n")[0].strip()
    return node.style is not None or (not rest and start.line == end.line)


def _refused(what: str, how: str, line: int | None) -> SecretError:
    return SecretError.at(what, how, file="edited secrets", line=line)
