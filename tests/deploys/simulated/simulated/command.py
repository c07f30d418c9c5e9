"""``python -m simulated.command deploy -v``: kamalpy as it is typed, on simulated hosts."""

from __future__ import annotations

from kamalpy import cli
from kamalpy.cli import engine
from kamalpy.cli.event_bridge import Reporting
from simulated.connector import Simulated


class ReportingSimulated(Reporting, Simulated):
    """A simulated host whose commands are reported."""


def main() -> None:
    """Run what is typed."""
    engine.ReportingConnector = ReportingSimulated  # type: ignore[assignment, misc]
    cli.main()


if __name__ == "__main__":
    main()
