"""``boot``: how many hosts get the new version at a time."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from kamalpy.config.faults import wrong_value
from kamalpy.config.kinds import Flag, Whole
from kamalpy.config.section import Section

LIMIT = re.compile(r"\s*(\d+)(\.\d+)?(%?)\s*", re.ASCII)


def _limit(value: Any) -> str | None:
    if value is False:
        return None
    match = LIMIT.fullmatch(str(value)) if isinstance(value, (str, int)) else None
    if match and (match[3] or (not match[2] and int(match[1]) > 0)):
        return match[1] + match[3]
    raise wrong_value("should be a number of hosts or a percentage")


Limit = Annotated[
    "str | None",
    BeforeValidator(_limit),
    WithJsonSchema({"type": ["integer", "string"], "minimum": 1, "pattern": LIMIT.pattern}),
]


class Boot(Section):
    """How many hosts get the new version at a time."""

    limit: Limit = None
    wait: Whole | None = None
    parallel_roles: Flag | None = None

    def limit_for(self, host_count: int) -> int | None:
        """Return the size of a group of hosts; None is all at once."""
        if self.limit is None:
            return None
        if self.limit.endswith("%"):
            return max(host_count * int(self.limit[:-1]) // 100, 1)
        return int(self.limit)
