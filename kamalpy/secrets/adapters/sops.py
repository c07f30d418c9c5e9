"""Files that sops has encrypted, by ``sops``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from kamalpy.errors import SecretError
from kamalpy.secrets.extract import as_text

from .base import Adapter

_FILE = ".kamal/secrets.sops.yaml"


class Sops(Adapter):
    """``--from`` is the file; names are its keys, ``outer/inner`` for those further in."""

    title = "sops"
    version = ("sops", "--version")
    source_is_prefix = False
    is_batched = True

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Decrypt the file once."""
        file = source or _FILE
        content = self.read(file, "sops", "-d", file)
        try:
            entries = dict(_flat(_parsed(file, content)))
        except (ValueError, yaml.YAMLError, RecursionError):
            raise SecretError(
                f"sops decrypted {file}, and it is no mapping; let it hold names and values, as "
                "YAML, JSON or NAME=value lines"
            ) from None
        if not names:
            return entries
        if missing := [n for n in names if not any(self.matches(n, key) for key in entries)]:
            raise self.missing(f"{name} in {file}" for name in missing)
        return {k: v for k, v in entries.items() if any(self.matches(n, k) for n in names)}


def _parsed(file: str, content: str) -> Any:
    if file.endswith((".env", ".ini")):
        return dict(_pairs(content))
    # Every scalar as it is written: `yes`, `0123` and `1.50` are passwords, too.
    if file.endswith(".json"):
        return json.loads(content, parse_int=str, parse_float=str)
    return yaml.load(content, yaml.BaseLoader)  # noqa: S506


def _pairs(content: str) -> Iterator[tuple[str, str]]:
    for line in content.splitlines():
        name, separator, value = line.partition("=")
        if separator and not line.startswith(("#", ";")):
            yield name.strip(), value.strip().replace("\\n", "\n")


def _flat(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if not isinstance(tree, dict):
        raise ValueError(path)
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{key}/")
        else:
            yield f"{path}{key}", as_text(value)
