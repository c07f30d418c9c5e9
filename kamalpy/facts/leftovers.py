"""The containers and images of an app on a host; read only to prune them."""

from __future__ import annotations

import json
from typing import Any

from pyinfra.api.command import StringCommand
from pyinfra.api.exceptions import FactProcessError
from pyinfra.api.facts import FactBase

from kamalpy.commands.base import script


class Leftovers(FactBase[dict[str, Any]]):
    """
    The containers and images of a service, with the bytes each takes.

    + service: value of the label ``service``
    + repository: name of its images, without a tag

    `kamalpy.spec.leftovers.Leftovers.from_facts` types it, and decides what may go.
    """

    def command(self, service: str, repository: str) -> StringCommand:
        """Spell the reading command."""
        return script("leftovers", service=service, repository=repository)

    @staticmethod
    def default() -> dict[str, Any]:
        """Return an empty answer."""
        return {"containers": [], "images": [], "used": {}}

    def process(self, output: list[str]) -> dict[str, Any]:
        """Read tagged lines."""
        answer = self.default()
        try:
            for line in output:
                tag, _, text = line.partition(" ")
                if tag == "#used":
                    container, _, image = text.partition(" ")
                    answer["used"][container] = image
                elif tag in ("#container", "#image"):
                    answer[f"{tag[1:]}s"].append(json.loads(text))
        except ValueError as error:
            raise FactProcessError(f"cannot read what is left on the host: {error}") from error
        return answer
