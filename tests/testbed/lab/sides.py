"""The same command with Kamal and kamalpy at the same time, each with its own server."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from lab.differences import KNOWN, Known
from lab.host import Host
from lab.project import Project, Result
from lab.servers import Servers
from lab.state import Difference, State, difference, snapshot

Configs = Mapping[str, Mapping[str, Any]]
"""A deploy.yml for each destination; `""` is no destination."""
_IN_ITS_OWN_WAY = "a prune operation is already running"
"""What Docker prints when Kamal prunes two roles of a server at the same time."""


@dataclass(frozen=True)
class Side:
    """One of the tools, a project, and the server it is for."""

    tool: str
    project: Project
    host: Host
    heard: Counter[str] = field(default_factory=Counter)

    def run(self, words: str, env: Mapping[str, str]) -> Result:
        """Run a command of the tool; words in brackets are for kamalpy only."""
        if self.tool == "kamal":
            typed = re.sub(r"\[.*?\]", "", words).split()
            done = self.project.kamal(*typed, env=env)
            if _IN_ITS_OWN_WAY not in done.text:
                return done
            self._take_back_what_was_logged()
            return self.project.kamal(*typed, env=env)
        return self.project.kamalpy(*words.translate({ord("["): "", ord("]"): ""}).split(), env=env)

    def normal(self, line: str) -> str:
        """Remove from a line what differs between servers."""
        line = re.sub(r"\b[0-9a-f]{12}\b", "(id)", line.replace(self.host.address, "(host)"))
        line = re.sub(r"^(App Host: \(host\)), role \w+$", r"\1", line)
        return re.sub(r"\b(About an?|\d+|Less than a) (second|minute|hour)s?\b", "(a while)", line)

    def _take_back_what_was_logged(self) -> None:
        """Cut the audit logs back to their lines as of the last call of `state`."""
        for path, lines in self.heard.items():
            self.host.sh(f"sed -i '{lines + 1},$d' '/root/{path}'")

    def state(self) -> State:
        """Return the server's state, and the lines of the audit logs since the last call."""
        secrets = sorted(self.project.environment.values(), key=len, reverse=True)
        return snapshot(self.host, secrets, self.heard)


@dataclass(frozen=True)
class Sides:
    """Kamal and kamalpy side by side."""

    kamal: Side
    kamalpy: Side
    told: set[Difference] = field(default_factory=set)
    met: set[Known] = field(default_factory=set)

    def __iter__(self) -> Iterator[Side]:
        return iter((self.kamal, self.kamalpy))

    def run(self, words: str, version: str = "v1", **env: str) -> tuple[Result, Result]:
        """Run the same command with both at the same time."""
        with ThreadPoolExecutor(2) as pool:
            variables = {"VERSION": version, **env}
            kamal, kamalpy = pool.map(lambda side: side.run(words, variables), self)
        return kamal, kamalpy

    def unexplained(self, *known: Known) -> str:
        """Return new differences that are not documented, and documented ones that do not occur."""
        with ThreadPoolExecutor(2) as pool:
            kamal, kamalpy = pool.map(Side.state, self)
        new = set(difference(kamal, kamalpy)) - self.told
        self.told.update(each for each in new if not each.name.startswith("audit "))
        met = {each for each in (*KNOWN, *known) if any(map(each.explains, new))}
        self.met.update(met)
        left = sorted(each for each in new if not any(one.explains(each) for one in met))
        idle = [f"not seen: {each}" for each in known if each not in met]
        return "\n".join([*map(str, left), *idle])

    def alike(self, words: str, version: str = "v1", known: tuple[Known, ...] = ()) -> None:
        """Run a command with both; it has to succeed and leave the same state."""
        done = self.run(words, version)
        assert [each.status for each in done] == [0, 0], "\n".join(
            each.text for each in done if each.status
        )
        unexplained = self.unexplained(*known)
        assert not unexplained, unexplained

    def printed(self, words: str, version: str = "v1") -> list[list[str]]:
        """Run a command with both that changes nothing; return what each prints."""
        done = self.run(words, version)
        assert [each.status for each in done] == [0, 0], done[1].text
        pairs = zip(self, done, strict=True)
        return [[side.normal(line) for line in _results(each.out)] for side, each in pairs]


def _results(out: str) -> Iterator[str]:
    """Remove Kamal's own log lines and the widths of tables."""
    for line in out.splitlines():
        if line.strip() and not line.startswith("  "):
            yield " ".join(line.split())


def take_sides(
    servers: Servers,
    new_project: Callable[[], Project],
    configs: Callable[[str], Configs],
    secrets: Mapping[str, str],
) -> Sides:
    """Make two projects that differ only in the server's address."""
    kamal, kamalpy = (
        _side(tool, new_project(), host, configs(host.address), secrets)
        for tool, host in zip(("kamal", "kamalpy"), servers, strict=False)
    )
    return Sides(kamal, kamalpy)


def _side(
    tool: str, project: Project, host: Host, configs: Configs, secrets: Mapping[str, str]
) -> Side:
    project.introduce("Ada", "ada@example.com")
    project.secrets(secrets)
    for destination, config in configs.items():
        project.configure(config, destination)
    return Side(tool, project, host)
