"""``logging``: where Docker sends what the containers print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from kamalpy.config.kinds import Loose, TextOrOff
from kamalpy.config.section import Section

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMITED: Mapping[str, str | None] = {"max-size": "10m"}


class Logging(Section):
    """Where Docker sends what the containers print."""

    driver: TextOrOff = None
    options: dict[str, Loose] = Field({})

    def merge(self, other: Logging) -> Logging:
        """Merge a role's logging over this one."""
        driver = self.driver if other.driver is None else other.driver
        return Logging.model_construct(driver=driver, options={**self.options, **other.options})

    def limited(self) -> Logging:
        """Limit the logs when nothing is set."""
        return (
            self if (self.driver or "").strip() or self.options else Logging(options=dict(LIMITED))
        )
