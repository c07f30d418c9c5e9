"""What Kamal 1 has left on a host; read only by an upgrade to Kamal 2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyinfra.api.command import StringCommand
from pyinfra.api.facts import FactBase

from kamalpy.commands.base import quoted, script

_LISTS = {"#check": "checks", "#behind": "behind", "#path": "paths", "#cord": "cords"}


class Kamal1(FactBase[dict[str, Any]]):
    """
    Traefik, containers of health checks, and files of old.

    + service: value of the label ``service``
    + folder: the service and its destination, as folders are called
    + paths: files that may be there

    `kamalpy.spec.kamal1.Kamal1.from_facts` types it.
    """

    def command(self, service: str, folder: str, paths: Sequence[str] = ()) -> StringCommand:
        """Spell the reading command."""
        return script("kamal1", *map(quoted, paths), service=service, folder=folder)

    @staticmethod
    def default() -> dict[str, Any]:
        """Return an empty answer."""
        return {"traefik": [], "checks": [], "behind": [], "paths": [], "cords": []}

    def process(self, output: list[str]) -> dict[str, Any]:
        """Read tagged lines."""
        answer = self.default()
        for line in output:
            tag, _, text = line.partition(" ")
            if tag == "#traefik":
                answer["traefik"].append(text.split(" ", 2))
            elif tag in _LISTS:
                answer[_LISTS[tag]].append(text)
        return answer
