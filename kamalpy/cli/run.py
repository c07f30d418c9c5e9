"""The way from a command to the engine; importing this brings pyinfra in."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

from typing import Any  # noqa: E402

from kamalpy import deploys  # noqa: E402
from kamalpy.cli.engine import Engine  # noqa: E402
from kamalpy.cli.output import output  # noqa: E402
from kamalpy.cli.settings import settings  # noqa: E402


def run(command: str, verb: str, **arguments: Any) -> int:
    """Run a deploy by its name on all hosts in play."""
    said = settings()
    engine = Engine(said, output(said))
    return engine.run(command, getattr(deploys, verb), roles=engine.roles, **arguments)
