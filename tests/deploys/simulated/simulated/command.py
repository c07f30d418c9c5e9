"""``python -m simulated.command deploy -v``: kamalpy as it is typed, on simulated hosts."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

from kamalpy.cli import engine, main  # noqa: E402
from kamalpy.cli.event_bridge import Hearing  # noqa: E402
from simulated.connector import Simulated  # noqa: E402


class HeardSimulated(Hearing, Simulated):
    """A simulated host whose commands are heard of."""


if __name__ == "__main__":
    engine.HeardConnector = HeardSimulated  # type: ignore[assignment, misc]
    main()
