"""``python -m simulated.command deploy -v``: kamalpy as it is typed, on simulated hosts."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

from kamalpy.cli import engine, main  # noqa: E402
from kamalpy.cli.event_bridge import Reporting  # noqa: E402
from simulated.connector import Simulated  # noqa: E402


class ReportingSimulated(Reporting, Simulated):
    """A simulated host whose commands are reported."""


if __name__ == "__main__":
    engine.ReportingConnector = ReportingSimulated  # type: ignore[assignment, misc]
    main()
