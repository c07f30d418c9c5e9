"""Asking password managers: each is opened once, and asked once for what belongs together."""

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
    """What one ``kamal secrets fetch`` asks for."""

    adapter: str
    account: str | None
    source: str | None
    names: tuple[str, ...]


class Fetcher:
    """One run's conversation with the password managers."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._adapters: dict[tuple[type[Adapter], str | None], Adapter | str] = {}
        self._expected: list[Request] = []
        self._found: dict[Request, dict[str, str]] = {}

    def expect(self, requests: Iterable[Request]) -> None:
        """Learn what will be asked for later, so that one call can serve it all."""
        self._expected += dict.fromkeys(requests)

    def fetch(self, request: Request) -> dict[str, str]:
        """Get what is asked for; raises SecretError."""
        adapter = self._ready(request)
        if request not in self._found and adapter.joins:
            self._fetch_together(adapter, request)
        if request not in self._found:
            self._found[request] = adapter.fetch(request.names, request.source)
        return self._found[request]

    def _ready(self, request: Request) -> Adapter:
        kind = lookup(request.adapter)
        key = kind, request.account
        if key not in self._adapters:
            adapter = kind(self._shell, request.account)
            try:
                adapter.prepare()
                self._adapters[key] = adapter
            except SecretError as error:
                # Nobody is asked for a password again for every line of a file.
                self._adapters[key] = str(error)
        ready = self._adapters[key]
        if isinstance(ready, str):
            raise SecretError(ready)
        return ready

    def _fetch_together(self, adapter: Adapter, request: Request) -> None:
        group = [other for other in self._expected if _is_alike(other, request)]
        self._expected = [other for other in self._expected if other not in group]
        if len(group) < 2 or request not in group:
            return
        names = list(dict.fromkeys(name for other in group for name in other.names))
        try:
            found = adapter.fetch(names, request.source)
        except SecretError:
            return  # each alone, so that the line at fault is named
        for other in group:
            mine = _share(adapter, adapter.wanted(other.names, other.source), found)
            if mine is not None:
                self._found[other] = mine


def fetch(
    adapter: str,
    account: str | None,
    source: str | None,
    names: Sequence[str],
    *,
    root: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Fetch secrets from a password manager: what ``kamalpy secrets fetch`` does."""
    shell = Shell(root or Path.cwd(), os.environ if environ is None else environ)
    return Fetcher(shell).fetch(Request(adapter, account, source, tuple(names)))


def _is_alike(one: Request, other: Request) -> bool:
    same = one.adapter == other.adapter and one.account == other.account
    return same and one.source == other.source and bool(one.names)


def _share(
    adapter: Adapter, wanted: Sequence[str], found: Mapping[str, str]
) -> dict[str, str] | None:
    """Pick what these names asked for; ``None`` if that cannot be told for each of them."""
    by_name = [[key for key in found if adapter.answers(name, key)] for name in wanted]
    if not all(by_name):
        return None
    return {key: found[key] for keys in by_name for key in keys}
