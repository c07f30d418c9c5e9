"""Leftovers of Kamal 1 on a host."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kamalpy.spec.app import App


@dataclass(frozen=True, slots=True)
class Kamal1:
    """
    Traefik's containers with their states and images, and what else there is.

    ``behind`` are containers of other services that Traefik sends requests to.
    """

    traefik: Mapping[str, tuple[str, str]]
    checks: Sequence[str] = ()
    behind: Sequence[str] = ()
    paths: Sequence[str] = ()

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any], roles: Iterable[App]) -> Kamal1:
        """Type the plain answer of the fact, cords being those of some roles alone."""
        prefixes = "|".join(re.escape(each.prefix) for each in roles) or "$^"
        mine = re.compile(rf"\.kamal/cords/({prefixes})-[0-9a-f]+")
        cords = [each for each in facts.get("cords", ()) if mine.fullmatch(each)]
        checks, behind = (tuple(facts.get(each, ())) for each in ("checks", "behind"))
        paths = (*facts.get("paths", ()), *cords)
        traefik = {name: (state, image) for name, state, image in facts.get("traefik", ())}
        return cls(traefik, checks, behind, paths)

    @property
    def running(self) -> list[str]:
        """List the containers of Traefik that run."""
        return [name for name, (state, _) in self.traefik.items() if state == "running"]

    @property
    def images(self) -> list[str]:
        """List Traefik's images."""
        return list(dict.fromkeys(image for _, image in self.traefik.values()))

    @property
    def is_any(self) -> bool:
        """Whether there is anything that only Kamal 1 needs."""
        return bool(self.traefik or self.checks or self.paths)


def paths(roles: Iterable[App], accessories: Iterable[str]) -> list[str]:
    """List the files in which Kamal 1 had secrets."""
    env = ".kamal/env"
    of_roles = (f"{env}/roles/{each.prefix}.env" for each in roles)
    of_accessories = (f"{env}/accessories/{name}.env" for name in accessories)
    return [*of_roles, *of_accessories, f"{env}/traefik"]
