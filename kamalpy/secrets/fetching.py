"""Fetches from password managers: one session each, one call for lines that belong together."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kamalpy.errors import SecretError

from .adapters import Adapter, lookup
from .shell import Shell


@dataclass(frozen=True, slots=True)
class Request:
    """The arguments of one ``kamal secrets fetch``."""

    adapter: str
    account: str | None
    source: str | None
    names: tuple[str, ...]


class Fetcher:
    """The sessions with password managers of one run, and what they returned."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._adapters: dict[tuple[type[Adapter], str | None], Adapter | str] = {}
        self._expected: list[Request] = []
        self._found: dict[Request, dict[str, str]] = {}

    def expect(self, requests: Iterable[Request]) -> None:
        """Announce later requests, so that one call can serve them all."""
        self._expected += dict.fromkeys(requests)

    def fetch(self, request: Request) -> dict[str, str]:
        """Fetch the secrets of a request; raises SecretError."""
        adapter = self._open(request)
        if request not in self._found and adapter.is_batched:
            self._fetch_together(adapter, request)
        if request not in self._found:
            self._found[request] = adapter.fetch(request.names, request.source)
        return self._found[request]

    def _open(self, request: Request) -> Adapter:
        kind = lookup(request.adapter)
        key = kind, request.account
        if key not in self._adapters:
            adapter = kind(self._shell, request.account)
            try:
                adapter.prepare()
                self._adapters[key] = adapter
            except SecretError as error:
                # A failed login is not repeated for every line of a file.
                self._adapters[key] = str(error)
        opened = self._adapters[key]
        if isinstance(opened, str):
            raise SecretError(opened)
        return opened

    def _fetch_together(self, adapter: Adapter, request: Request) -> None:
        group = [other for other in self._expected if _is_alike(other, request)]
        self._expected = [other for other in self._expected if other not in group]
        if len(group) < 2 or request not in group:
            return
        names = list(dict.fromkeys(name for other in group for name in other.names))
        try:
            found = adapter.fetch(names, request.source)
        except SecretError:
            return  # each is fetched alone, so that the error names its line
        for other in group:
            share = _share(adapter, adapter.full_names(other.names, other.source), found)
            if share is not None:
                self._found[other] = share


def fetch(
    adapter: str,
    account: str | None,
    source: str | None,
    names: Sequence[str],
    *,
    root: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Fetch secrets from a password manager, as ``kamalpy secrets fetch`` does."""
    shell = Shell(root or Path.cwd(), os.environ if environ is None else environ)
    return Fetcher(shell).fetch(Request(adapter, account, source, tuple(names)))


def _is_alike(one: Request, other: Request) -> bool:
    same = one.adapter == other.adapter and one.account == other.account
    return same and one.source == other.source and bool(one.names)


def _share(
    adapter: Adapter, wanted: Sequence[str], found: Mapping[str, str]
) -> dict[str, str] | None:
    """Select the secrets of some names; ``None`` unless there are some for each name."""
    by_name = [[key for key in found if adapter.matches(name, key)] for name in wanted]
    if not all(by_name):
        return None
    return {key: found[key] for keys in by_name for key in keys}
