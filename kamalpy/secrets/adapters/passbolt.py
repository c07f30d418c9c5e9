"""Passbolt, by ``passbolt`` (go-passbolt-cli)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from kamalpy.errors import SecretError

from .base import Adapter

_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, by its id."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A password and its name."""

    name: str
    password: str = field(default="", repr=False)


class Passbolt(Adapter):
    """Names are ``[folder/...]name``; keys are bare names."""

    title = "Passbolt"
    version = ("passbolt", "--version")

    def login(self) -> None:
        """See whether the server and the user's key are good."""
        result = self.shell.tool("passbolt", "verify")
        if result.code != 0:
            raise self.refused(result, 'try "passbolt configure" and "passbolt verify"')

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Find the folders, then ask for all resources at once."""
        wanted = self.wanted(names, source)
        paths = [tuple(name.split("/")) for name in wanted]
        _refuse_twins(paths)
        folders = self._folders([path[:-1] for path in paths if len(path) > 1])
        condition = " || ".join(_condition(path, folders) for path in paths)
        inside = [word for id in folders.ids for word in ("--folder", id)]
        columns = ("--column", "name", "--column", "password", "--json")
        words = ("passbolt", "list", "resources", "--filter", condition, *inside, *columns)
        found = {
            resource.name: resource.password
            for resource in self.ask_for(list[Resource], ", ".join(wanted), *words)
        }
        if missing := ["/".join(path) for path in paths if path[-1] not in found]:
            raise self.missing(missing)
        return found

    def _folders(self, paths: Sequence[_Path]) -> _Folders:
        folders = _Folders()
        if tops := list(dict.fromkeys(path[0] for path in paths)):
            for found in self._list(" || ".join(_is("Name", top) for top in tops)):
                folders.add((found.name,), found.id)
        for path in paths:
            for depth in range(2, len(path) + 1):
                self._find(path[:depth], folders)
        if missing := ["/".join(path) for path in paths if path not in folders.by_path]:
            raise self.missing([f"the folder {path}" for path in missing])
        return folders

    def _find(self, path: _Path, folders: _Folders) -> None:
        parent = folders.by_path.get(path[:-1])
        if parent is None or path in folders.by_path:
            return
        for found in self._list(f"{_is('Name', path[-1])} && {_is('FolderParentID', parent)}"):
            folders.add(path, found.id)

    def _list(self, condition: str) -> Sequence[Folder]:
        words = ("passbolt", "list", "folders", "--filter", condition, "--json")
        return self.ask_for(list[Folder], "folders", *words)


@dataclass(slots=True)
class _Folders:
    by_path: dict[_Path, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)

    def add(self, path: _Path, id: str) -> None:
        """Remember a folder; the first of a name counts."""
        self.by_path.setdefault(path, id)
        self.ids.append(id)


def _refuse_twins(paths: Sequence[_Path]) -> None:
    by_name: dict[str, set[_Path]] = {}
    for path in paths:
        by_name.setdefault(path[-1], set()).add(path)
    if twins := [name for name, found in by_name.items() if len(found) > 1]:
        raise SecretError(
            f"{', '.join(twins)} would come from several folders of Passbolt; "
            "fetch each folder in a line of its own"
        )


def _condition(path: _Path, folders: _Folders) -> str:
    if len(path) == 1:
        return _is("Name", path[0])
    return f"({_is('Name', path[-1])} && {_is('FolderParentID', folders.by_path[path[:-1]])})"


def _is(attribute: str, value: str) -> str:
    return f"{attribute} == {json.dumps(value, ensure_ascii=False)}"
