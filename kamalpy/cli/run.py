"""The way from a command to the engine; importing this brings pyinfra in."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import time  # noqa: E402
from typing import Any  # noqa: E402

from pyinfra.api.exceptions import PyinfraError  # noqa: E402

from kamalpy import deploys  # noqa: E402
from kamalpy._pyinfra import hide_error  # noqa: E402
from kamalpy.cli import errors  # noqa: E402
from kamalpy.cli.engine import Engine  # noqa: E402
from kamalpy.cli.events import Ends  # noqa: E402
from kamalpy.cli.mask_output import Hiding  # noqa: E402
from kamalpy.cli.output import Several, output  # noqa: E402
from kamalpy.cli.recorders import recorders  # noqa: E402
from kamalpy.cli.settings import Settings, settings  # noqa: E402
from kamalpy.config import Configuration  # noqa: E402


def run(command: str, verb: str, **arguments: Any) -> int:
    """Run a deploy by its name on all hosts in play."""
    said, begun = settings(), time.monotonic()
    shown = output(said)
    engine = Engine(said, Hiding(shown))
    try:
        if not said.dry:
            engine.output = Hiding(Several([shown, *recorders(engine.config, said)]))
        asked = {**asking(said), "roles": engine.roles, **arguments}
        return engine.run(command, getattr(deploys, verb), **asked)
    except PyinfraError as error:
        status, hint = errors.status_of(error), errors.hint(error, said)
        seconds = time.monotonic() - begun
        engine.output.show(Ends(command, status, round(seconds, 3), why=(str(error),), next=hint))
        return status
    except Exception as error:
        hide_error(error)
        raise
    finally:
        engine.output.close()


def asking(said: Settings) -> dict[str, Any]:
    """Tell a deploy what may be said with any command."""
    return {
        "version": said.version,
        "skip_hooks": said.skip_hooks,
        "lock_wait": said.lock_wait_timeout if said.lock_wait else 0,
        "lock_interval": said.lock_wait_interval,
    }


def config() -> Configuration:
    """Return the configuration that the command line asks for."""
    said = settings()
    return Engine(said, output(said)).config
