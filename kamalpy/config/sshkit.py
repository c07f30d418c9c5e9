"""``sshkit``: how many connections at a time, and what DNS is forgiven."""

from __future__ import annotations

from pydantic import Field

from kamalpy.config.kinds import Whole
from kamalpy.config.section import Section


class Sshkit(Section):
    """How many connections at a time, and what DNS is forgiven."""

    max_concurrent_starts: Whole = Field(
        30, description="How many connections are opened at the same time.", examples=[10]
    )
    pool_idle_timeout: Whole = Field(
        900,
        description="Kept for Kamal; connections are kept alive, and never given up when idle.",
        examples=[300],
    )
    dns_retries: Whole = Field(
        3, description="How often a host name is looked up again when DNS fails.", examples=[5]
    )
