"""Passbolt, by ``passbolt`` (go-passbolt-cli)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from .base import Adapter, text


class Passbolt(Adapter):
    """Names are ``[folder/...]name``; keys are bare names."""

    title = "Passbolt"
    version = ("passbolt", "--version")
    path_word = "folder"

    def login(self) -> None:
        """Check the server and the user's key."""
        remedy = 'try "passbolt configure" and "passbolt verify"'
        self.log_in("passbolt", "verify", remedy=remedy, interactive=False)

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Find the folders, then list all resources at once."""
        wanted = self.full_names(names, source)
        paths = [name.rpartition("/")[::2] for name in wanted]
        folders = self._folders(dict.fromkeys(folder for folder, _ in paths if folder))
        condition = " || ".join(
            f"({_is(name, folders[folder][0])})" if folder else _is(name) for folder, name in paths
        )
        inside = [word for ids in folders.values() for id in ids for word in ("--folder", id)]
        columns = ("--column", "name", "--column", "password", "--json")
        words = ("passbolt", "list", "resources", "--filter", condition, *inside, *columns)
        return self.complete(self.read_json(_passwords, ", ".join(wanted), *words), wanted)

    def _folders(self, paths: Iterable[str]) -> dict[str, list[str]]:
        """Find the ids of folders and of those around them; the first of a name counts."""
        found: dict[str, list[str]] = {}
        if tops := dict.fromkeys(path.partition("/")[0] for path in paths):
            for name, id in self._list(" || ".join(map(_is, tops))):
                found.setdefault(name, []).append(id)
        for path in paths:
            outer, *inner = path.split("/")
            for name in inner:
                parent, outer = outer, f"{outer}/{name}"
                if parent in found and outer not in found:
                    ids = [id for _, id in self._list(_is(name, found[parent][0]))]
                    found |= {outer: ids} if ids else {}
        if missing := [f"the folder {path}" for path in paths if path not in found]:
            raise self.missing(missing)
        return found

    def _list(self, condition: str) -> list[tuple[str, str]]:
        words = ("passbolt", "list", "folders", "--filter", condition, "--json")
        return self.read_json(
            lambda folders: [(text(each["name"]), text(each["id"])) for each in folders],
            "folders",
            *words,
        )


def _passwords(resources: Any) -> dict[str, str]:
    return {text(each["name"]): text(each.get("password", "")) for each in resources}


def _is(name: str, parent: str = "") -> str:
    condition = f"Name == {json.dumps(name, ensure_ascii=False)}"
    return f"{condition} && FolderParentID == {json.dumps(parent)}" if parent else condition
